/** What a person has to know of the reference data that an audit used, where it does not fit the packets. */
import type { SnapshotFacts } from '../model.ts'
import { ageWords } from './locate-table.ts'

const DAY_MS = 86_400e3
/** Farther from the packets databases corroborate nothing (docs/locating.md); ranges prove within less. */
const FITS_DAYS = 182

/**
 * One line, or null where there is nothing to say: the campaign's own reference data is used, it has ranges of providers, and
 * something of it is of the packets' time.
 *
 * @param used the folder whose snapshots were opened
 * @param own the campaign's own folder; null where it has none
 * @param snapshots all that were opened
 * @param days of the packets, since 1970, UTC
 */
export function referenceNote(
  used: string,
  own: string | null,
  snapshots: readonly Pick<SnapshotFacts, 'source' | 'date'>[],
  days: ReadonlySet<number>,
): string | null {
  const isSetAside = own !== null && own !== used
  const hasRanges = snapshots.some(({ source }) => source.startsWith('ranges/'))
  const nearest = nearestTo(days, snapshots)
  const isFar = nearest !== null && nearest.apart > FITS_DAYS
  if (days.size === 0 || (!isSetAside && hasRanges && !isFar)) return null
  const parts = [
    ...(isSetAside ? [`the campaign's own ${own} was set aside`] : []),
    ...(hasRanges ? [] : ["it holds no provider's ranges, without which no place is proven"]),
    ...(nearest === null
      ? ['nothing of it is dated']
      : [`the evidence nearest to the packets (${nearest.source} of ${nearest.date}) is ${nearest.words}`]),
  ]
  return `located by ${used}: ${parts.join('; ')}. How to keep what fits: docs/snapshots.md`
}

interface Near {
  readonly source: string
  readonly date: string
  /** Days. */
  readonly apart: number
  readonly words: string
}

function nearestTo(
  days: ReadonlySet<number>,
  snapshots: readonly Pick<SnapshotFacts, 'source' | 'date'>[],
): Near | null {
  let nearest: Near | null = null
  for (const day of days)
    for (const { source, date } of snapshots) {
      const apart = Math.abs(day - Date.parse(date) / DAY_MS)
      if (nearest !== null && apart >= nearest.apart) continue
      const words = apart === 0 ? 'of their day' : `${ageWords(date, day * DAY_MS * 1000)} them`
      nearest = { source, date, apart, words }
    }
  return nearest
}
