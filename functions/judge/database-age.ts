/** How far the databases that a verdict rests on are from the packets: addresses change hands in the meantime. */
import type { Location, Micros, Verdict } from '../model.ts'

const YEAR = 365.25 * 86_400e6

/**
 * A sentence for a person where a decided verdict rests on databases alone and any of them was built more than a year before
 * or after the packets, or where that is why a verdict is open; null otherwise.
 */
export function databaseAge(
  { rule, verdict }: { readonly rule: string; readonly verdict: Verdict },
  { grade, evidence }: Location,
  first: Micros,
  last: Micros,
): string | null {
  // Databases decide where they corroborate; below that a verdict rests on something else, or is open because they are far.
  const isDecided = verdict !== 'indeterminate' && grade === 'corroborated'
  const isOpenByAge =
    verdict === 'indeterminate' &&
    grade === 'suspected' &&
    evidence.some(({ rule, source }) => rule === 'time' && source === 'database')
  if (!(isDecided || isOpenByAge) || evidence.some(({ rule, supports }) => rule === 'provider-range' && supports))
    return null
  /** Years from the packets to the nearest build of a source; negative where it lies before them. */
  const bySource = new Map<string, number>()
  for (const { rule, source, date, supports } of evidence) {
    if (rule !== 'database' || !supports || date === null) continue
    const built = builtAt(date)
    const years = (built > last ? built - last : Math.min(0, built - first)) / YEAR
    const nearest = bySource.get(source)
    if (nearest === undefined || Math.abs(years) < Math.abs(nearest)) bySource.set(source, years)
  }
  const far = [...bySource.values()].filter((years) => Math.abs(years) > 1)
  // Two of the time are enough; what others say besides changes nothing.
  if (far.length === 0 || bySource.size - far.length > 1) return null
  const least = Math.floor(Math.min(...far.map(Math.abs)))
  const side = far.every((years) => years > 0) ? 'after' : far.every((years) => years < 0) ? 'before' : 'away from'
  // Only the place decides a residency, and only a declaration of the balanced standard lets databases decide it.
  const strict = isDecided && rule === 'residency' ? ' Under the strict standard this would be indeterminate.' : ''
  return `${which(far.length, bySource.size)} built more than ${least === 1 ? 'a year' : `${least} years`} ${side} these packets; addresses change hands.${strict}`
}

const known = new Map<string, Micros>()

/** The start of a database's day. There are few databases, and many findings that rest on them. */
function builtAt(date: string): Micros {
  const built = known.get(date) ?? Date.parse(date) * 1000
  known.set(date, built)
  return built
}

function which(far: number, all: number): string {
  if (all === 1) return 'The database was'
  if (far === all) return all === 2 ? 'Both databases were' : `All ${all} databases were`
  return `${far} of the ${all} databases ${far === 1 ? 'was' : 'were'}`
}
