/** `domicile rig key`: makes a seed key. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { InputError } from '../errors.ts'
import { keyFileOf, SEED_KEY_BYTES, seedKeyOf, wrappedKeyFileOf } from '../seeds/seed-key.ts'
import { isS3Url } from './s3-url.ts'
import { explainSystemError, isSystemError } from './system-error.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface KeyOptions {
  readonly out: string
  /** Id, ARN or alias of the key of KMS that is to encrypt it. */
  readonly kms?: string
}

/** Has a key service encrypt a key. @param by id, ARN or alias of the service's key */
export type WrapKey = (by: string, secret: Uint8Array) => Promise<Uint8Array>

const wrapByKms: WrapKey = async (by, secret) => {
  const { createKmsClient, wrapSeedKey } = await import('../store/kms-seed-key.ts')
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const [, , , region] = by.startsWith('arn:') ? by.split(':') : []
  const client = createKmsClient(region)
  try {
    return await wrapSeedKey(client, by, secret)
  } finally {
    client.destroy()
  }
}

/**
 * Writes a key that nobody else has, readable by its owner alone and perhaps encrypted, and prints its id.
 *
 * @throws InputError where there is a file already: with a key that is overwritten, all that it keeps is lost; and where KMS does not
 * encrypt it
 */
export async function run(options: KeyOptions, terminal: Terminal, wrap: WrapKey = wrapByKms): Promise<ExitStatus> {
  const { out, kms } = options
  const refused = (why: string) => new InputError(`${out}: ${why}`, { source: out })
  if (isS3Url(out)) throw refused('a key belongs to the rig, and not where sessions are uploaded to: name a file')
  const secret = randomBytes(SEED_KEY_BYTES)
  const text = kms === undefined ? keyFileOf(secret) : wrappedKeyFileOf(await encrypted(kms, secret, wrap))
  try {
    writeFileSync(out, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw refused('there is a file already, and no key is ever overwritten: name another')
    if (isSystemError(error)) throw refused(explainSystemError(error))
    throw error
  }
  await terminal.out(`${out} has the seed key ${seedKeyOf(secret).id}\n`)
  const whoCan = kms === undefined ? 'with it anybody can' : `with it whoever may decrypt by ${kms} can`
  terminal.err(
    `domicile rig key: keep a copy where sessions are not kept: without it nobody can open what was planted, and ${whoCan}\n`,
  )
  return 0
}

async function encrypted(kms: string, secret: Uint8Array, wrap: WrapKey): Promise<Uint8Array> {
  try {
    return await wrap(kms, secret)
  } catch (error) {
    const says = error instanceof Error ? error.message || error.name : String(error)
    throw new InputError(`KMS does not encrypt by ${kms}: ${says}`)
  }
}
