/**
 * What stands between the values of JSON objects that follow each other, such as `,"id.orig_h":`. The rows of a log have mostly
 * the same keys in the same order, so that four bytes at a time can be compared with what stood there in earlier rows.
 */
import { latin1 } from './payload/flow-names.ts'

/** Longer ones are not remembered, nor more than this many in objects that stand at one place, and in all. */
export const LONGEST_LEAD = 64
const MOST_LEADS = 128
const MOST_IN_ALL = 2048
/** Rows of one log can be of many kinds, which part ways behind one key. */
const MOST_FOLLOWERS = 12
/** What is passed over at once is no longer. */
const LONGEST_SKIP = 256
/** Behind one key: as many are remembered, and after so many that none was like, no further is. */
const MOST_SKIPS = 8
const MOST_LESSONS = 64

/** A key with all that stands before and behind it, from one value to the next. */
export interface Lead {
  readonly length: number
  /** Its bytes, little-endian, four a word. */
  readonly words: Int32Array
  /** The bits of the last word that count. */
  readonly mask: number
  /** Which of the keys that are looked for it is, -1 for none. */
  readonly key: number
  /** What followed it, no more than {@link MOST_FOLLOWERS}. */
  readonly followers: Lead[]
  /** What stood behind it last, where it is not looked for: the first of no more than {@link MOST_SKIPS}, the newest first. */
  skip: Skip | null
  /** How many more skips are learned. */
  lessons: number
  /** What stands in the objects behind it; null before there was one. */
  inside: Leads | null
}

/** From a value that is not looked for up to the next that is, or past the object's end: what is not looked for repeats often. */
export interface Skip {
  readonly length: number
  readonly words: Int32Array
  readonly mask: number
  /** What leads to the next value that is looked for; null where the object ends. */
  readonly lead: Lead | null
  older: Skip | null
}

/** How many more are remembered of all objects of a log together. */
interface Room {
  left: number
}

/** The leads of the objects that stand at one place: the rows themselves, or what stands behind one of their keys. */
export class Leads {
  /** What stands before the first: nothing. */
  readonly start: Lead = leadOf(new Uint8Array(0), -1)
  readonly #room: Room
  readonly #all = new Map<string, Lead>()

  constructor(room: Room = { left: MOST_IN_ALL }) {
    this.#room = room
  }

  /** The leads of the objects that stand behind a lead. */
  inside(lead: Lead): Leads {
    lead.inside ??= new Leads(this.#room)
    return lead.inside
  }

  /** Remembers what stands from `from` up to `end` behind another. @returns null where it is too long, or they are too many */
  remember(before: Lead | null, bytes: Uint8Array, from: number, end: number, key: number): Lead | null {
    const length = end - from
    if (length > LONGEST_LEAD) return null
    const text = latin1(bytes, from, end)
    let lead = this.#all.get(text)
    if (lead === undefined) {
      if (this.#all.size === MOST_LEADS || this.#room.left === 0) return null
      this.#room.left--
      lead = leadOf(bytes.subarray(from, end), key)
      this.#all.set(text, lead)
    }
    if (before !== null && before.followers.length < MOST_FOLLOWERS && !before.followers.includes(lead))
      before.followers.push(lead)
    return lead
  }
}

function leadOf(bytes: Uint8Array, key: number): Lead {
  const { length } = bytes
  const lessons = key < 0 ? MOST_LESSONS : 0
  return { length, words: wordsOf(bytes), mask: maskOf(length), key, followers: [], skip: null, lessons, inside: null }
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const padded = new Uint8Array((bytes.length + 3) & ~3)
  padded.set(bytes)
  const view = new DataView(padded.buffer)
  return Int32Array.from({ length: padded.length / 4 }, (_, i) => view.getInt32(i * 4, true))
}

const maskOf = (length: number) => ((length & 3) === 0 ? -1 : (1 << ((length & 3) * 8)) - 1)

/** Which lead that followed another stands at an offset; null where none does. */
export function follower({ followers }: Lead, view: DataView, at: number): Lead | null {
  if (at + LONGEST_LEAD > view.byteLength) return null
  for (let i = 0; i < followers.length; i++) {
    const lead = followers[i] as Lead
    if (standsAt(lead.words, lead.mask, view, at)) return lead
  }
  return null
}

/** Which skip that stood behind a lead stands at an offset; null where none does. */
export function skipBehind(lead: Lead, view: DataView, at: number): Skip | null {
  if (at + LONGEST_SKIP > view.byteLength) return null
  for (let skip = lead.skip; skip !== null; skip = skip.older)
    if (standsAt(skip.words, skip.mask, view, at)) return skip
  return null
}

/**
 * Remembers what stands from `from` up to `end` behind a lead that has lessons left.
 *
 * @param next what leads to the next value that is looked for; null where the object ends
 */
export function learnSkip(lead: Lead, bytes: Uint8Array, from: number, end: number, next: Lead | null): void {
  const length = end - from
  if (length > LONGEST_SKIP) return
  lead.lessons--
  const words = wordsOf(bytes.subarray(from, end))
  lead.skip = { length, words, mask: maskOf(length), lead: next, older: lead.skip }
  let last: Skip | null = lead.skip
  for (let kept = 1; kept < MOST_SKIPS && last !== null; kept++) last = last.older
  if (last !== null) last.older = null
}

/** Whether words stand at an offset, behind which as many bytes as they hold can be read. */
function standsAt(words: Int32Array, mask: number, view: DataView, at: number): boolean {
  const last = words.length - 1
  for (let i = 0; i < last; i++) if (view.getInt32(at + i * 4, true) !== words[i]) return false
  return ((view.getInt32(at + last * 4, true) ^ (words[last] as number)) & mask) === 0
}
