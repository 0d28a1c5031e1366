/** Which snapshots an audit opens: those that can bear on its packets, however many more are kept. */
import type { CaptureObservations } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { isHiddenKey, PUBLISHED_KINDS, parseReferenceKey } from '../store/reference-key.ts'

const DAY_MS = 86_400_000

/** Days since 1970, UTC. */
export type Days = ReadonlySet<number>

/** The days on which something that was observed began: addresses are located at that time. */
export function daysOf(captures: Iterable<Pick<CaptureObservations, 'observations'>>): Days {
  const days = new Set<number>()
  for (const { observations } of captures)
    for (const { hour } of observations) days.add(Math.floor(hour / 1000 / DAY_MS))
  return days
}

/** @param dates UTC, YYYY-MM-DD */
export function daysOfDates(dates: Iterable<string>): Days {
  const days = new Set<number>()
  for (const date of dates) days.add(Date.parse(date) / DAY_MS)
  return days
}

/**
 * Keys of snapshots without hidden files, what is published before databases, each kind in the order of the store.
 *
 * @param days of the packets, where only what counts for them is wanted
 */
export async function listSnapshots(store: ObjectStore, days?: Days): Promise<readonly string[]> {
  const published: string[] = []
  const listed = async (kind: string) => (await store.list(`${kind}/`)).filter((key) => !isHiddenKey(key))
  for (const kind of PUBLISHED_KINDS) published.push(...(await listed(kind)))
  const databases = await listed('database')
  return [...(days === undefined ? published : snapshotsAround(published, days)), ...databases]
}

/**
 * Of every source the snapshots that locating can ask about packets of these days: it takes of each family of addresses the
 * nearest on either side of a packet (docs/locating.md). A key tells a snapshot's day and no more, so of a day all count, and two
 * days on each side: a list that is split by family may have its halves on different ones. Each day of packets counts for itself:
 * one device whose clock is years off does not make everything since then count.
 *
 * Databases are not chosen like that: one source may be several files, each with the addresses of one family, and no key says
 * which. They come by hand, not daily.
 *
 * @param keys of what is published; one that is named like no snapshot is left in, for whoever opens it to refuse
 * @returns in the order given
 */
export function snapshotsAround(keys: readonly string[], days: Days): readonly string[] {
  const kept = new Map<string, Set<number>>()
  const dayOfKey = keys.map((key) => {
    const name = parseReferenceKey(key)
    if (name === null) return null
    const { source, date } = name
    const day = Date.parse(date) / DAY_MS
    const ofSource = kept.get(source) ?? new Set()
    kept.set(source, ofSource.add(day))
    return { source, day }
  })
  const counted = new Map([...kept].map(([source, ofSource]) => [source, around([...ofSource], days)]))
  return keys.filter((_, i) => {
    const named = dayOfKey[i]
    return !named || counted.get(named.source)?.has(named.day)
  })
}

/** How many days with snapshots count on each side of a packet: one for each family of addresses. */
const DAYS_A_SIDE = 2

/** Of days on which there are snapshots those of packets, the last before each, and the first after it. */
function around(snapshots: readonly number[], packets: Days): Days {
  const sorted = [...snapshots].sort((a, b) => a - b)
  const counted = new Set<number>()
  for (const packet of packets) {
    const found = sorted.findIndex((day) => day >= packet)
    const from = found === -1 ? sorted.length : found
    const until = from + (sorted[from] === packet ? 1 : 0) + DAYS_A_SIDE
    for (const day of sorted.slice(Math.max(0, from - DAYS_A_SIDE), until)) counted.add(day)
  }
  return counted
}
