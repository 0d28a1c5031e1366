/** The locations of many parts, each once. */
import type { Location } from '../model.ts'
import { Combinations } from './combinations.ts'
import { Places } from './places.ts'
import { digestOfText } from './short-id.ts'
import type { LocatedPlace, WeighedPart } from './weighed-part.ts'
import { addPlaces } from './written-places.ts'

/** A location with its digest over everything that it says. */
export interface Located {
  readonly location: Location
  readonly digest: string
}

/** Remotes are told apart by their text: spellings of one address are located apart, and say the same. */
export class MergedLocations {
  readonly #remotes = new Map<string, number>()
  readonly #spellings = new Map<string, number>()
  readonly #places = new Places()
  /** Numbers of the remote, the place, and the other spelling; that is 0 where there is none. */
  readonly #locations = new Combinations()

  /** How many remotes there are. */
  get remotes(): number {
    return this.#remotes.size
  }

  /** @returns the numbers here of the part's locations, in their order */
  add(part: WeighedPart): readonly number[] {
    const { remotes, locations } = part
    const remoteNumbers = remotes.map((ip) => numberIn(this.#remotes, ip))
    const placeNumbers = addPlaces(this.#places, part)
    const spelled = new Map(locations.spelled)
    return locations.remote.map((remote, number) => {
      const ip = spelled.get(number)
      return this.#locations.number(
        remoteNumbers[remote] ?? 0,
        placeNumbers[locations.place[number] ?? 0] ?? 0,
        ip === undefined ? 0 : numberIn(this.#spellings, ip) + 1,
        0,
      )
    })
  }

  /** Every location, by its number. */
  located(): readonly Located[] {
    const remotes = [...this.#remotes.keys()]
    const spellings = [...this.#spellings.keys()]
    const pieces = this.#places.evidence.map(({ rule, source, date, says, supports }) =>
      JSON.stringify([rule, source, date, says, supports]),
    )
    const places = this.#places.all.map((place) => ({
      place,
      evidence: place.evidence.flatMap((number) => this.#places.evidence[number] ?? []),
      text: placeText(place, pieces),
    }))
    const all: Located[] = []
    for (let number = 0; number < this.#locations.size; number++) {
      const found = places[this.#locations.at(number, 1)]
      if (!found) throw new RangeError(`location ${number} has no place`)
      const spelling = this.#locations.at(number, 2)
      const ip = (spelling === 0 ? remotes[this.#locations.at(number, 0)] : spellings[spelling - 1]) ?? ''
      const { grade, country, subdivision, city, cloud, prefix } = found.place
      all.push({
        location: { ip, grade, country, subdivision, city, cloud, prefix, evidence: found.evidence },
        digest: digestOfText(`[${JSON.stringify(ip)},${found.text}]`),
      })
    }
    return all
  }
}

/** What a location says but for its address, as JSON: once for all addresses of the place. */
function placeText(
  { grade, country, subdivision, city, cloud, prefix, evidence }: LocatedPlace,
  pieces: string[],
): string {
  const facts = JSON.stringify([grade, country, subdivision, city, cloud, prefix]).slice(1, -1)
  return `${facts},[${evidence.map((number) => pieces[number]).join(',')}]`
}

function numberIn(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text)
  if (number === undefined) {
    number = numbers.size
    numbers.set(text, number)
  }
  return number
}
