/**
 * Where addresses stand, before and after one of them is named. What is concluded is there at once; prefixes and the sentences of
 * the evidence are worded when somebody reads them, because wording takes longer than everything before it.
 */
import type { Evidence, Grade, Location } from '../model.ts'
import type { Address } from '../net/address.ts'

/** What a location says but for its address and its evidence. */
export type PlaceFacts = Omit<Location, 'ip' | 'evidence'>

/** What a location says but for its address, and all addresses of a prefix share. */
export class Place implements PlaceFacts {
  readonly grade: Grade
  readonly country: string | null
  readonly subdivision: string | null
  readonly city: string | null
  readonly cloud: string | null
  readonly prefix: string | null
  readonly #word: () => readonly Evidence[]
  #evidence: readonly Evidence[] | undefined

  /** @param word gives the evidence; it is asked once */
  constructor({ grade, country, subdivision, city, cloud, prefix }: PlaceFacts, word: () => readonly Evidence[]) {
    this.grade = grade
    this.country = country
    this.subdivision = subdivision
    this.city = city
    this.cloud = cloud
    this.prefix = prefix
    this.#word = word
  }

  /** The same list each time. */
  get evidence(): readonly Evidence[] {
    this.#evidence ??= this.#word()
    return this.#evidence
  }
}

/** Says all of the place of an address, of which only the conclusion is known so far. */
export interface Places {
  placeOf(address: Address): Place
}

/** Looks like any other location to whoever reads, copies or writes it: all of its properties are its own. */
class PlacedAddress implements Location {
  readonly ip: string
  readonly grade: Grade
  readonly country: string | null
  readonly subdivision: string | null
  readonly city: string | null
  readonly cloud: string | null
  declare readonly prefix: string | null
  declare readonly evidence: readonly Evidence[]
  readonly #places: Places
  readonly #address: Address
  #place: Place | undefined

  constructor(ip: string, said: Omit<PlaceFacts, 'prefix'>, places: Places, address: Address) {
    this.ip = ip
    this.grade = said.grade
    this.country = said.country
    this.subdivision = said.subdivision
    this.city = said.city
    this.cloud = said.cloud
    this.#places = places
    this.#address = address
    this.#place = undefined
    Object.defineProperty(this, 'prefix', PlacedAddress.#prefix)
    Object.defineProperty(this, 'evidence', PlacedAddress.#evidence)
  }

  get #whole(): Place {
    this.#place ??= this.#places.placeOf(this.#address)
    return this.#place
  }

  static readonly #prefix: PropertyDescriptor & ThisType<PlacedAddress> = {
    configurable: true,
    enumerable: true,
    get() {
      return this.#whole.prefix
    },
  }

  static readonly #evidence: PropertyDescriptor & ThisType<PlacedAddress> = {
    configurable: true,
    enumerable: true,
    get() {
      return this.#whole.evidence
    },
  }
}

/**
 * The location of an address.
 *
 * @param said what is concluded of it
 * @param places is asked for the rest where somebody reads it
 */
export function placedAddress(
  ip: string,
  said: Omit<PlaceFacts, 'prefix'>,
  places: Places,
  address: Address,
): Location {
  return new PlacedAddress(ip, said, places, address)
}
