/** What tls, http, quic and alert events say of flows, kept until the flows' own events come, or the log ends. */
import type { FlowBatch, Hidden, Micros, Name } from '../../model.ts'
import type { NamedFlow } from '../payload/flow-names.ts'
import type { EveEvent } from './event.ts'

/** The ends of a flow. */
export interface Ends {
  /** Eight words: the source's address, then the destination's. */
  readonly words: Uint32Array
  readonly portA: number
  readonly portB: number
}

/** What is said of one flow. */
export interface Said extends NamedFlow, Ends {
  names: Name[] | undefined
  hidden: Hidden | undefined
  /** The flow's id, in the parts that it is read in. */
  readonly high: number
  readonly low: number
  readonly family: number
  readonly protocol: number
  /** NaN where no event says when. */
  start: Micros
  end: Micros
  packetsA: number
  packetsB: number
  bytesA: number
  bytesB: number
  /** Another flow of the same id: ids of old versions are used again. */
  next: Said | undefined
}

export class SaidOfFlows {
  readonly #byId = new Map<number | string, Said>()
  readonly #most: number
  readonly #forget: (said: Said) => void
  #kept = 0

  /** @param forget takes what was said first, where more is said than is kept, and whatever is left at the end */
  constructor(most: number, forget: (said: Said) => void) {
    this.#most = most
    this.#forget = forget
  }

  get isEmpty(): boolean {
    return this.#kept === 0
  }

  /** What is known of the flow of an event, to be added to; made where nothing is. */
  of(event: EveEvent): Said {
    const { key } = event.id
    const first = this.#byId.get(key)
    for (let said = first; said !== undefined; said = said.next)
      if (wayBetween(said, event.words, 0, event.words, 4, event.portA, event.portB) !== null) return said
    if (this.#kept >= this.#most) this.#forgetFirst()
    const said: Said = {
      names: undefined,
      hidden: undefined,
      high: event.id.high,
      low: event.id.low,
      family: event.family,
      words: event.words.slice(),
      portA: event.portA,
      portB: event.portB,
      protocol: event.protocol,
      start: Number.NaN,
      end: Number.NaN,
      packetsA: 0,
      packetsB: 0,
      bytesA: 0,
      bytesB: 0,
      next: this.#byId.get(key),
    }
    this.#byId.set(key, said)
    this.#kept++
    return said
  }

  /** Takes away what was said of a row's flow; undefined where nothing was. */
  take(key: number | string, batch: FlowBatch, row: number): Said | undefined {
    const { addressA, addressB, portA, portB } = batch
    let before: Said | undefined
    for (let said = this.#byId.get(key); said !== undefined; before = said, said = said.next) {
      const [first, a, b] = [row * 4, portA[row] as number, portB[row] as number]
      if (wayBetween(said, addressA, first, addressB, first, a, b) === null) continue
      if (before !== undefined) before.next = said.next
      else if (said.next !== undefined) this.#byId.set(key, said.next)
      else this.#byId.delete(key)
      this.#kept--
      return said
    }
    return undefined
  }

  /** Hands over all that is left. */
  end(): void {
    for (const first of this.#byId.values())
      for (let said: Said | undefined = first; said !== undefined; said = said.next) this.#forget(said)
    this.#byId.clear()
    this.#kept = 0
  }

  #forgetFirst(): void {
    for (const [key, first] of this.#byId) {
      this.#byId.delete(key)
      for (let said: Said | undefined = first; said !== undefined; said = said.next) {
        this.#kept--
        this.#forget(said)
      }
      return
    }
  }
}

/**
 * Whether something was said of a flow between two ends, `straight` from end A or `turned`: the same ports, and one of the
 * addresses; Suricata can write a forwarded client's address in place of the proxy's (`xff: overwrite`).
 */
export function wayBetween(
  ends: Ends,
  wordsA: Uint32Array,
  a: number,
  wordsB: Uint32Array,
  b: number,
  portA: number,
  portB: number,
): 'straight' | 'turned' | null {
  if (isStraight(ends, wordsA, a, wordsB, b, portA, portB)) return 'straight'
  return isStraight(ends, wordsB, b, wordsA, a, portB, portA) ? 'turned' : null
}

function isStraight(
  ends: Ends,
  wordsA: Uint32Array,
  a: number,
  wordsB: Uint32Array,
  b: number,
  portA: number,
  portB: number,
): boolean {
  if (ends.portA !== portA || ends.portB !== portB) return false
  return isSame(ends.words, 0, wordsA, a) || isSame(ends.words, 4, wordsB, b)
}

function isSame(left: Uint32Array, i: number, right: Uint32Array, j: number): boolean {
  return (
    left[i] === right[j] && left[i + 1] === right[j + 1] && left[i + 2] === right[j + 2] && left[i + 3] === right[j + 3]
  )
}
