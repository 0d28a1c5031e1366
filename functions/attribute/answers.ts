/** What resolvers answered, so that a flow can be given the names that its client had learnt for its address. */

import type { Gap, Micros, Name, NameAnswer } from '../model.ts'
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

/** What is believed of one address. */
interface Believed {
  readonly beliefs: Belief[]
  /** The names that were given last, for the flows that follow: an address may have hundreds. */
  given: Given | null
}

/** Names in their order, each once, and for which flows they hold: as long as nothing is added to the beliefs. */
interface Given {
  readonly names: readonly Name[]
  readonly client: AddressKey
  readonly devices: number
  readonly from: Micros
  /** Exclusive. */
  readonly until: Micros
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
  readonly #byAddress = new Map<AddressKey, Believed>()
  /** Until when a name was believed that is forgotten, of each address; of all where there are too many to tell apart. */
  readonly #forgottenUntil = new Map<AddressKey, Micros>()
  #allForgottenUntil = Number.NEGATIVE_INFINITY
  readonly #forgotten = { from: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY, records: 0 }
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
    const believed = this.#byAddress.get(address)
    const beliefs = believed?.beliefs
    if (believed) believed.given = null
    const last = beliefs?.findLast((b) => b.client === client && b.name.name === name && b.name.via === via)
    if (last && time <= last.until && time >= last.from) {
      last.until = until
      last.renewed = true
      return
    }
    const belief: Belief = { address, client, name: { name, via }, from: time, until, renewed: false }
    // Of most addresses there is one belief: an array that begins empty would have room for seventeen.
    if (beliefs === undefined) this.#byAddress.set(address, { beliefs: [belief], given: null })
    else {
      beliefs.push(belief)
      if (beliefs.length > MOST_OF_ADDRESS) this.#forget(beliefs.shift())
    }
    this.#queue.push(belief)
    if (this.#queue.length - this.#evicted > MOST_BELIEFS) this.#evict()
  }

  /**
   * The names that a client could believe to be at an address at a time, behind a flow's `own`, each once: those that were
   * asked before those that an answer led to, the latest answer first. None where one of them may be forgotten: what is
   * left would decide in its place.
   *
   * @param at NaN where it is not known; nothing is believed then
   * @param devices addresses whose answers count like the client's; only ever grows. null: there are none
   * @returns `own` itself where there are no others
   */
  withAnswers(
    own: readonly Name[],
    address: AddressKey,
    at: Micros,
    client: AddressKey,
    devices: ReadonlySet<AddressKey> | null,
  ): readonly Name[] {
    const believed = this.#byAddress.get(address)
    if (!believed || Number.isNaN(at) || this.#isForgotten(address, at)) return own
    const { given } = believed
    const holds =
      given !== null &&
      given.client === client &&
      given.devices === (devices?.size ?? 0) &&
      given.from <= at &&
      at < given.until
    const { names } = holds ? given : give(believed, at, client, devices)
    if (own.length === 0) return names
    // Mostly one name stands for the address, and the flow tells the same.
    const more = names.length < 2 ? names.filter((n) => !tells(own, n)) : others(own, names)
    return more.length === 0 ? own : [...own, ...more]
  }

  /** The span in which names were forgotten because there were too many, if any were. */
  gaps(): Gap[] {
    const reason = 'DNS answers forgotten, more than are kept'
    return this.#forgotten.records === 0 ? [] : [{ ...this.#forgotten, reason }]
  }

  #isForgotten(address: AddressKey, at: Micros): boolean {
    if (this.#forgotten.records === 0) return false
    return at <= this.#allForgottenUntil || at <= (this.#forgottenUntil.get(address) ?? Number.NEGATIVE_INFINITY)
  }

  #forget(belief: Belief | undefined): void {
    if (!belief) return
    const { address, from, until } = belief
    const forgotten = this.#forgotten
    forgotten.from = Math.min(forgotten.from, from)
    forgotten.until = Math.max(forgotten.until, until)
    forgotten.records++
    if (this.#forgottenUntil.size === MOST_BELIEFS) {
      this.#forgottenUntil.clear()
      this.#allForgottenUntil = forgotten.until
    }
    this.#forgottenUntil.set(address, Math.max(until, this.#forgottenUntil.get(address) ?? until))
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
      const believed = this.#byAddress.get(oldest.address)
      const index = believed?.beliefs.indexOf(oldest) ?? -1
      if (believed && index >= 0) {
        believed.beliefs.splice(index, 1)
        believed.given = null
        this.#forget(oldest)
      }
      if (believed?.beliefs.length === 0) this.#byAddress.delete(oldest.address)
      if (this.#evicted > MOST_BELIEFS) {
        this.#queue = this.#queue.slice(this.#evicted)
        this.#evicted = 0
      }
      return
    }
  }
}

/** The names that hold at a time, remembered for as long as no answer begins or expires. */
function give(believed: Believed, at: Micros, client: AddressKey, devices: ReadonlySet<AddressKey> | null): Given {
  const found: Name[] = []
  let since = Number.NEGATIVE_INFINITY
  let until = Number.POSITIVE_INFINITY
  for (let i = believed.beliefs.length - 1; i >= 0; i--) {
    const belief = believed.beliefs[i]
    if (!belief || (belief.client !== client && !devices?.has(belief.client))) continue
    if (at < belief.from) until = Math.min(until, belief.from)
    // An answer holds up to and with the instant at which it expires, and all times are whole.
    else if (at > belief.until) since = Math.max(since, belief.until + 1)
    else {
      found.push(belief.name)
      since = Math.max(since, belief.from)
      until = Math.min(until, belief.until + 1)
    }
  }
  if (found.length > 1) found.sort((a, b) => rank(a) - rank(b))
  const names = found.length > 1 ? others([], found) : found
  // Whoever is given the same list again need not look at it again.
  believed.given = { names: Object.freeze(names), client, devices: devices?.size ?? 0, from: since, until }
  return believed.given
}

/** Those of `names` that `own` does not tell, each once. */
function others(own: readonly Name[], names: readonly Name[]): Name[] {
  const known = new Set(own.filter(isHost).map((n) => n.name))
  return names.filter(({ name }) => !known.has(name) && known.add(name))
}

function tells(names: readonly Name[], name: Name): boolean {
  return names.some((n) => isHost(n) && n.name === name.name)
}

/** Whether it is a name of the flow's own end: not merely asked for, nor of somebody behind a tunnel. */
function isHost({ asked, inside }: Name): boolean {
  return !asked && !inside
}

function rank(name: Name): number {
  return name.via === 'dns-cname' ? 1 : 0
}
