/** `domicile rig key`: makes a seed key. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { InputError } from '../errors.ts'
import { keyFileOf, SEED_KEY_BYTES, seedKeyOf } from '../seeds/seed-key.ts'
import { isS3Url } from './s3-url.ts'
import { explainSystemError, isSystemError } from './system-error.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

/**
 * Writes a key that nobody else has, readable by its owner alone, and prints its id.
 *
 * @throws InputError where there is a file already: with a key that is overwritten, all that it keeps is lost
 */
export async function run(options: { readonly out: string }, terminal: Terminal): Promise<ExitStatus> {
  const { out } = options
  const refused = (why: string) => new InputError(`${out}: ${why}`, { source: out })
  if (isS3Url(out)) throw refused('a key belongs to the rig, and not where sessions are uploaded to: name a file')
  const secret = randomBytes(SEED_KEY_BYTES)
  try {
    writeFileSync(out, keyFileOf(secret), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw refused('there is a file already, and no key is ever overwritten: name another')
    if (isSystemError(error)) throw refused(explainSystemError(error))
    throw error
  }
  await terminal.out(`${out} has the seed key ${seedKeyOf(secret).id}\n`)
  terminal.err(
    'domicile rig key: keep a copy where sessions are not kept: without it nobody can open what was planted, and with it anybody can\n',
  )
  return 0
}
