/**
 * What stands between the values of JSON objects that follow each other, such as `,"id.orig_h":`. The rows of a log have mostly
 * the same keys in the same order, so that four bytes at a time can be compared with what stood there in earlier rows.
 */

/** Longer ones are not remembered, nor more than this many. */
export const LONGEST_LEAD = 64
const MOST_LEADS = 128

/** A key with all that stands before and behind it, from one value to the next. */
export interface Lead {
  readonly length: number
  /** Its bytes, little-endian, four a word. */
  readonly words: Int32Array
  /** The bits of the last word that count. */
  readonly mask: number
  /** Which of the keys that are looked for it is, -1 for none. */
  readonly key: number
  /** What followed it first, and otherwise. */
  first: Lead | null
  second: Lead | null
}

export class Leads {
  /** What stands before the first: nothing. */
  readonly start: Lead = { length: 0, words: new Int32Array(0), mask: 0, key: -1, first: null, second: null }
  readonly #all: Lead[] = []

  /** Remembers what stands from `from` up to `end` behind another. @returns null where it is too long, or they are too many */
  remember(before: Lead | null, bytes: Uint8Array, from: number, end: number, key: number): Lead | null {
    const length = end - from
    if (length > LONGEST_LEAD) return null
    const padded = new Uint8Array((length + 3) & ~3)
    padded.set(bytes.subarray(from, end))
    const view = new DataView(padded.buffer)
    const words = Int32Array.from({ length: padded.length / 4 }, (_, i) => view.getInt32(i * 4, true))
    let lead = this.#all.find((known) => known.length === length && known.words.every((word, i) => word === words[i]))
    if (lead === undefined) {
      if (this.#all.length === MOST_LEADS) return null
      const rest = length & 3
      lead = { length, words, mask: rest === 0 ? -1 : (1 << (rest * 8)) - 1, key, first: null, second: null }
      this.#all.push(lead)
    }
    if (before !== null && before.first !== lead) {
      if (before.first === null) before.first = lead
      else before.second = lead
    }
    return lead
  }
}

/** Whether a lead stands at an offset, behind which {@link LONGEST_LEAD} bytes can be read. */
export function standsAt({ words, mask }: Lead, view: DataView, at: number): boolean {
  const last = words.length - 1
  for (let i = 0; i < last; i++) if (view.getInt32(at + i * 4, true) !== words[i]) return false
  return ((view.getInt32(at + last * 4, true) ^ (words[last] as number)) & mask) === 0
}
