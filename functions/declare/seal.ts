/**
 * The seal of a session: `session.yaml` lists every file of its folder with size and SHA-256, and `seal.json` holds the size and
 * SHA-256 of `session.yaml`. A single bit that is altered anywhere, the seal itself included, breaks it. It is no signature: who
 * may write the folder may seal it anew, which is why a session is uploaded to where nothing is overwritten.
 */
import * as z from 'zod'
import { sessionShape } from './session-shape.ts'
import { readYaml } from './yaml-tree.ts'

export const SESSION = 'session.yaml'
export const SEAL = 'seal.json'

/** A file as it is, or as it was when the session was sealed. */
export interface FileFacts {
  /** Path below the session's folder, with `/`. */
  readonly file: string
  readonly size: number
  /** Hex. */
  readonly sha256: string
}

/** One way in which a sealed session is not what it was. */
export interface SealFault {
  readonly file: string
  readonly how: 'altered' | 'missing' | 'extra'
  /** A sentence for a person, without the file's name. */
  readonly says: string
}

/** What a `session.yaml` says of its seal. */
export interface SealedRecord {
  readonly sealedAt: string
  readonly files: readonly FileFacts[]
}

const recordShape = z.object({ files: sessionShape.shape.files.unwrap(), sealedAt: z.string() })

/** @returns null where the text has no `files` and no `sealedAt`; `broken` where it has one of them, or none that can be read */
export function sealedRecord(text: string): SealedRecord | 'broken' | null {
  const value = readYaml(text).tree?.value
  if (typeof value !== 'object' || value === null) return null
  if (!Object.hasOwn(value, 'files') && !Object.hasOwn(value, 'sealedAt')) return null
  const record = recordShape.safeParse(value)
  return record.success ? record.data : 'broken'
}

/** The one text that `seal.json` may have. */
export function sealText(session: Omit<FileFacts, 'file'>, sealedAt: string): string {
  return `${JSON.stringify({ v: 1, session: session.sha256, size: session.size, sealedAt })}\n`
}

/**
 * Whether `session.yaml` and `seal.json` still belong together.
 *
 * @param session the text of `session.yaml`, and its size and hash
 * @param seal the text of `seal.json`; null where it is not there
 * @returns what was sealed, null where the session never was; and what is wrong, in which case nothing else can be believed
 */
export function openSeal(
  session: Omit<FileFacts, 'file'> & { readonly text: string },
  seal: string | null,
): { readonly sealed: SealedRecord | null; readonly faults: readonly SealFault[] } {
  const record = sealedRecord(session.text)
  if (seal === null && record === null) return { sealed: null, faults: [] }
  const fault = (file: string, how: SealFault['how'], says: string) => ({ sealed: null, faults: [{ file, how, says }] })
  if (seal === null)
    return fault(SEAL, 'missing', `is missing, and ${SESSION} says that the session was sealed: put it back`)
  if (record !== null && record !== 'broken' && sealText(session, record.sealedAt) === seal)
    return { sealed: record, faults: [] }
  return sealNames(seal, session)
    ? fault(SEAL, 'altered', `is not as it was written when the session was sealed`)
    : fault(SESSION, 'altered', `or ${SEAL} is not as it was when the session was sealed: their hashes differ`)
}

const sealNames = (seal: string, { size, sha256 }: Omit<FileFacts, 'file'>) =>
  seal.includes(sha256) && seal.includes(`${size}`)

/**
 * Holds the files of a folder against what was sealed.
 *
 * @param listed what `session.yaml` lists
 * @param found what is there, without `session.yaml` and `seal.json`
 * @returns in the order of the files' names; empty where nothing was altered
 */
export function verifySeal(listed: readonly FileFacts[], found: readonly FileFacts[]): readonly SealFault[] {
  const there = new Map(found.map((facts) => [facts.file, facts]))
  const known = new Set(listed.map(({ file }) => file))
  const faults: SealFault[] = []
  for (const was of listed) {
    const is = there.get(was.file)
    const { file } = was
    if (is === undefined) faults.push({ file, how: 'missing', says: 'was sealed and is not there any more' })
    else if (is.size !== was.size)
      faults.push({ file, how: 'altered', says: `has ${is.size} bytes, and had ${was.size} when it was sealed` })
    else if (is.sha256 !== was.sha256)
      faults.push({
        file,
        how: 'altered',
        says: `was altered since it was sealed (SHA-256 ${is.sha256}, was ${was.sha256})`,
      })
  }
  for (const { file } of found)
    if (!known.has(file)) faults.push({ file, how: 'extra', says: 'was not there when the session was sealed' })
  return faults.sort((a, b) => (a.file < b.file ? -1 : 1))
}

/** The faults as one sentence, for an error. */
export function sealFaultText(faults: readonly SealFault[]): string {
  const named = faults.slice(0, 8).map(({ file, says }) => `${file} ${says}`)
  const more = faults.length > 8 ? [`and ${faults.length - 8} more`] : []
  return [...named, ...more].join('; ')
}
