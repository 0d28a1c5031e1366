/** What was found, and what could be read, in flows that are judged together: the same in whatever order they come. */
import type { Examined, Hit, Opaque } from '../model.ts'
import { compareText } from '../net/code-units.ts'

/** Plain JSON. */
export interface Found {
  /** Flows of which everything that the device sent was read, some, and nothing; and those in which nobody looked. */
  readonly whole: number
  readonly partly: number
  readonly unread: number
  readonly unexamined: number
  readonly hits: readonly Hit[]
  readonly opaque: readonly Opaque[]
}

/** What an observation says of it. */
export function foundIn(examined: Examined | undefined, flows: number): Found {
  if (!examined) return { whole: 0, partly: 0, unread: 0, unexamined: flows, hits: [], opaque: [] }
  const { whole, partly, unread, hits, opaque } = examined
  // A flow of which nothing is said was not read.
  return { whole, partly, unread: Math.max(unread, flows - whole - partly), unexamined: 0, hits, opaque }
}

/** Adds up what was found. */
export class FoundSum {
  #whole = 0
  #partly = 0
  #unread = 0
  #unexamined = 0
  readonly #hits = new Map<string, Hit>()
  readonly #opaque = new Map<string, Opaque>()

  add({ whole, partly, unread, unexamined, hits, opaque }: Found): void {
    this.#whole += whole
    this.#partly += partly
    this.#unread += unread
    this.#unexamined += unexamined
    for (const hit of hits) this.#addHit(hit)
    for (const one of opaque) this.#addOpaque(one)
  }

  #addHit(hit: Hit): void {
    const { seed, kind, part, method, path, field, chain } = hit
    const key = JSON.stringify([kind, seed, part, method, path, field, chain])
    const known = this.#hits.get(key)
    if (!known) this.#hits.set(key, hit)
    else {
      // The excerpt is of the first; of two that stand equally far in, the order of their text decides.
      const first = known.offset - hit.offset || compareText(known.excerpt, hit.excerpt)
      this.#hits.set(key, { ...(first <= 0 ? known : hit), count: known.count + hit.count })
    }
  }

  #addOpaque(one: Opaque): void {
    const { part, method, path, field, looks } = one
    const key = JSON.stringify([part, method, path, field, looks])
    const known = this.#opaque.get(key)
    this.#opaque.set(key, known ? { ...one, bytes: known.bytes + one.bytes, count: known.count + one.count } : one)
  }

  /** In order of kind, seed and place. */
  get sum(): Found {
    const inOrder = <One>(byKey: ReadonlyMap<string, One>) =>
      [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one)
    return {
      whole: this.#whole,
      partly: this.#partly,
      unread: this.#unread,
      unexamined: this.#unexamined,
      hits: inOrder(this.#hits),
      opaque: inOrder(this.#opaque),
    }
  }
}

/** Where something stood, as a reader of HTTP says it: `POST /pass/register device.imei`. */
export function standsAt({ part, method, path, field }: Pick<Hit, 'part' | 'method' | 'path' | 'field'>): string {
  const named = part === 'header' || part === 'cookie' ? `${part} ${field ?? ''}`.trim() : field
  const parts = [method, path, named].filter((one) => one !== null && one !== '')
  if (parts.length > 0) return parts.join(' ')
  return part === 'name' ? 'a host name' : part === 'stream' ? 'a stream of no known protocol' : part
}

/** Through which encodings, from the outermost inwards; `clear` where there are none. */
export const chainOf = ({ chain }: Pick<Hit, 'chain'>): string => (chain.length === 0 ? 'clear' : chain.join(' > '))
