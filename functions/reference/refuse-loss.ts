/** Refuses what a publisher cannot have meant: the newest snapshot says what is likely. */
import { SnapshotError } from '../errors.ts'
import { dayOf } from '../locate/snapshots.ts'
import type { Micros } from '../model.ts'
import { lostShare } from './address-space.ts'
import type { Inspected } from './inspect-snapshot.ts'
import type { KeptSnapshot } from './newest-snapshot.ts'

/** A list that lost more than this share of what it had is cut short, another's, or a mistake. */
const MOST_LOST = 0.2

/** More than this share of lines that cannot be read are no feed. */
const MOST_BAD = 0.2

export interface Fetched extends Inspected {
  readonly at: Micros
  readonly bytes: Buffer
}

/**
 * @param from where it was fetched, for errors
 * @throws SnapshotError where it is older than the newest snapshot, has lost too much against it, or is no list at all
 */
export function refuseUnlikely(fetched: Fetched, newest: KeptSnapshot | null, source: string, from: string): void {
  const refuse = (why: string): never => {
    throw new SnapshotError(
      from,
      `${why}, so it was not taken. If it is right, add it with \`domicile snapshots add ${source}\``,
    )
  }
  const unreadable = whyUnreadable(fetched)
  if (unreadable !== null) refuse(unreadable)
  if (newest === null) return
  const kept = `the newest snapshot (${newest.key})`
  if (fetched.at < newest.at)
    refuse(`it is of ${said(fetched, newest.at)} and older than ${kept} of ${said(newest, fetched.at)}`)
  const more = `more than ${MOST_LOST * 100} % cannot vanish`
  const what = fetched.table === null ? 'nodes' : 'prefixes'
  if (fetched.records < newest.records * (1 - MOST_LOST))
    refuse(`it lists ${fetched.records} ${what}, and ${kept} ${newest.records}: ${more}`)
  if (fetched.table === null || newest.table === null) return
  for (const family of [4, 6] as const) {
    const lost = lostShare(newest.table, fetched.table, family)
    if (lost > MOST_LOST)
      refuse(`it leaves out ${Math.floor(lost * 100)} % of the IPv${family} addresses of ${kept}: ${more}`)
  }
}

/** Why a file is no feed, as a clause; null where it may be one. */
export function whyUnreadable(read: Pick<Inspected, 'badLines' | 'records'>): string | null {
  const bad = read.badLines.length
  const all = bad + read.records
  if (bad <= all * MOST_BAD) return null
  const [first] = read.badLines
  return `${bad} of its ${all} lines cannot be read, the first being line ${first?.line}: ${first?.what}`
}

/** The day, and the time where the other is of the same day. */
const said = ({ at }: { readonly at: Micros }, other: Micros) =>
  dayOf(at) === dayOf(other) ? new Date(at / 1000).toISOString().slice(0, 19) : dayOf(at)
