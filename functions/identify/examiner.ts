/** Looks for planted identifiers in what the ends of flows said, as it is handed on, and sums it up by flow and end. */
import type { Content, Seed } from '../model.ts'
import { EndTally, type FlowExamined } from './end-tally.ts'
import { examine, type Found } from './examination.ts'
import { type Span, sent } from './layer.ts'
import { Mask } from './mask.ts'
import { isMedia } from './media.ts'
import { isText, randomBytesIn } from './readable.ts'
import { type SeedSearch, seedSearch } from './seed-search.ts'
import { unwrapped } from './unwrap.ts'

/** What is known of one end of a flow so far. */
interface End {
  readonly tally: EndTally
  /** The last bytes of a stream, in which an identifier may have begun that its next piece ends. */
  tail: Uint8Array
}

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
    return this.#ends.get(keyOf(flow, ofA))?.tally.sum() ?? NOTHING
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
    const end = { tally: new EndTally(this.#mask), tail: new Uint8Array() }
    this.#ends.set(key, end)
    return end
  }

  #takeWhole(tally: EndTally, content: Content): void {
    const { bytes, chain, fault } = unwrapped(content)
    if (fault === 'bomb') tally.missing = true
    if (fault === 'undecodable') tally.opaque(content, 'undecodable', bytes.length, null, wholeOf(bytes))
    this.#look(tally, content, bytes, chain, fault === null, 0)
  }

  /** Pieces of a stream are cut anywhere: each is looked through together with the end of the last. */
  #takeStream(end: End, content: Content): void {
    const bytes = Buffer.concat([end.tail, content.bytes])
    this.#look(end.tally, content, bytes, [], true, end.tail.length)
    // A copy, because what was handed on may be overwritten. Twice the longest: an encoded identifier is longer than a plain one.
    end.tail = Uint8Array.from(bytes.subarray(-2 * this.#search.longest))
  }

  /** @param seen how many of the first bytes have been looked through before */
  #look(
    tally: EndTally,
    content: Content,
    bytes: Uint8Array,
    stated: readonly string[],
    judges: boolean,
    seen: number,
  ): void {
    const media = isMedia(bytes)
    const layer = sent(bytes)
    const { found, unknown, unpacked, cut } = examine(this.#search, layer, media)
    if (cut) tally.missing = true
    for (const each of found) if (outermost(each).until > seen) tally.hit(content, stated, each)
    for (const { layer: inner, span, looks } of unknown)
      if (outermost({ layer: inner, span }).until > seen)
        tally.opaque(content, looks, span.until - span.from, inner, span)
    if (!judges || media || unpacked > 0 || isText(bytes)) return
    const random = randomBytesIn(bytes.subarray(seen))
    if (random > 0) tally.opaque(content, 'high-entropy', random, null, wholeOf(bytes))
  }
}

const keyOf = (flow: number, ofA: boolean): string => `${flow}${ofA ? 'a' : 'b'}`

const wholeOf = (bytes: Uint8Array): Span => ({ from: 0, until: bytes.length })

/** Where what was found stands in what was sent. */
function outermost({ layer, span }: Pick<Found, 'layer' | 'span'>): Span {
  return layer.parent === null ? span : outermost({ layer: layer.parent, span: layer.above(span) })
}
