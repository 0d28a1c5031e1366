/**
 * Tells encoded bytes from words, by how often neighbouring characters are of different kinds: capital, small letter, digit, other.
 *
 * In base64 of random bytes a capital or small letter has a share of 26/64 each, a digit of 10/64, the others of 2/64; two neighbours
 * differ with p = 1 − 2·(26/64)² − (10/64)² − (2/64)² = 0.645. Over n pairs that is a mean of p·n with a standard deviation of
 * √(p(1−p)n) = 0.48·√n. `random` wants at least the mean less three deviations, which 99.9 % of such values reach; words, even in
 * camel case, and paths change at one pair in four at most. Names of files, such as `Wiki-logo-v2_2x`, change as often but have few
 * capitals and many small letters: `random` wants no fewer of the one and no more of the other than three deviations from the mean.
 */
import type { Span } from './layer.ts'

/** `words`: not worth decoding; `text`: may be encoded text; `random`: as encoded random bytes are. */
export type Likeness = 'words' | 'text' | 'random'

const CHANGES = 0.645
const DEVIATION = 0.48
/** Of capitals, and of small letters. */
const SHARE = 26 / 64
const SHARE_DEVIATION = 0.49
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
  let capitals = last === 1 ? 1 : 0
  let small = last === 2 ? 1 : 0
  for (let i = run.from + 1; i < run.until; i++) {
    const kind = kinds[bytes[i] as number] as number
    seen |= kind
    if (kind !== last) changes++
    if (kind === 1) capitals++
    else if (kind === 2) small++
    last = kind
  }
  const pairs = run.until - run.from - 1
  if (changes < LEAST_CHANGES * pairs) return 'words'
  const spread = 3 * SHARE_DEVIATION * Math.sqrt(pairs + 1)
  const isRandom =
    (seen & 7) === 7 &&
    changes >= CHANGES * pairs - 3 * DEVIATION * Math.sqrt(pairs) &&
    capitals >= SHARE * (pairs + 1) - spread &&
    small <= SHARE * (pairs + 1) + spread
  return isRandom ? 'random' : 'text'
}
