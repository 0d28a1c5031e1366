/**
 * Tells encoded bytes from words, by how often neighbouring characters are of different kinds: capital, small letter, digit, other.
 *
 * In base64 of random bytes a capital or small letter has a share of 26/64 each, a digit of 10/64, the others of 2/64; two neighbours
 * differ with p = 1 − 2·(26/64)² − (10/64)² − (2/64)² = 0.645. Over n pairs that is a mean of p·n with a standard deviation of
 * √(p(1−p)n) = 0.48·√n. `random` wants at least the mean less three deviations, which 99.9 % of such values reach; words, even in
 * camel case, and paths change at one pair in four at most.
 */
import type { Span } from './layer.ts'

/** `words`: not worth decoding; `text`: may be encoded text; `random`: as encoded random bytes are. */
export type Likeness = 'words' | 'text' | 'random'

const CHANGES = 0.645
const DEVIATION = 0.48
/** Encoded text changes its kind of character at 40 % of pairs and more; below this share it is words. */
const LEAST_CHANGES = 0.25

const kinds = new Uint8Array(256).fill(8)
for (const [kind, characters] of [
  [1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [2, 'abcdefghijklmnopqrstuvwxyz'],
  [4, '0123456789'],
] as const)
  for (const character of characters) kinds[character.charCodeAt(0)] = kind

export function codeLikeness(bytes: Uint8Array, run: Span): Likeness {
  let changes = 0
  let last = kinds[bytes[run.from] as number] as number
  let seen = last
  for (let i = run.from + 1; i < run.until; i++) {
    const kind = kinds[bytes[i] as number] as number
    seen |= kind
    if (kind !== last) changes++
    last = kind
  }
  const pairs = run.until - run.from - 1
  if (changes < LEAST_CHANGES * pairs) return 'words'
  return (seen & 7) === 7 && changes >= CHANGES * pairs - 3 * DEVIATION * Math.sqrt(pairs) ? 'random' : 'text'
}
