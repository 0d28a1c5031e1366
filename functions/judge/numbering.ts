/** Gives numbers of their own to those of a long list that are used. */
export class Numbering {
  /** The old numbers, by the new ones. */
  readonly used: number[] = []
  readonly #numbers: (number | undefined)[] = []

  /** The new number of an old one: the next from 0 where it is used for the first time. */
  number(old: number): number {
    let number = this.#numbers[old]
    if (number === undefined) {
      number = this.used.length
      this.used.push(old)
      this.#numbers[old] = number
    }
    return number
  }

  /** Those of a list that are used, in the order of their new numbers. */
  of<Value>(list: readonly Value[]): Value[] {
    return this.used.flatMap((old) => list[old] ?? [])
  }
}
