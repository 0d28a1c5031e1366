/** The addresses that the device talked to: out of scope or not, and where they were located. */
import type { Location, Locator, Micros } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { specialPurpose } from '../net/special-purpose.ts'
import { type Located, LocatedPlaces } from './located.ts'
import { Numbering } from './numbering.ts'
import { Places } from './places.ts'
import type { WeighedPart } from './weighed-part.ts'
import { writtenPlaces } from './written-places.ts'

/** What is kept of a remote address. */
export interface Remote {
  readonly ip: string
  readonly number: number
  /** Why its flows are out of scope; null where they are not. */
  readonly outside: string | null
  /** Where it stood, as the locator answered, with numbers of locations. */
  readonly located: { answer: Location; readonly number: number }[]
  /** Number of the location found last, and the locator's span of time for which that holds; -1 for none. */
  latest: number
  span: number
}

type WrittenRemotes = Pick<WeighedPart, 'remotes' | 'kinds' | 'evidence' | 'places' | 'locations'>

interface NumberedLocation {
  readonly remote: Remote
  readonly place: number
  readonly ip: string
}

/** Remotes, places and locations with their numbers in one part. */
export class Remotes {
  readonly #places = new Places()
  readonly #located = new LocatedPlaces(this.#places)
  readonly #locator: Locator
  readonly #all = new Map<string, Remote>()
  readonly #locations: NumberedLocation[] = []

  constructor(locator: Locator) {
    this.#locator = locator
  }

  get(ip: string): Remote {
    let remote = this.#all.get(ip)
    if (!remote) {
      const address = parseAddress(ip)
      const special = address ? specialPurpose(address.family, ...address.words) : 'not an address'
      const outside = special === null ? null : `remote is ${special}`
      remote = { ip, number: this.#all.size, outside, located: [], latest: -1, span: -1 }
      this.#all.set(ip, remote)
    }
    return remote
  }

  get count(): number {
    return this.#all.size
  }

  /** Number of the location where a remote stood at a time. */
  locate(remote: Remote, at: Micros): number {
    const span = this.#locator.spanOf?.(at) ?? -1
    if (span >= 0 && span === remote.span) return remote.latest
    remote.latest = this.#number(remote, this.#locator.locate(remote.ip, at))
    remote.span = span
    return remote.latest
  }

  /** The same for answers that say the same, whether or not the locator hands out one object twice. */
  #number(remote: Remote, answer: Location): number {
    for (const known of remote.located) if (known.answer === answer) return known.number
    const place = this.#places.placeOf(answer)
    const same = remote.located.find(({ number }) => {
      const location = this.#locations[number]
      return location?.place === place && location.ip === answer.ip
    })
    if (same) {
      same.answer = answer
      return same.number
    }
    const number = this.#locations.length
    this.#locations.push({ remote, place, ip: answer.ip })
    remote.located.push({ answer, number })
    return number
  }

  /** A location by its number: whose it is, and any answer of the locator that says it. */
  at(number: number): { readonly remote: Remote; readonly answer: Location } {
    const { remote } = this.#at(number)
    const known = remote.located.find((one) => one.number === number)
    if (!known) throw new RangeError(`location ${number} is not among those of its remote`)
    return { remote, answer: known.answer }
  }

  /** A location by its number, with its digest. */
  located(number: number): Located {
    const { ip, place } = this.#at(number)
    return this.#located.at(number, ip, place)
  }

  #at(number: number): NumberedLocation {
    const location = this.#locations[number]
    if (!location) throw new RangeError(`there is no location ${number}`)
    return location
  }

  /** Every remote, and some of the locations in the order given, with what they rest on. */
  written(numbers: readonly number[]): WrittenRemotes {
    const places = new Numbering()
    const remote: number[] = []
    const place: number[] = []
    const spelled: [number, string][] = []
    for (const [number, old] of numbers.entries()) {
      const location = this.#at(old)
      remote.push(location.remote.number)
      place.push(places.number(location.place))
      if (location.ip !== location.remote.ip) spelled.push([number, location.ip])
    }
    return {
      remotes: [...this.#all.keys()],
      ...writtenPlaces(this.#places, places.used),
      locations: { remote, place, spelled },
    }
  }
}
