/** Seals a session: the last thing that is done to its folder. */
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { loadSession } from '../declare/load.ts'
import { type FileFacts, SEAL, SESSION, type SealedRecord, sealText } from '../declare/seal.ts'
import { DeclarationError, InputError } from '../errors.ts'
import type { Micros } from '../model.ts'
import { formatTime } from '../net/time.ts'
import { factsOf, filesOf, textOf, writeWhole } from './session-folder.ts'

/**
 * Writes `files` and `sealedAt` into `session.yaml`, whose other keys and comments stay, and then `seal.json`. A run that was cut
 * short in between does it again.
 *
 * @throws InputError where there is no session, or it is sealed already; DeclarationError where `session.yaml` is wrong, or a
 * deviation has a long number
 */
export async function sealSession(folder: string, now: Micros): Promise<SealedRecord> {
  const path = join(folder, SESSION)
  const text = textOf(path)
  if (text === null)
    throw new InputError(`${folder} has no ${SESSION}: name the folder of a session`, { source: folder })
  if (textOf(join(folder, SEAL)) !== null)
    throw new InputError(
      `${folder} is sealed already: a session is sealed once, so that nobody alters it and seals it again`,
      {
        source: folder,
      },
    )
  refuseFaulty(text, path)
  refuseLongNumbers(text, path)
  const files: FileFacts[] = []
  for (const file of filesOf(folder)) if (file !== SESSION) files.push(await factsOf(folder, file))
  if (files.length === 0)
    throw new InputError(`${folder} has nothing but ${SESSION}: put the captures there first`, { source: folder })
  refuseAbsent(text, path, files)
  const sealedAt = formatTime(now)
  const document = parseDocument(text)
  document.set('files', document.createNode(files))
  document.set('sealedAt', sealedAt)
  const sealed = document.toString({ lineWidth: 0 })
  refuseFaulty(sealed, path)
  writeWhole(path, sealed)
  writeWhole(join(folder, SEAL), sealText(await factsOf(folder, SESSION), sealedAt))
  return { sealedAt, files }
}

function refuseFaulty(text: string, path: string): void {
  const errors = loadSession(text, path).faults.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new DeclarationError(path, errors)
}

/** Elsewhere a warning: before the seal it can still be taken out. */
function refuseLongNumbers(text: string, path: string): void {
  const faults = loadSession(text, path).faults.filter((fault) => fault.path.startsWith('deviations['))
  if (faults.length > 0) throw new DeclarationError(path, faults)
}

/** A seal over what is not there would never hold. */
function refuseAbsent(text: string, path: string, files: readonly FileFacts[]): void {
  const { session } = loadSession(text, path)
  const named = [
    ...(session?.captures ?? []).flatMap(({ file, keys }) => [file, ...(keys === undefined ? [] : [keys])]),
    ...(session?.seeds === undefined ? [] : [session.seeds.envelope]),
  ]
  const absent = named.filter((name) => !files.some(({ file }) => file === name))
  if (absent.length > 0)
    throw new InputError(
      `${path} names what is not in its folder: ${absent.join(', ')}. Put it there, or take it out`,
      {
        source: path,
      },
    )
}
