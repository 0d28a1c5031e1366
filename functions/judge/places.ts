/** Places where addresses stand, with the evidence for them, once each: all addresses of one prefix may share them. */
import type { Evidence, Location } from '../model.ts'
import type { LocatedPlace } from './weighed-part.ts'

/** Everything that a location says, but for the address. */
type Said = Omit<Location, 'ip'>

export class Places {
  readonly all: LocatedPlace[] = []
  readonly evidence: Evidence[] = []
  readonly #numbers = new Map<string, number>()
  /** By what a piece of evidence says, which hardly two have in common that differ otherwise. */
  readonly #pieces = new Map<string, number[]>()

  /** Places that say the same have the same number. */
  number(said: Said): number {
    const { grade, country, subdivision, city, cloud, prefix } = said
    const evidence = said.evidence.map((piece) => this.#piece(piece))
    const key = JSON.stringify([prefix, city, subdivision, country, cloud, grade, ...evidence])
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.all.length
      this.all.push({ grade, country, subdivision, city, cloud, prefix, evidence })
      this.#numbers.set(key, number)
    }
    return number
  }

  #piece(piece: Evidence): number {
    const alike = this.#pieces.get(piece.says) ?? []
    for (const number of alike) {
      const { rule, source, date, supports } = this.evidence[number] ?? piece
      if (rule === piece.rule && source === piece.source && date === piece.date && supports === piece.supports)
        return number
    }
    const number = this.evidence.length
    const { rule, source, date, says, supports } = piece
    // In the order of canonical JSON, as a report writes it.
    this.evidence.push({ date, rule, says, source, supports })
    this.#pieces.set(says, [...alike, number])
    return number
  }
}
