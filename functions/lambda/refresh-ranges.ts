/** Keeps AWS's published address ranges as dated snapshots. */
import { createHash } from 'node:crypto'
import { SnapshotError } from '../errors.ts'
import { parseAwsRanges } from '../locate/published/aws.ts'
import { dayOf } from '../locate/snapshots.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseReferenceKey, referenceKey } from '../store/reference-key.ts'

const SOURCE = 'ranges/aws'

/** A list that lost more than this share of its prefixes is cut short, or a mistake. */
const MOST_LOST = 0.2

export interface Refreshed {
  readonly outcome: 'added' | 'unchanged'
  readonly key: string
  /** YYYY-MM-DD, as the file itself says. */
  readonly date: string
  readonly prefixes: number
  /** Of the newest snapshot before; null where there was none. */
  readonly prefixesBefore: number | null
}

/**
 * Takes a file in, unless it is kept already.
 *
 * @param from where it was fetched, for errors
 * @throws SnapshotError where it is cut short, empty, no such file, or has lost too much against the newest snapshot
 */
export async function keepRanges(reference: ObjectStore, bytes: Uint8Array, from: string): Promise<Refreshed> {
  const fetched = parseAwsRanges(bytes, from)
  const date = dayOf(fetched.time)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = referenceKey({ source: SOURCE, date, sha256, extension: 'json' })
  const newest = await newestRanges(reference)
  const prefixes = fetched.table.size
  const prefixesBefore = newest?.table.size ?? null
  if (prefixesBefore !== null && prefixes < prefixesBefore * (1 - MOST_LOST))
    throw new SnapshotError(
      from,
      `it lists ${prefixes} prefixes, and the newest snapshot (${newest?.key}) ${prefixesBefore}: more than ` +
        `${MOST_LOST * 100} % cannot vanish, so it was not taken. If it is right, add it with \`domicile snapshots add ${SOURCE}\``,
    )
  const written = await reference.write(key, bytes, { onlyIfAbsent: true, contentType: 'application/json' })
  return { outcome: written ? 'added' : 'unchanged', key, date, prefixes, prefixesBefore }
}

/** The snapshot that was made last; of one day, by the time in the file. */
async function newestRanges(
  reference: ObjectStore,
): Promise<(ReturnType<typeof parseAwsRanges> & { readonly key: string }) | null> {
  const kept = (await reference.list(`${SOURCE}/`)).flatMap((key) => {
    const date = parseReferenceKey(key)?.date
    return date === undefined ? [] : [{ key, date }]
  })
  const last = kept
    .map(({ date }) => date)
    .sort()
    .at(-1)
  let newest: (ReturnType<typeof parseAwsRanges> & { readonly key: string }) | null = null
  for (const { key } of kept.filter(({ date }) => date === last)) {
    const ranges = { ...parseAwsRanges(await reference.read(key), key), key }
    if (newest === null || ranges.time > newest.time) newest = ranges
  }
  return newest
}
