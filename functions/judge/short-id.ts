/** Short names for things that are identified by their content. */
import { hash } from 'node:crypto'

/** SHA-256 of the parts, hex; the parts cannot run into one another. */
export function digestOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex')
}

/**
 * Cuts digests to eight digits, and to more where two would be the same.
 *
 * @returns the id of every digest; it does not depend on their order
 */
export function shortIds(letter: string, digests: Iterable<string>): Map<string, string> {
  const byStart = new Map<string, string>()
  const clashes = new Map<string, Set<string>>()
  for (const digest of digests) {
    const start = digest.slice(0, SHORTEST)
    const same = byStart.get(start)
    if (same === undefined) byStart.set(start, digest)
    else if (same !== digest) clashes.set(start, (clashes.get(start) ?? new Set([same])).add(digest))
  }
  const ids = new Map<string, string>()
  for (const [start, digest] of byStart) ids.set(digest, `${letter}-${start}`)
  for (const alike of clashes.values()) {
    const length = distinguishing([...alike])
    for (const digest of alike) ids.set(digest, `${letter}-${digest.slice(0, length)}`)
  }
  return ids
}

const SHORTEST = 8

/** How many digits it takes to tell these digests apart. */
function distinguishing(digests: readonly string[]): number {
  let length = SHORTEST + 1
  while (new Set(digests.map((digest) => digest.slice(0, length))).size < digests.length) length++
  return length
}
