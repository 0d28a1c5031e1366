/** Where flows of some names went, before any handshake: by what a batch knows of each of its cases alone. */
import type { Declaration, Location, Refiner } from '../model.ts'
import { Combinations } from './combinations.ts'
import type { Meant } from './host.ts'
import type { Remotes } from './remotes.ts'

export class NamedPlaces {
  readonly #remotes: Remotes
  readonly #refiner: Refiner
  readonly #ownNetworks: readonly string[]
  /** By numbers of lists of names. */
  readonly #telling: (readonly string[])[] = []
  /** By numbers of locations and lists of names, where either says more than the location. */
  readonly #pairs = new Combinations()
  readonly #places: Location[] = []

  constructor({ ownNetworks }: Declaration, remotes: Remotes, refiner: Refiner) {
    this.#remotes = remotes
    this.#refiner = refiner
    this.#ownNetworks = ownNetworks
  }

  at(location: number, { number, names }: Meant): Location {
    const { answer } = this.#remotes.at(location)
    this.#telling[number] ??= this.#refiner.telling(names)
    const telling = this.#telling[number] ?? []
    if (telling.length === 0 && this.#ownNetworks.length === 0) return answer
    const pair = this.#pairs.number(location, number, 0, 0)
    this.#places[pair] ??= this.#refiner.refine(answer, {
      handshakes: [],
      names: telling,
      ownNetworks: this.#ownNetworks,
    })
    return this.#places[pair] ?? answer
  }
}
