/** The sets of names that flows have, each as a small number. */
import type { Name } from '../model.ts'
import { canonicalNames } from './merge.ts'

export class NameSets {
  /** Number 0 is the empty set. */
  readonly #sets: (readonly Name[])[] = [[]]
  readonly #named: boolean[] = [false]
  readonly #namedBesideHello: boolean[] = [false]
  readonly #numbers = new Map<string, number>()
  /** Flows to one host often share their list; looking at its identity saves looking at its text. */
  readonly #known = new WeakMap<readonly Name[], number>()

  numberOf(names: readonly Name[]): number {
    if (names.length === 0) return 0
    const known = this.#known.get(names)
    if (known !== undefined) return known
    const set = canonicalNames(names)
    const text = JSON.stringify(set.map(({ name, via, asked, inside }) => [name, via, asked, inside]))
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.#sets.length
      this.#numbers.set(text, number)
      this.#sets.push(set.map((name) => ({ ...name })))
      // A name that the flow only asks for, or that was seen inside a tunnel, is not the host of the flow.
      const own = set.filter(({ asked, inside }) => !asked && !inside)
      this.#named.push(own.length > 0)
      this.#namedBesideHello.push(own.some(({ via }) => via !== 'tls-sni' && via !== 'quic-sni'))
    }
    // Only a list that nobody changes may be known by its identity.
    if (Object.isFrozen(names)) this.#known.set(names, number)
    return number
  }

  names(number: number): readonly Name[] {
    return this.#sets[number] ?? []
  }

  /** Whether one of the names is a host name of the flow. */
  isNamed(number: number): boolean {
    return this.#named[number] ?? false
  }

  /** The same where the hello is encrypted: the server name beside it may be only that of the provider in front. */
  isNamedBesideHello(number: number): boolean {
    return this.#namedBesideHello[number] ?? false
  }
}
