/** The locations of many parts, each once. */
import { Combinations } from './combinations.ts'
import { type Located, LocatedPlaces } from './located.ts'
import { Places } from './places.ts'
import type { WeighedPart } from './weighed-part.ts'
import { addPlaces } from './written-places.ts'

/** Remotes are told apart by their text: spellings of one address are located apart, and say the same. */
export class MergedLocations {
  readonly #remotes = new Texts()
  readonly #spellings = new Texts()
  readonly #places = new Places()
  readonly #located = new LocatedPlaces(this.#places)
  /** Numbers of the remote, the place, and the other spelling and 1; 0 where there is none. */
  readonly #locations = new Combinations()

  /** How many remotes there are. */
  get remotes(): number {
    return this.#remotes.all.length
  }

  /** @returns the numbers here of the part's locations, in their order */
  add(part: WeighedPart): readonly number[] {
    const { remotes, locations } = part
    const remoteNumbers = remotes.map((ip) => this.#remotes.number(ip))
    const placeNumbers = addPlaces(this.#places, part)
    const spelled = new Map(locations.spelled)
    return locations.remote.map((remote, number) => {
      const ip = spelled.get(number)
      return this.#locations.number(
        remoteNumbers[remote] ?? 0,
        placeNumbers[locations.place[number] ?? 0] ?? 0,
        ip === undefined ? 0 : this.#spellings.number(ip) + 1,
        0,
      )
    })
  }

  /** A location by its number. */
  located(number: number): Located {
    const spelling = this.#locations.at(number, 2)
    const ip = spelling > 0 ? this.#spellings.all[spelling - 1] : this.#remotes.all[this.#locations.at(number, 0)]
    if (ip === undefined) throw new RangeError(`location ${number} has no address`)
    return this.#located.at(number, ip, this.#locations.at(number, 1))
  }
}

/** Texts with numbers from 0. */
class Texts {
  readonly all: string[] = []
  readonly #numbers = new Map<string, number>()

  number(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.all.push(text) - 1
      this.#numbers.set(text, number)
    }
    return number
  }
}
