/** Accounts of captures of which nothing was read: nothing in them is evidence, and no audit with one of them is a `pass`. */
import { createHash } from 'node:crypto'
import type { Ledger } from '../model.ts'

/** The SHA-256 of no bytes. */
const OF_NOTHING = createHash('sha256').digest('hex')

/** @param sha256 of the capture's bytes, hex; that of no bytes where it is not known */
export function unreadLedger(
  { source, size, session }: Pick<Ledger, 'source' | 'size' | 'session'>,
  error: string,
  sha256: string | null = null,
): Ledger {
  const nothing = { records: 0, used: 0, leftOut: {}, flows: 0, unnamed: {}, gaps: [], first: null, last: null }
  return { source, format: 'unknown', sha256: sha256 ?? OF_NOTHING, size, ...nothing, error, session }
}
