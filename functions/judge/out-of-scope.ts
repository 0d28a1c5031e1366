/** What was left out of the judgement, so that a reader can see what it was: a vendor's host that nobody declared hides there. */
import type { OutOfScope } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import type { FlowsBy } from './weighed-part.ts'

/** Entries that are listed before the rest is only counted. */
const MOST = 200

const FOREIGN = "host is not the vendor's"
const UNKNOWN = 'host unknown, in no denied place'

/** Counts flows by why they are left out, by the host or by the address where that says more than the reason. */
export class LeftOut {
  readonly #special = new Map<string, number>()
  readonly #foreign = new Map<string, number>()
  readonly #unknown = new Map<string, number>()

  /** Where host and place do not matter, as with a remote that is no place on the Internet; counted by its reason alone. */
  special(reason: string, flows: number): void {
    add(this.#special, reason, flows)
  }

  /** A host that is somebody else's. */
  foreign(host: string, flows: number): void {
    add(this.#foreign, host, flows)
  }

  /** A host that nobody knows, at an address in no denied place. */
  unknown(ip: string, flows: number): void {
    add(this.#unknown, ip, flows)
  }

  /** Where the place of a host that is somebody else's, or nobody's, keeps no service from it. */
  concernsNobody(foreign: string | null, ip: string, flows: number): void {
    if (foreign === null) this.unknown(ip, flows)
    else this.foreign(foreign, flows)
  }

  copy(): LeftOut {
    const copy = new LeftOut()
    for (const [reason, flows] of this.#special) copy.special(reason, flows)
    for (const [host, flows] of this.#foreign) copy.foreign(host, flows)
    for (const [ip, flows] of this.#unknown) copy.unknown(ip, flows)
    return copy
  }

  get flows(): { readonly [Why in 'special' | 'foreign' | 'unknown']: FlowsBy<string> } {
    return { special: [...this.#special], foreign: [...this.#foreign], unknown: [...this.#unknown] }
  }

  /** Flows by reason, in order of the reasons' text. */
  get reasons(): Readonly<Record<string, number>> {
    const reasons = [...this.#special]
    if (this.#foreign.size > 0) reasons.push([FOREIGN, sum(this.#foreign)])
    if (this.#unknown.size > 0) reasons.push([UNKNOWN, sum(this.#unknown)])
    return Object.fromEntries(reasons.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The most flows first; the last entry counts the rest, so that the flows are the same as those of the reasons. */
  list(): readonly OutOfScope[] {
    const most = new Most()
    for (const [reason, flows] of this.#special) most.add({ flows, host: null, reason, remote: null })
    for (const [host, flows] of this.#foreign) most.add({ flows, host, reason: FOREIGN, remote: null })
    for (const [ip, flows] of this.#unknown) most.add({ flows, host: null, reason: UNKNOWN, remote: ip })
    return most.entries()
  }
}

function add(flowsBy: Map<string, number>, key: string, flows: number): void {
  flowsBy.set(key, (flowsBy.get(key) ?? 0) + flows)
}

const sum = (flowsBy: ReadonlyMap<string, number>) => [...flowsBy.values()].reduce((all, flows) => all + flows, 0)

/** The largest of many entries, without sorting them all. */
class Most {
  #kept: OutOfScope[] = []
  /** What an entry must come before to be kept. */
  #bar: OutOfScope | null = null
  #entries = 0
  #flows = 0

  add(entry: OutOfScope): void {
    this.#entries++
    this.#flows += entry.flows
    if (this.#bar && order(entry, this.#bar) > 0) return
    this.#kept.push(entry)
    if (this.#kept.length >= 10 * MOST) this.#cut()
  }

  #cut(): void {
    this.#kept = this.#kept.sort(order).slice(0, MOST)
    if (this.#kept.length === MOST) this.#bar = this.#kept.at(-1) ?? null
  }

  entries(): readonly OutOfScope[] {
    this.#cut()
    const rest = this.#entries - this.#kept.length
    if (rest === 0) return this.#kept
    const flows = this.#flows - this.#kept.reduce((sum, kept) => sum + kept.flows, 0)
    return [...this.#kept, { flows, host: null, reason: `${rest} more hosts, addresses or reasons`, remote: null }]
  }
}

function order(a: OutOfScope, b: OutOfScope): number {
  return (
    b.flows - a.flows ||
    compareText(a.reason, b.reason) ||
    compareText(a.host ?? '', b.host ?? '') ||
    compareText(a.remote ?? '', b.remote ?? '')
  )
}
