/** Locations with their digests, once each. */
import type { Location } from '../model.ts'
import type { Places } from './places.ts'
import { digestOfText } from './short-id.ts'

/** A location with its digest over everything that it says. */
export interface Located {
  readonly location: Location
  readonly digest: string
}

/** @returns the same digest as {@link LocatedPlaces} gives for what says the same */
export function locatedAs(location: Location): Located {
  const { ip, grade, country, subdivision, city, cloud, prefix, evidence } = location
  const pieces = evidence.map(({ rule, source, date, says, supports }) => [rule, source, date, says, supports])
  const text = JSON.stringify([ip, grade, country, subdivision, city, cloud, prefix, pieces])
  return { location, digest: digestOfText(text) }
}

/** Makes locations of addresses and places by the locations' numbers, when they are first asked for. */
export class LocatedPlaces {
  readonly #places: Places
  readonly #located: (Located | undefined)[] = []
  /** By the numbers of places: what all their addresses share. */
  readonly #shared: (Shared | undefined)[] = []
  /** By the numbers of pieces of evidence: what they say, as JSON. */
  readonly #pieceTexts: (string | undefined)[] = []

  constructor(places: Places) {
    this.#places = places
  }

  /** @param number of the location, which always has the same address and place */
  at(number: number, ip: string, place: number): Located {
    let located = this.#located[number]
    if (!located) {
      const { facts, text } = this.#sharedBy(place)
      located = { location: { ip, ...facts }, digest: digestOfText(`[${JSON.stringify(ip)},${text}]`) }
      this.#located[number] = located
    }
    return located
  }

  #sharedBy(place: number): Shared {
    let shared = this.#shared[place]
    if (!shared) {
      const { grade, country, subdivision, city, cloud, prefix, evidence } = this.#places.at(place)
      const text = JSON.stringify([grade, country, subdivision, city, cloud, prefix]).slice(1, -1)
      shared = {
        facts: {
          ...{ grade, country, subdivision, city, cloud, prefix },
          evidence: evidence.map((piece) => this.#places.pieceAt(piece)),
        },
        text: `${text},[${evidence.map((piece) => this.#textOf(piece)).join(',')}]`,
      }
      this.#shared[place] = shared
    }
    return shared
  }

  #textOf(piece: number): string {
    let text = this.#pieceTexts[piece]
    if (text === undefined) {
      const { rule, source, date, says, supports } = this.#places.pieceAt(piece)
      text = JSON.stringify([rule, source, date, says, supports])
      this.#pieceTexts[piece] = text
    }
    return text
  }
}

/** What a location says but for its address. */
interface Shared {
  readonly facts: Omit<Location, 'ip'>
  /** The facts as JSON. */
  readonly text: string
}
