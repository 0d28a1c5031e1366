/** The cases that were seen, each with the flows that belong to it. */
import type { Micros } from '../model.ts'
import { Combinations } from './combinations.ts'
import type { OriginNumbers } from './origins.ts'

/** What flows of one case add up to. */
export interface Figures {
  readonly flows: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly first: Micros
  readonly last: Micros
}

/**
 * Folds flows by case before any is judged: a million observations are few cases. Cases are numbered as they come; what a case
 * is made of are numbers too, those of whoever keeps the docket. Figures of a case lie side by side, because there are too many
 * cases for the processor's cache.
 */
export class Docket {
  readonly #cases = new Combinations()
  /** Flows, bytes out, bytes in, first and last of every case. */
  #figures = new Float64Array(5 * 512)
  /** Most cases are of one origin; a set is made for the others. */
  #origin = new Int32Array(512)
  readonly #origins = new Map<number, Set<number>>()

  get size(): number {
    return this.#cases.size
  }

  /**
   * The number of a case that flows are then added to.
   *
   * @param port -1 where there is none
   */
  number(location: number, names: number, circumstances: number, port: number, protocol: number): number {
    return this.#cases.number(location, names, circumstances, (port + 1) * PROTOCOLS + protocol + 1)
  }

  add(number: number, { flows, bytesOut, bytesIn, first, last }: Figures, origin: number): void {
    if (number >= this.#origin.length) this.#grow()
    const figures = this.#figures
    const at = 5 * number
    // Origins are kept one higher, so that 0 is a case without any flows yet.
    let known = this.#origin[number] ?? 0
    if (known === 0) {
      known = origin + 1
      this.#origin[number] = known
      figures[at + 3] = first
      figures[at + 4] = last
    }
    figures[at] = (figures[at] ?? 0) + flows
    figures[at + 1] = (figures[at + 1] ?? 0) + bytesOut
    figures[at + 2] = (figures[at + 2] ?? 0) + bytesIn
    if (first < (figures[at + 3] ?? 0)) figures[at + 3] = first
    if (last > (figures[at + 4] ?? 0)) figures[at + 4] = last
    if (known !== origin + 1) this.addOrigin(number, origin)
  }

  /** Another origin of flows that were added. */
  addOrigin(number: number, origin: number): void {
    const origins = this.#origins.get(number)
    if (origins) origins.add(origin)
    else this.#origins.set(number, new Set([(this.#origin[number] ?? 0) - 1, origin]))
  }

  #grow(): void {
    const figures = new Float64Array(2 * this.#figures.length)
    figures.set(this.#figures)
    this.#figures = figures
    const origin = new Int32Array(2 * this.#origin.length)
    origin.set(this.#origin)
    this.#origin = origin
  }

  location(number: number): number {
    return this.#cases.at(number, 0)
  }

  names(number: number): number {
    return this.#cases.at(number, 1)
  }

  circumstances(number: number): number {
    return this.#cases.at(number, 2)
  }

  port(number: number): number {
    return Math.floor(this.#cases.at(number, 3) / PROTOCOLS) - 1
  }

  protocol(number: number): number {
    return (this.#cases.at(number, 3) % PROTOCOLS) - 1
  }

  flows(number: number): number {
    return this.#figures[5 * number] ?? 0
  }

  bytesOut(number: number): number {
    return this.#figures[5 * number + 1] ?? 0
  }

  bytesIn(number: number): number {
    return this.#figures[5 * number + 2] ?? 0
  }

  first(number: number): Micros {
    return this.#figures[5 * number + 3] ?? 0
  }

  last(number: number): Micros {
    return this.#figures[5 * number + 4] ?? 0
  }

  origins(number: number): OriginNumbers {
    return this.#origins.get(number) ?? (this.#origin[number] ?? 0) - 1
  }
}

/** Protocol numbers from -1 to 255. */
const PROTOCOLS = 257
