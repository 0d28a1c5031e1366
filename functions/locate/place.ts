/**
 * Where addresses stand, before and after one of them is named. What is concluded is there at once; the sentences of the
 * evidence are worded when somebody reads them, because wording takes longer than everything before it.
 */
import type { Evidence, Grade, Location } from '../model.ts'

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

/** Looks like any other location to whoever reads, copies or writes it: all of its properties are its own. */
class PlacedAddress implements Location {
  readonly ip: string
  readonly grade: Grade
  readonly country: string | null
  readonly subdivision: string | null
  readonly city: string | null
  readonly cloud: string | null
  readonly prefix: string | null
  declare readonly evidence: readonly Evidence[]
  readonly #place: Place

  constructor(ip: string, place: Place) {
    this.ip = ip
    this.grade = place.grade
    this.country = place.country
    this.subdivision = place.subdivision
    this.city = place.city
    this.cloud = place.cloud
    this.prefix = place.prefix
    this.#place = place
    Object.defineProperty(this, 'evidence', PlacedAddress.#worded)
  }

  static readonly #worded: PropertyDescriptor & ThisType<PlacedAddress> = {
    configurable: true,
    enumerable: true,
    get() {
      return this.#place.evidence
    },
  }
}

/** The location of an address; `evidence` is that of the place. */
export function placedAddress(ip: string, place: Place): Location {
  return new PlacedAddress(ip, place)
}
