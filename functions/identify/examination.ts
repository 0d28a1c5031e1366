/**
 * Looks through one piece of what was sent, layer by layer: searches it as it is, then each part of it that holds escapes, text of
 * base64, hexadecimal or base32, or packed bytes, as a layer of its own, down to {@link MOST_CODINGS}.
 */
import type { Seed } from '../model.ts'
import { codeLikeness } from './code-likeness.ts'
import { decodedLayer, eachRun, hexRuns, looksLikeBase32, runAround } from './code-runs.ts'
import { escapedSpans } from './escapes.ts'
import { standsAlone } from './flanks.ts'
import { chainOf, type Layer, type PackedPlace, placeOf, type Span, sliceLayer, unpackedLayer } from './layer.ts'
import { placeAt } from './location-finder.ts'
import { isMedia } from './media.ts'
import { GROUP, type Needle, type Spelling, type TextCoding, type Trace } from './needle.ts'
import { protobufValues } from './protobuf.ts'
import { isReadable } from './readable.ts'
import type { SeedSearch } from './seed-search.ts'
import { unescapedLayer } from './unescape.ts'
import { gzipPlaces, isZlib, MOST_UNPACKED, unpacked } from './unpack.ts'

/** Codings within each other, beside those that HTTP states; whatever lies deeper counts as unread. */
export const MOST_CODINGS = 4
/** Characters of 16 encoded bytes, as many as the shortest usual hash has. */
const LEAST_UNKNOWN = { base64: 22, hex: 32 }
/** What was found in one piece of content beyond this is not told apart. */
const MOST_FOUND = 1000
/** Bytes of what is worth unpacking: no frame of deflate that holds an identifier is shorter. */
const LEAST_PACKED = 12
/** Escapes within escapes. */
const MOST_ESCAPES = 3

/** A planted identifier, and where in which layer it stands. */
export interface Found {
  readonly seed: Seed
  readonly layer: Layer
  readonly span: Span
  /** How it is written there: hashed, backwards, as octets; empty where it is in clear. */
  readonly written: readonly string[]
}

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

/** Where something was met, and which of what was found it is. */
interface Met {
  place: PackedPlace
  readonly index: number
}

class Run implements Examination {
  readonly found: Found[] = []
  readonly unknown: Unknown[] = []
  cut = false
  #unpacked = 0
  readonly #search: SeedSearch
  /** By identifier and packed value. */
  readonly #met = new Map<string, Met[]>()
  readonly #decoded = new Map<Layer, Set<number>>()
  #unpackedBytes = 0

  constructor(search: SeedSearch) {
    this.#search = search
  }

  /** @returns whether anything was found, or is known, of the layer */
  examine(layer: Layer, what: 'all' | 'media', escapes: number): void {
    const traces: [Trace, number][] = []
    this.#search.needles.find(layer.bytes, (needle, at) => {
      if (needle.is === 'trace') traces.push([needle, at])
      else this.#meet(layer, needle, at)
    })
    this.#search.numbers.find(layer.bytes, ({ seed, chain }, from, until) =>
      this.#add({ seed, layer, span: { from, until }, written: chain }),
    )
    for (const [trace, at] of traces) this.#follow(layer, trace, at)
    if (what === 'media') return
    eachRun(layer.bytes, (run) => this.#decode(layer, run))
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
      if (span !== null) this.#add({ seed: needle.seed, layer, span, written: [] })
    } else if (isWhole(needle, layer.bytes, at)) {
      const span = { from: at, until: at + needle.bytes.length }
      this.#add({ seed: needle.seed, layer, span, written: needle.chain })
    }
  }

  /** What was met in two ways, such as with and without the escapes around it resolved, is one: by the shortest chain. */
  #add(found: Found): void {
    const place = placeOf(found.layer, found.span)
    const key = `${found.seed.id} ${place.within}`
    const known = this.#met.get(key) ?? []
    const other = known.find((each) => overlaps(each.place, place))
    if (other === undefined) {
      if (this.found.length >= MOST_FOUND) {
        this.cut = true
        return
      }
      this.#met.set(key, [...known, { place, index: this.found.length }])
      this.found.push(found)
    } else if (isPlainer(found, this.found[other.index] as Found)) {
      this.found[other.index] = found
      other.place = place
    }
  }

  /** Decodes the run around a trace, with groups beginning where the trace says that they do. */
  #follow(layer: Layer, { coding, phase }: Trace, at: number): void {
    const run = runAround(coding, layer.bytes, at)
    const group = GROUP[coding]
    this.#descend(layer, coding, {
      from: run.from + ((((at - phase - run.from) % group) + group) % group),
      until: run.until,
    })
  }

  /** Decodes a run that looks like encoded text. */
  #decode(layer: Layer, run: Span): void {
    const hex = hexRuns(layer.bytes, run)
    for (const part of hex) this.#descend(layer, 'hex', part)
    if (hex.length === 1 && hex[0]?.from === run.from && hex[0].until === run.until) return
    if (looksLikeBase32(layer.bytes, run)) this.#descend(layer, 'base32', run)
    if (codeLikeness(layer.bytes, run) === 'words') return
    this.#descend(layer, 'base64', run)
    // What follows the last slash may be a value of its own: in paths the slash is no digit of base64.
    const slash = layer.bytes.subarray(run.from, run.until).lastIndexOf(0x2f)
    if (slash >= 0) this.#descend(layer, 'base64', { from: run.from + slash + 1, until: run.until })
  }

  #descend(layer: Layer, coding: TextCoding, run: Span): void {
    if (run.until - run.from < GROUP[coding] || this.#wasDecoded(layer, coding, run)) return
    const decoded = decodedLayer(layer, coding, run)
    if (decoded.depth > MOST_CODINGS) {
      this.cut ||= codeLikeness(layer.bytes, run) === 'random'
      return
    }
    const known = this.#told()
    this.examine(decoded, 'all', 0)
    this.#decoded.delete(decoded)
    if (
      this.#told() === known &&
      coding !== 'base32' &&
      looksEncoded(layer.bytes, coding, run) &&
      !isKnown(decoded.bytes)
    )
      this.unknown.push({ layer, span: run, looks: coding })
  }

  /** Whether the same characters have been decoded before: here, or before escapes around them were resolved. */
  #wasDecoded(layer: Layer, coding: TextCoding, run: Span): boolean {
    const key = run.from * 16 + GROUP[coding]
    let decoded = this.#decoded.get(layer)
    if (decoded === undefined) {
      decoded = new Set()
      this.#decoded.set(layer, decoded)
    }
    if (decoded.has(key)) return true
    decoded.add(key)
    return layer.isPart && layer.parent !== null && isUnchanged(layer, layer.parent, run)
  }

  /** A number that grows with everything that is learnt. */
  #told(): number {
    return this.found.length + this.unknown.length + this.#unpacked
  }

  /** Unpacks what begins as gzip does, anywhere, and as zlib does, at the beginning of a layer. */
  #unpack(layer: Layer): void {
    const { bytes } = layer
    if (layer.depth > 0 && isZlib(bytes)) this.#unpackFrom(layer, 0, 'deflate')
    for (const at of gzipPlaces(bytes)) this.#unpackFrom(layer, at, 'gzip')
  }

  #unpackFrom(layer: Layer, from: number, coding: 'gzip' | 'deflate'): void {
    const inner = unpacked(coding, layer.bytes.subarray(from))
    if (inner === null) return
    if (inner === 'bomb' || layer.depth >= MOST_CODINGS || this.#unpackedBytes + inner.bytes.length > MOST_UNPACKED) {
      this.cut = true
      return
    }
    this.#unpacked++
    this.#unpackedBytes += inner.bytes.length
    this.examine(unpackedLayer(layer, { from, until: layer.bytes.length }, coding, inner.bytes), 'all', 0)
  }
}

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

/** The ends of what was decoded are known to two characters. */
const overlaps = (one: Span, other: Span): boolean => one.from < other.until - 2 && other.from < one.until - 2

/**
 * Through fewer codings. Else, in one layer, the longer spelling: with the country's code it holds the one without; and of two layers
 * the one that was looked through later, because what touches the value has been taken off.
 */
function isPlainer(one: Found, other: Found): boolean {
  const codings = ({ layer, span, written }: Found) => chainOf(layer, span).length + written.length
  const fewer = codings(one) - codings(other)
  if (fewer !== 0) return fewer < 0
  return one.layer !== other.layer || sizeOf(one.span) > sizeOf(other.span)
}

function isWhole({ bytes: sought, flank, unit }: Spelling, bytes: Uint8Array, at: number): boolean {
  return standsAlone(flank, bytes, at, at + sought.length, unit)
}
