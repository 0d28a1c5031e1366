/** Gives numbers of their own to those of a long list that are used. */
export class Numbering {
  /** The old numbers, by the new ones. */
  readonly used: number[] = []
  readonly #numbers = new Map<number, number>()

  /** The new number of an old one: the next from 0 where it is used for the first time. */
  number(old: number): number {
    let number = this.#numbers.get(old)
    if (number === undefined) {
      number = this.used.length
      this.used.push(old)
      this.#numbers.set(old, number)
    }
    return number
  }
}
