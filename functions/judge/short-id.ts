/** Short names for things that are identified by their content. */
import { hash } from 'node:crypto'

/** SHA-256 of the parts, hex; the parts cannot run into one another. */
export function digestOf(parts: readonly unknown[]): string {
  return digestOfText(JSON.stringify(parts))
}

/** SHA-256, hex. */
export function digestOfText(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * Cuts digests to eight digits, and to more where two would be the same.
 *
 * @returns an id a digest, in their order; which id a digest has does not depend on it
 */
export function shortIds(letter: string, digests: readonly string[]): readonly string[] {
  const byStart = new Map<string, string>()
  const clashes = new Map<string, Set<string>>()
  for (const digest of digests) {
    const start = digest.slice(0, SHORTEST)
    const same = byStart.get(start)
    if (same === undefined) byStart.set(start, digest)
    else if (same !== digest) clashes.set(start, (clashes.get(start) ?? new Set([same])).add(digest))
  }
  const lengths = new Map([...clashes].map(([start, alike]) => [start, distinguishing([...alike])]))
  return digests.map((digest) => {
    const start = digest.slice(0, SHORTEST)
    return `${letter}-${digest.slice(0, lengths.get(start) ?? SHORTEST)}`
  })
}

const SHORTEST = 8

/** How many digits it takes to tell these digests apart. */
function distinguishing(digests: readonly string[]): number {
  let length = SHORTEST + 1
  while (new Set(digests.map((digest) => digest.slice(0, length))).size < digests.length) length++
  return length
}
