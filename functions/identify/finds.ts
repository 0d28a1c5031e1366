/** Keeps what was found in one piece of content, each of it once. */
import type { Seed } from '../model.ts'
import { chainOf, type Layer, type PackedPlace, placeOf, type Span } from './layer.ts'

/** What was found in one piece of content beyond this is not told apart. */
const MOST_FOUND = 1000

/** A planted identifier, and where in which layer it stands. */
export interface Found {
  readonly seed: Seed
  readonly layer: Layer
  readonly span: Span
  /** How it is written there: hashed, backwards, as octets; empty where it is in clear. */
  readonly written: readonly string[]
}

/** Where something was met, and which of what was found it is. */
interface Met {
  place: PackedPlace
  readonly index: number
}

export class Finds {
  readonly #all: Found[] = []
  #isFull = false
  /** By identifier and packed value. */
  readonly #met = new Map<string, Met[]>()

  get all(): readonly Found[] {
    return this.#all
  }

  /** Whether there was more than is told apart. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** What was met in two ways, such as with and without the escapes around it resolved, is one: by the shortest chain. */
  add(found: Found): void {
    if (this.#isFull) return
    const place = placeOf(found.layer, found.span)
    const key = `${found.seed.id} ${place.within}`
    const known = this.#met.get(key)
    const other = known?.find((each) => overlaps(each.place, place))
    if (other !== undefined) {
      if (!isPlainer(found, this.#all[other.index] as Found)) return
      this.#all[other.index] = found
      other.place = place
    } else if (this.#all.length >= MOST_FOUND) this.#isFull = true
    else {
      const met = { place, index: this.#all.push(found) - 1 }
      if (known === undefined) this.#met.set(key, [met])
      else known.push(met)
    }
  }
}

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
