/** Places where addresses stand, with the evidence for them, once each: all addresses of one prefix may share them. */
import type { Evidence, Location } from '../model.ts'
import { Combinations } from './combinations.ts'
import type { LocatedPlace } from './weighed-part.ts'

type Facts = Omit<LocatedPlace, 'evidence'>

/** Numbers evidence and places by what they say. A hundred thousand places are told apart without writing any as text. */
export class Places {
  readonly all: LocatedPlace[] = []
  readonly evidence: Evidence[] = []
  /** The first piece of evidence with a sentence, and behind each the next one that differs otherwise; -1 ends it. */
  readonly #firstPiece = new Map<string, number>()
  readonly #nextPiece: number[] = []
  /** Lists of evidence: the list without its last piece (0 where that is empty), and that piece. */
  readonly #lists = new Combinations()
  /** The same for places with one list of evidence. */
  readonly #firstPlace: number[] = []
  readonly #nextPlace: number[] = []
  /** Places of lists of evidence as a locator hands them out: addresses of one prefix may share one. */
  readonly #byList = new Map<readonly Evidence[], number>()

  at(number: number): LocatedPlace {
    const place = this.all[number]
    if (!place) throw new RangeError(`there is no place ${number}`)
    return place
  }

  pieceAt(number: number): Evidence {
    const piece = this.evidence[number]
    if (!piece) throw new RangeError(`there is no piece of evidence ${number}`)
    return piece
  }

  /** The number of the place where a location stands. */
  placeOf(location: Location): number {
    const known = this.#byList.get(location.evidence)
    if (known !== undefined && sameFacts(this.at(known), location)) return known
    const number = this.place(
      location,
      location.evidence.map((piece) => this.piece(piece)),
    )
    this.#byList.set(location.evidence, number)
    return number
  }

  /** The number of a piece of evidence: pieces that say the same have the same. */
  piece(piece: Evidence): number {
    const { rule, source, date, says, supports } = piece
    let last = -1
    for (let known = this.#firstPiece.get(says) ?? -1; known >= 0; known = this.#nextPiece[known] ?? -1) {
      const other = this.evidence[known]
      if (other?.rule === rule && other.source === source && other.date === date && other.supports === supports)
        return known
      last = known
    }
    const number = this.evidence.length
    // In the order of canonical JSON, as a report writes it.
    this.evidence.push({ date, rule, says, source, supports })
    this.#nextPiece.push(-1)
    if (last < 0) this.#firstPiece.set(says, number)
    else this.#nextPiece[last] = number
    return number
  }

  /**
   * The number of a place: places that say the same have the same.
   *
   * @param evidence numbers of the pieces, in their order
   */
  place(facts: Facts, evidence: readonly number[]): number {
    let list = 0
    for (const piece of evidence) list = this.#lists.number(list, piece, 0, 0) + 1
    let last = -1
    for (let known = this.#firstPlace[list] ?? -1; known >= 0; known = this.#nextPlace[known] ?? -1) {
      if (sameFacts(this.at(known), facts)) return known
      last = known
    }
    const { grade, country, subdivision, city, cloud, prefix } = facts
    const number = this.all.length
    this.all.push({ grade, country, subdivision, city, cloud, prefix, evidence })
    this.#nextPlace.push(-1)
    if (last < 0) this.#firstPlace[list] = number
    else this.#nextPlace[last] = number
    return number
  }
}

function sameFacts(a: Facts, b: Facts): boolean {
  return (
    a.grade === b.grade &&
    a.country === b.country &&
    a.subdivision === b.subdivision &&
    a.city === b.city &&
    a.cloud === b.cloud &&
    a.prefix === b.prefix
  )
}
