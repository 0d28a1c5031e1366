/** Short names for things that are identified by their content. */
import { createHash } from 'node:crypto'

/** SHA-256 of the parts, hex; the parts cannot run into one another. */
export function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/**
 * Cuts digests to eight digits, and to more where two would be the same.
 *
 * @returns the id of every digest; it does not depend on their order
 */
export function shortIds(letter: string, digests: Iterable<string>): Map<string, string> {
  const sorted = [...new Set(digests)].sort()
  const common = sorted.map((digest, i) => sharedLength(digest, sorted[i + 1] ?? ''))
  return new Map(
    sorted.map((digest, i) => {
      const length = Math.max(8, (common[i] ?? 0) + 1, (common[i - 1] ?? 0) + 1)
      return [digest, `${letter}-${digest.slice(0, length)}`]
    }),
  )
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
