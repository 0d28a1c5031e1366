/**
 * Finds many needles in one pass. Every needle of at least `gram + stride - 1` bytes has, wherever it stands, `gram` consecutive bytes
 * that begin at a multiple of `stride`; so only these places are hashed and looked up in a bitmap that fits the processor's cache, and
 * a needle stands in the bitmap with each of its first `stride` grams. (Sampled q-grams: Wu and Manber 1994, turned around.) Letters
 * are folded by one bit, so that one entry serves both cases; what the bitmap lets through is compared byte by byte.
 */
import { fourAt, WORTH_A_VIEW } from './four-bytes.ts'
import { type Needle, standsAt } from './needle.ts'

/** Told of a needle and where it begins, in order of the sampled places. */
export type Meet = (needle: Needle, at: number) => void

/** Sets bit 5 of each byte: upper-case letters become lower-case ones, digits and most punctuation stay. */
const FOLD = 0x20202020
/** Fibonacci hashing: 2^32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1
/** Set bits a bitmap may have: few enough that places are seldom looked up for nothing, and a bitmap for 40 seeds has 32 KiB. */
const DENSITY = 1 / 16

interface Entry {
  readonly needle: Needle
  readonly offset: number
}

/** Needles of such a length that one sampling finds them all. */
class Tier {
  readonly #gram: 3 | 4
  readonly #stride: number
  readonly #shift: number
  readonly #bits: Uint32Array
  /** By gram. */
  readonly #entries = new Map<number, Entry[]>()

  constructor(gram: 3 | 4, stride: number, needles: readonly Needle[]) {
    this.#gram = gram
    this.#stride = stride
    const bits = Math.max(16, Math.ceil(Math.log2((needles.length * stride) / DENSITY)))
    this.#shift = 32 - bits
    this.#bits = new Uint32Array(2 ** (bits - 5))
    for (const needle of needles)
      for (let offset = 0; offset < stride; offset++)
        for (const spelling of withPluses(needle))
          for (const written of this.#filled(spelling, offset)) this.#enter(written, { needle, offset })
  }

  /** The gram at an offset; where it goes one byte beyond the end, it is one of each byte that may stand there. */
  #filled(bytes: Uint8Array, offset: number): readonly number[] {
    const gram = gramAt(bytes, offset)
    if (this.#gram === 3) return [gram & 0xffffff]
    if (offset + 4 <= bytes.length) return [gram]
    return Array.from({ length: 256 }, (_, byte) => gram | (byte << 24))
  }

  #enter(gram: number, entry: Entry): void {
    const folded = gram | FOLD
    const hash = Math.imul(folded, SPREAD) >>> this.#shift
    this.#bits[hash >>> 5] = (this.#bits[hash >>> 5] as number) | (1 << (hash & 31))
    const entries = this.#entries.get(folded)
    if (entries === undefined) this.#entries.set(folded, [entry])
    else if (!entries.some((e) => e.needle === entry.needle && e.offset === entry.offset)) entries.push(entry)
  }

  find(bytes: Uint8Array, meet: Meet): void {
    const mask = this.#gram === 4 ? -1 : 0xffffff
    const end = bytes.length - 3
    let at = 0
    if (bytes.length < WORTH_A_VIEW) {
      for (; at < end; at += this.#stride) this.#look((fourAt(bytes, at) & mask) | FOLD, bytes, at, meet)
    } else {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (; at < end; at += this.#stride) this.#look((view.getInt32(at, true) & mask) | FOLD, bytes, at, meet)
    }
    // The last gram may be one of three bytes, and of a needle that ends with it.
    for (; at < bytes.length - 2; at += this.#stride) this.#look((gramAt(bytes, at) & mask) | FOLD, bytes, at, meet)
  }

  #look(gram: number, bytes: Uint8Array, at: number, meet: Meet): void {
    const hash = Math.imul(gram, SPREAD) >>> this.#shift
    if (((this.#bits[hash >>> 5] as number) & (1 << hash)) !== 0) this.#compare(gram, bytes, at, meet)
  }

  #compare(gram: number, bytes: Uint8Array, at: number, meet: Meet): void {
    const entries = this.#entries.get(gram)
    if (entries === undefined) return
    for (const { needle, offset } of entries) {
      if (standsAt(needle, bytes, at - offset)) meet(needle, at - offset)
    }
  }
}

/** Four bytes, the first the lowest; those beyond the end are zero. */
const gramAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)

/** A needle's bytes, and with the plus that a form writes for a blank. */
function withPluses({ bytes, folds }: Needle): readonly Uint8Array[] {
  return folds && bytes.includes(0x20) ? [bytes, bytes.map((byte) => (byte === 0x20 ? 0x2b : byte))] : [bytes]
}

export class NeedleIndex {
  readonly #tiers: readonly Tier[]

  /** Needles of fewer than three bytes are not found. */
  constructor(needles: readonly Needle[]) {
    const between = (least: number, most: number) =>
      needles.filter(({ bytes }) => bytes.length >= least && bytes.length <= most)
    const tiers: readonly [3 | 4, number, readonly Needle[]][] = [
      [4, 4, between(6, Number.POSITIVE_INFINITY)],
      [3, 2, between(4, 5)],
      [3, 1, between(3, 3)],
    ]
    this.#tiers = tiers.filter(([, , of]) => of.length > 0).map(([gram, stride, of]) => new Tier(gram, stride, of))
  }

  find(bytes: Uint8Array, meet: Meet): void {
    for (const tier of this.#tiers) tier.find(bytes, meet)
  }
}
