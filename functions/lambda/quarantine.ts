/** The quarantine: captures of which no observation can be made, each with what is wrong with it. */
import { createHash } from 'node:crypto'
import type { Ledger } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { documentBytes } from './document-bytes.ts'
import { readJson } from './stored-json.ts'

/**
 * - `unreadable`: no format that is known;
 * - `too-large`, `too-many-records`, `too-slow`: a limit of ingest;
 * - `too-heavy`: reading it killed the function, again and again;
 * - `unlisted`: its `session.yaml` lists captures, and not this one;
 * - `altered`: it is not as it was when its session was sealed; of a `session.yaml` too;
 * - `session`: its `session.yaml` is faulty; of such a file itself too.
 */
export type QuarantineReason =
  | 'unreadable'
  | 'too-large'
  | 'too-many-records'
  | 'too-slow'
  | 'too-heavy'
  | 'unlisted'
  | 'altered'
  | 'session'

/** `quarantine/<id>.json`: one object, and why there are no observations of it. */
export interface Quarantine {
  readonly campaign: string
  /** Path within the campaign. */
  readonly source: string
  /** Of its bytes, hex; null where they were not read whole: `version` then says which they are. */
  readonly sha256: string | null
  /** Version id or ETag of the uploaded object; null where `sha256` says which it is. */
  readonly version: string | null
  /** Of its `session.yaml`, hex. */
  readonly sessionSha256: string
  readonly reason: QuarantineReason
  /** What is wrong, where, and what to do about it. */
  readonly error: string
  /** The account of its records, as an audit on one machine gives it; null where they were not read whole. */
  readonly ledger: Ledger | null
}

/** Key of a record in the evidence bucket: the same object that fails again, or is uploaded again, has the same. */
export function quarantineKey({ campaign, source, sha256, version, sessionSha256 }: Quarantine): string {
  const origin = [campaign, source, sha256, version, sessionSha256]
  return `quarantine/${createHash('sha256').update(JSON.stringify(origin)).digest('hex')}.json`
}

/** @throws MissingObjectError where there is no such record */
export async function readQuarantine(evidence: ObjectStore, key: string): Promise<Quarantine> {
  return (await readJson(evidence, key)) as Quarantine
}

/** @returns false where it stood there already */
export function writeQuarantine(evidence: ObjectStore, quarantine: Quarantine): Promise<boolean> {
  return evidence.write(quarantineKey(quarantine), documentBytes(quarantine), {
    onlyIfAbsent: true,
    contentType: 'application/json',
  })
}
