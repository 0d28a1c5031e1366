/** "Did you mean …": the known name that a mistyped one is nearest to. */
import { quoted } from './path.ts'

/** Longest name that is compared: the work grows with the square of the length. */
const LONGEST = 40
/** Most known names that one is compared with. */
const MOST = 600

/**
 * The nearest of the known names, null where none is near. `vendor_suffixes` is as near to `vendorSuffixes` as can be:
 * case, hyphens and underscores do not count.
 */
export function nearest(name: string, known: Iterable<string>): string | null {
  if (name.length > LONGEST) return null
  const bare = stripped(name)
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(bare.length / 3)) + 1
  for (const candidate of [...known].slice(0, MOST)) {
    const distance = editDistance(bare, stripped(candidate), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** What to write in place of an unknown name: the nearest, or all of them where they are few. */
export function suggestion(name: string, known: readonly string[], otherwise: string): string {
  const near = nearest(name, known)
  if (near !== null) return `did you mean ${quoted(near)}?`
  if (known.length === 0 || known.length > 12) return otherwise
  return `write ${known.length === 1 ? '' : 'one of '}${known.map(quoted).join(', ')}`
}

const stripped = (name: string) => name.toLowerCase().replace(/[-_ .]/g, '')

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) from one text to the other. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || b.length > LONGEST) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? limit
}
