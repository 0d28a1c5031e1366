import { codeLikeness } from './code-likeness.ts'
import { decodedLayer, eachRun, hexRuns, LEAST_RUN, looksLikeBase32, runAround } from './code-runs.ts'
import { escapedSpans } from './escapes.ts'
import { Finds, type Found } from './finds.ts'
import { standsAlone } from './flanks.ts'
import { type Layer, type Span, sliceLayer, unpackedLayer } from './layer.ts'
import { placeAt } from './location-finder.ts'
import { isMedia } from './media.ts'
import { GROUP, type Needle, type Spelling, type TextCoding, type Trace } from './needle.ts'
import { protobufValues } from './protobuf.ts'
import { isReadable } from './readable.ts'
import type { SeedSearch } from './seed-search.ts'
import { unescapedLayer } from './unescape.ts'
import { gzipPlaces, isZlib, MOST_GZIP, MOST_UNPACKED, unpacked } from './unpack.ts'

/** Codings within each other, beside those that HTTP states; whatever lies deeper counts as unread. */
export const MOST_CODINGS = 4
/** Characters of 16 encoded bytes, as many as the shortest usual hash has. */
const LEAST_UNKNOWN = { base64: 22, hex: 32 }
/** Bytes of what is worth unpacking: no frame of deflate that holds an identifier is shorter. */
const LEAST_PACKED = 12
/** Escapes within escapes. */
const MOST_ESCAPES = 3

/** A part of a layer that is encoded, and of which nothing is known. */
export interface Unknown {
  readonly layer: Layer
  readonly span: Span
  readonly looks: 'base64' | 'hex'
}

export interface Examination {
  readonly found: readonly Found[]
  readonly unknown: readonly Unknown[]
  /** Whether something was left unread because it lies too deep or is too long. */
  readonly cut: boolean
}

/** @param outermost what was sent, without the codings that HTTP states */
export function examine(search: SeedSearch, outermost: Layer, isMedia: boolean): Examination {
  const run = new Run(search)
  run.examine(outermost, isMedia ? 'media' : 'all', 0)
  return run
}

class Run implements Examination {
  readonly #finds = new Finds()
  readonly unknown: Unknown[] = []
  #cut = false
  #unpacked = 0
  readonly #search: SeedSearch
  /** What has been decoded of a layer on account of traces. */
  readonly #followed = new Map<Layer, Set<number>>()
  #unpackedBytes = 0
  readonly #around: { [coding in TextCoding]?: { readonly layer: Layer; readonly run: Span } } = {}

  constructor(search: SeedSearch) {
    this.#search = search
  }

  get cut(): boolean {
    return this.#cut || this.#finds.isFull
  }

  get found(): readonly Found[] {
    return this.#finds.all
  }

  /** Looks through a layer and what is in it. */
  examine(layer: Layer, what: 'all' | 'media', escapes: number): void {
    let traces: [Trace, number][] | null = null
    this.#search.needles.find(layer.bytes, (needle, at) => {
      if (needle.is !== 'trace') this.#meet(layer, needle, at)
      else if (traces === null) traces = [[needle, at]]
      else traces.push([needle, at])
    })
    this.#search.numbers.find(layer.bytes, ({ seed, chain }, from, until) =>
      this.#finds.add({ seed, layer, span: { from, until }, written: chain }),
    )
    for (const [trace, at] of traces ?? NO_TRACES) this.#follow(layer, trace, at)
    if (what === 'media') return
    if (layer.bytes.length >= LEAST_RUN) eachRun(layer.bytes, (run) => this.#decode(layer, run))
    if (layer.bytes.length >= LEAST_PACKED) this.#unpack(layer)
    if (escapes < MOST_ESCAPES)
      for (const span of escapedSpans(layer.bytes, this.#search.longest))
        this.examine(unescapedLayer(layer, span), what, escapes + 1)
    // Last, because a value by itself tells best what touches it and what does not.
    if (!layer.isPart)
      for (const span of protobufValues(layer.bytes)) this.examine(sliceLayer(layer, span), what, escapes)
  }

  #meet(layer: Layer, needle: Exclude<Needle, Trace>, at: number): void {
    if (needle.is === 'latitude') {
      const span = placeAt(needle.seed, layer.bytes, at)
      if (span !== null) this.#finds.add({ seed: needle.seed, layer, span, written: [] })
    } else if (isWhole(needle, layer.bytes, at)) {
      const span = { from: at, until: at + needle.bytes.length }
      this.#finds.add({ seed: needle.seed, layer, span, written: needle.chain })
    }
  }

  /** Decodes the run around a trace, with groups beginning where the trace says that they do. */
  #follow(layer: Layer, { coding, phase }: Trace, at: number): void {
    const run = this.#runAround(layer, coding, at)
    const group = GROUP[coding]
    const aligned = {
      from: run.from + ((((at - phase - run.from) % group) + group) % group),
      until: run.until,
    }
    this.#descend(layer, coding, aligned)
    const followed = this.#followed.get(layer)
    if (followed === undefined) this.#followed.set(layer, new Set([keyOf(coding, aligned)]))
    else followed.add(keyOf(coding, aligned))
  }

  /** Many traces may stand in one long run. */
  #runAround(layer: Layer, coding: TextCoding, at: number): Span {
    const last = this.#around[coding]
    if (last?.layer === layer && last.run.from <= at && at < last.run.until) return last.run
    const run = runAround(coding, layer.bytes, at)
    this.#around[coding] = { layer, run }
    return run
  }

  /** Decodes a run that looks like encoded text. */
  #decode(layer: Layer, run: Span): void {
    const hex = hexRuns(layer.bytes, run)
    for (const part of hex) this.#descend(layer, 'hex', part)
    if (hex.length === 1 && hex[0]?.from === run.from && hex[0].until === run.until) return
    if (looksLikeBase32(layer.bytes, run)) this.#descend(layer, 'base32', run)
    if (codeLikeness(layer.bytes, run) === 'words') return
    const unknown = this.unknown.length
    this.#descend(layer, 'base64', run)
    const isUnknown = this.unknown.length > unknown
    // What follows the last slash may be a value of its own: in paths the slash is no digit of base64.
    const slash = layer.bytes.subarray(run.from, run.until).lastIndexOf(0x2f)
    if (slash >= 0) this.#descend(layer, 'base64', { from: run.from + slash + 1, until: run.until }, isUnknown)
  }

  /** @param isTold whether it is already told that nothing is known of the run */
  #descend(layer: Layer, coding: TextCoding, run: Span, isTold = false): void {
    if (run.until - run.from < GROUP[coding] || this.#wasDecoded(layer, coding, run)) return
    const decoded = decodedLayer(layer, coding, run)
    if (decoded.depth > MOST_CODINGS) {
      this.#cut ||= codeLikeness(layer.bytes, run) === 'random'
      return
    }
    const known = this.#told()
    this.examine(decoded, 'all', 0)
    this.#followed.delete(decoded)
    if (
      !isTold &&
      this.#told() === known &&
      coding !== 'base32' &&
      looksEncoded(layer.bytes, coding, run) &&
      !isKnown(decoded.bytes)
    )
      this.unknown.push({ layer, span: run, looks: coding })
  }

  /** Whether the same characters have been decoded before: here, or before escapes around them were resolved. */
  /** Whether the same characters have been decoded before: on account of a trace, or before escapes around them were resolved. */
  #wasDecoded(layer: Layer, coding: TextCoding, run: Span): boolean {
    if (this.#followed.get(layer)?.has(keyOf(coding, run)) === true) return true
    return layer.isPart && layer.parent !== null && isUnchanged(layer, layer.parent, run)
  }

  /** A number that grows with everything that is learnt. */
  #told(): number {
    return this.#finds.all.length + this.unknown.length + this.#unpacked
  }

  /** Unpacks what begins as gzip does, anywhere, and as zlib does, at the beginning of a layer. */
  #unpack(layer: Layer): void {
    const { bytes } = layer
    if (layer.depth > 0 && isZlib(bytes)) this.#unpackFrom(layer, 0, 'deflate')
    const places = gzipPlaces(bytes)
    this.#cut ||= places.length >= MOST_GZIP
    for (const at of places) this.#unpackFrom(layer, at, 'gzip')
  }

  #unpackFrom(layer: Layer, from: number, coding: 'gzip' | 'deflate'): void {
    const inner = unpacked(coding, layer.bytes.subarray(from))
    if (inner === null) return
    if (inner === 'bomb' || layer.depth >= MOST_CODINGS || this.#unpackedBytes + inner.bytes.length > MOST_UNPACKED) {
      this.#cut = true
      return
    }
    this.#unpacked++
    this.#unpackedBytes += inner.bytes.length
    this.examine(unpackedLayer(layer, { from, until: layer.bytes.length }, coding, inner.bytes), 'all', 0)
  }
}

const NO_TRACES: readonly [Trace, number][] = []

const keyOf = (coding: TextCoding, { from }: Span): number => from * 16 + GROUP[coding]

/** Whether a run stands in the layer above with the same characters and the same ends. */
function isUnchanged(layer: Layer, parent: Layer, run: Span): boolean {
  const above = layer.above(run)
  if (above.until - above.from !== run.until - run.from || layer.coding(run) !== null) return false
  const around = runAround('base64', parent.bytes, above.from)
  return around.from === above.from
}

/** Whether a run can hardly be anything but encoded bytes, of which there are more than a word's. */
function looksEncoded(bytes: Uint8Array, coding: 'base64' | 'hex', run: Span): boolean {
  if (sizeOf(run) < LEAST_UNKNOWN[coding]) return false
  if (coding === 'base64') return codeLikeness(bytes, run) === 'random'
  const letters = bytes.subarray(run.from, run.until).filter((byte) => byte > 0x39).length
  return letters > 0 && letters < sizeOf(run)
}

const isKnown = (bytes: Uint8Array): boolean => isReadable(bytes) || isMedia(bytes)

const sizeOf = ({ from, until }: Span): number => until - from

function isWhole({ bytes: sought, flank, unit }: Spelling, bytes: Uint8Array, at: number): boolean {
  return standsAlone(flank, bytes, at, at + sought.length, unit)
}
