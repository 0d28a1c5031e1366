/** What resolvers answered, so that a flow can be given the names that its client had learnt for its address. */

import type { Micros, Name, NameAnswer } from '../model.ts'
import { parseAddress } from '../net/address.ts'

/** An address as a key: the number of an IPv4 address, signed so that V8 keeps it without a box; the words of an IPv6 address as text. */
export type AddressKey = number | string

/** A span of time in which a client could believe that a name was at an address. */
interface Belief {
  readonly address: AddressKey
  readonly client: AddressKey
  readonly name: Name
  from: Micros
  /** When the latest answer expires. */
  until: Micros
  /** Answered again since it was last considered for eviction. */
  renewed: boolean
}

/** Beliefs that are kept, about 30 MB; beyond, the oldest leave first. */
const MOST_BELIEFS = 200_000
/** Beliefs about one address: an address of a content network may stand for any number of names. */
const MOST_OF_ADDRESS = 512
/**
 * An answer counts for at least this long: one with a TTL of zero is for the transaction in progress (RFC 1035, section
 * 3.2.1), and that includes connecting.
 */
const SHORTEST_LIFE: Micros = 1e6

/** The key of an address. */
export function addressKey(family: number, w0: number, w1: number, w2: number, w3: number): AddressKey {
  return family === 4 ? w0 | 0 : `${w0} ${w1} ${w2} ${w3}`
}

/** The key of an address in text form, null where it is none. */
export function keyOf(text: string): AddressKey | null {
  const address = parseAddress(text)
  return address && addressKey(address.family, ...address.words)
}

/** Remembers answers, a bounded number of them. */
export class Answers {
  readonly #byAddress = new Map<AddressKey, Belief[]>()
  /** In the order in which they are evicted. */
  #queue: Belief[] = []
  #evicted = 0
  #client: { readonly text: string; readonly key: AddressKey | null } = { text: '', key: null }

  /** Whether nothing has been answered yet. */
  get empty(): boolean {
    return this.#byAddress.size === 0
  }

  add(answer: NameAnswer): void {
    // Mostly it is the one device that asks.
    if (answer.client !== this.#client.text) this.#client = { text: answer.client, key: keyOf(answer.client) }
    const client = this.#client.key
    const address = keyOf(answer.address)
    if (client === null || address === null) return
    const { name, via, time } = answer
    const until = Math.max(answer.expires, time + SHORTEST_LIFE)
    const beliefs = this.#byAddress.get(address)
    const last = beliefs?.findLast((b) => b.client === client && b.name.name === name && b.name.via === via)
    if (last && time <= last.until && time >= last.from) {
      last.until = until
      last.renewed = true
      return
    }
    const belief: Belief = { address, client, name: { name, via }, from: time, until, renewed: false }
    // Of most addresses there is one belief: an array that begins empty would have room for seventeen.
    if (beliefs === undefined) this.#byAddress.set(address, [belief])
    else {
      beliefs.push(belief)
      if (beliefs.length > MOST_OF_ADDRESS) beliefs.shift()
    }
    this.#queue.push(belief)
    if (this.#queue.length - this.#evicted > MOST_BELIEFS) this.#evict()
  }

  /**
   * The names that a client could believe to be at an address at a time, behind a flow's `own`, each once: those that were
   * asked before those that an answer led to, the latest answer first.
   *
   * @param isClient whether answers to this client count
   * @returns `own` itself where there are no others
   */
  withAnswers(
    own: readonly Name[],
    address: AddressKey,
    at: Micros,
    isClient: (client: AddressKey) => boolean,
  ): readonly Name[] {
    const beliefs = this.#byAddress.get(address)
    if (!beliefs) return own
    const found: Name[] = []
    for (let i = beliefs.length - 1; i >= 0; i--) {
      const belief = beliefs[i]
      if (belief && belief.from <= at && at <= belief.until && isClient(belief.client)) found.push(belief.name)
    }
    // Mostly one name stands for the address, and the flow tells the same.
    const [only] = found
    if (found.length < 2) return only === undefined || tells(own, only) ? own : [...own, only]
    found.sort((a, b) => rank(a) - rank(b))
    const known = new Set(own.filter((n) => !n.asked).map((n) => n.name))
    const names = [...own]
    for (const name of found) {
      if (known.has(name.name)) continue
      known.add(name.name)
      names.push(name)
    }
    return names.length === own.length ? own : names
  }

  /** Makes room for one belief. */
  #evict(): void {
    for (;;) {
      const oldest = this.#queue[this.#evicted++]
      if (!oldest) return
      if (oldest.renewed) {
        oldest.renewed = false
        this.#queue.push(oldest)
        continue
      }
      const beliefs = this.#byAddress.get(oldest.address)
      const index = beliefs?.indexOf(oldest) ?? -1
      if (beliefs && index >= 0) beliefs.splice(index, 1)
      if (beliefs?.length === 0) this.#byAddress.delete(oldest.address)
      if (this.#evicted > MOST_BELIEFS) {
        this.#queue = this.#queue.slice(this.#evicted)
        this.#evicted = 0
      }
      return
    }
  }
}

function tells(names: readonly Name[], name: Name): boolean {
  return names.some((n) => !n.asked && n.name === name.name)
}

function rank(name: Name): number {
  return name.via === 'dns-cname' ? 1 : 0
}
