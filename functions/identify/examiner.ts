/** Looks for planted identifiers in what the ends of flows said, as it is handed on, and sums it up by flow and end. */
import type { Content, Seed } from '../model.ts'
import { EndTally, type FlowExamined } from './end-tally.ts'
import { examine } from './examination.ts'
import type { Found } from './finds.ts'
import { type Span, sent } from './layer.ts'
import { Mask } from './mask.ts'
import { isMedia } from './media.ts'
import { isText, randomBytesIn } from './readable.ts'
import { type SeedSearch, seedSearch } from './seed-search.ts'
import { holdsPacked } from './unpack.ts'
import { unwrapped } from './unwrap.ts'

/** What is known of one end of a flow so far. */
interface End {
  readonly tally: EndTally
  /** The last bytes of a stream, in which an identifier may have begun that its next piece ends. */
  tail: Uint8Array
  /** What the tail came with, without its bytes being used; null where there is none. */
  last: Content | null
}

/** How many times longer an encoded identifier may be than a plain one: `\u0031` is six, `%2531` five. */
const LONGER = 8

const NOTHING: FlowExamined = { hits: [], opaque: [], read: false, missing: false }

export class Examiner {
  readonly #search: SeedSearch
  readonly #mask: Mask
  readonly #ends = new Map<string, End>()

  /**
   * @param seeds identifiers with their values: they are kept in memory and stand in nothing that the examiner gives
   * @param salts that hashes of identifiers may have been made with, as the declaration names them
   */
  constructor(seeds: readonly Seed[], { salts = [] }: { readonly salts?: readonly string[] } = {}) {
    this.#search = seedSearch(seeds, salts)
    this.#mask = new Mask(this.#search)
  }

  /** Takes what one end of a flow said. Its bytes are not kept, but for the last few of a stream. */
  take(content: Content): void {
    const end = this.#end(content)
    if (content.missing > 0) end.tally.missing = true
    if (content.part === 'stream') this.#takeStream(end, content)
    else this.#takeWhole(end.tally, content)
  }

  /** @param ofA whether of what end A said; of a flow of which nothing was taken, nothing was read */
  examinedOf(flow: number, ofA: boolean): FlowExamined {
    const end = this.#ends.get(keyOf(flow, ofA))
    if (end === undefined) return NOTHING
    this.#endStream(end)
    return end.tally.sum()
  }

  /** Gives up what is known of a flow, once it has been asked for. */
  forget(flow: number): void {
    this.#ends.delete(keyOf(flow, true))
    this.#ends.delete(keyOf(flow, false))
  }

  #end({ flow, fromA }: Content): End {
    const key = keyOf(flow, fromA)
    const known = this.#ends.get(key)
    if (known !== undefined) return known
    const end = { tally: new EndTally(this.#mask), tail: new Uint8Array(), last: null }
    this.#ends.set(key, end)
    return end
  }

  #takeWhole(tally: EndTally, content: Content): void {
    const { bytes, chain, fault } = unwrapped(content)
    if (fault === 'bomb') tally.missing = true
    if (fault === 'undecodable') tally.opaque(content, 'undecodable', bytes.length, null, wholeOf(bytes))
    this.#look(tally, content, bytes, chain, () => true)
    if (fault === null) judgeRandomness(tally, content, bytes)
  }

  /**
   * Pieces of a stream are cut anywhere: each is looked through together with the end of the last, and what reaches to its very end
   * is left until it is known what follows.
   */
  #takeStream(end: End, content: Content): void {
    const bytes = Buffer.concat([end.tail, content.bytes])
    const seen = end.tail.length
    this.#look(end.tally, content, bytes, [], ({ until }) => seen <= until && until < bytes.length)
    judgeRandomness(end.tally, content, content.bytes)
    // A copy, because what was handed on may be overwritten.
    end.tail = Uint8Array.from(bytes.subarray(-LONGER * this.#search.longest))
    end.last = content
  }

  #endStream(end: End): void {
    const { last, tail, tally } = end
    if (last === null) return
    this.#look(tally, last, tail, [], ({ until }) => until === tail.length)
    end.tail = new Uint8Array()
    end.last = null
  }

  /** @param counts whether what stands at a span of what was sent is told of now */
  #look(
    tally: EndTally,
    content: Content,
    bytes: Uint8Array,
    stated: readonly string[],
    counts: (span: Span) => boolean,
  ): void {
    const { found, unknown, cut } = examine(this.#search, sent(bytes), isMedia(bytes))
    if (cut) tally.missing = true
    for (const each of found) if (counts(outermost(each))) tally.hit(content, stated, each)
    for (const each of unknown)
      if (counts(outermost(each)))
        tally.opaque(content, each.looks, each.span.until - each.span.from, each.layer, each.span)
  }
}

/** What is not text, no picture and not packed, and yet spread as random bytes are, is encrypted or packed in an unknown way. */
function judgeRandomness(tally: EndTally, content: Content, bytes: Uint8Array): void {
  const random = randomBytesIn(bytes)
  if (random > 0 && !isMedia(bytes) && !isText(bytes) && !holdsPacked(bytes))
    tally.opaque(content, 'high-entropy', random, null, wholeOf(bytes))
}

const keyOf = (flow: number, ofA: boolean): string => `${flow}${ofA ? 'a' : 'b'}`

const wholeOf = (bytes: Uint8Array): Span => ({ from: 0, until: bytes.length })

/** Where what was found stands in what was sent. */
function outermost({ layer, span }: Pick<Found, 'layer' | 'span'>): Span {
  return layer.parent === null ? span : outermost({ layer: layer.parent, span: layer.above(span) })
}
