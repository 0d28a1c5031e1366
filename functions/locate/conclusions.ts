/**
 * What was concluded, by everything that was said: many addresses have the same said of them, and only the prefix and the words of
 * the evidence differ between them.
 */
import { Combinations } from './combinations.ts'
import type { PlaceFacts } from './place.ts'

/** What a place says but for the prefix. */
export type Conclusion = Omit<PlaceFacts, 'prefix'>

/** Steps remembered. Of 600,000 random IPv4 addresses the two packaged databases say some 73,000 different things. */
const kept = 1 << 18

export class Conclusions {
  readonly #combinations = new Combinations()
  readonly #concluded: (Conclusion | undefined)[] = []

  /** The beginning for a span of time and a family, and what is published of an address. */
  begin(span: number, family: 4 | 6, published: number): number {
    if (this.#combinations.size >= kept) this.clear()
    return this.#combinations.step(-2 * span - (family === 4 ? 0 : 1), published)
  }

  /** Goes on with what one database says. A number is good until the next {@link begin}. */
  and(said: number, record: number): number {
    return this.#combinations.step(said, record)
  }

  get(said: number): Conclusion | undefined {
    return this.#concluded[said]
  }

  set(said: number, { grade, country, subdivision, city, cloud }: Conclusion): void {
    this.#concluded[said] = { grade, country, subdivision, city, cloud }
  }

  clear(): void {
    this.#combinations.clear()
    this.#concluded.length = 0
  }
}
