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
  const byStart = new Map<string, string[]>()
  for (const digest of new Set(digests)) {
    const start = digest.slice(0, SHORTEST)
    byStart.set(start, [...(byStart.get(start) ?? []), digest])
  }
  return new Map(
    [...byStart.values()].flatMap((alike) => {
      const length = alike.length === 1 ? SHORTEST : distinguishing(alike)
      return alike.map((digest): [string, string] => [digest, `${letter}-${digest.slice(0, length)}`])
    }),
  )
}

const SHORTEST = 8

/** How many digits it takes to tell these digests apart. */
function distinguishing(digests: readonly string[]): number {
  let length = SHORTEST + 1
  while (new Set(digests.map((digest) => digest.slice(0, length))).size < digests.length) length++
  return length
}
