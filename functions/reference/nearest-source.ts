/** "Did you mean …": the known source that a mistyped one is nearest to. */

import { providerOf } from '../locate/published/publishers.ts'

/** Longest name that is compared: the work grows with the square of the length. */
const LONGEST = 60

/**
 * The known source that was probably meant: one with this name behind its kind, or with what else its provider is called, else one
 * of which at most a third is mistyped.
 *
 * @param known such as `ranges/aws`
 * @returns null where none is near
 */
export function nearestSource(text: string, known: readonly string[]): string | null {
  const name = text.toLowerCase().replaceAll('_', '-')
  if (name === '' || name.length > LONGEST) return null
  const plain = (source: string) => source.slice(source.indexOf('/') + 1)
  const exact = known.find((source) => source === name || plain(source) === plain(name))
  if (exact !== undefined) return exact
  const renamed = `${name.slice(0, name.indexOf('/') + 1)}${providerOf(name)}`
  const alias = known.find((source) => source === renamed || plain(source) === renamed)
  if (alias !== undefined) return alias
  let best: string | null = null
  let least = Math.max(1, Math.floor(plain(name).length / 3)) + 1
  for (const source of known) {
    const distance = editDistance(name, name.includes('/') ? source : plain(source))
    if (distance < least) [best, least] = [source, distance]
  }
  return best
}

/** Insertions, deletions and substitutions from one text to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++)
      row.push(
        Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      )
    last = row
  }
  return last[b.length] ?? 0
}
