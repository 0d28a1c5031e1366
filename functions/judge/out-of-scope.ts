/** What was left out of the judgement, so that a reader can see what it was: a vendor's host that nobody declared hides there. */
import type { OutOfScope } from '../model.ts'
import type { Meant } from './host.ts'
import type { Remote, Remotes } from './remotes.ts'

/** Entries that are listed before the rest is only counted. */
const MOST = 200

const FOREIGN = "host is not the vendor's"
const UNKNOWN = 'host unknown, in no denied place'

/** Counts flows by why they are left out. A million observations have few reasons and names; addresses count for themselves. */
export class LeftOut {
  readonly #byReason = new Map<string, number>()
  readonly #byMeant = new Map<Meant, number>()

  /** A remote that is no place on the Internet; it is counted by its reason alone. */
  special(reason: string, flows: number): void {
    this.#count(reason, flows)
  }

  foreign(meant: Meant, flows: number): void {
    this.#count(FOREIGN, flows)
    this.#byMeant.set(meant, (this.#byMeant.get(meant) ?? 0) + flows)
  }

  unknown(remote: Remote, flows: number): void {
    this.#count(UNKNOWN, flows)
    remote.unnamed += flows
  }

  #count(reason: string, flows: number): void {
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + flows)
  }

  /** Flows by reason, in order of the reasons' text. */
  get reasons(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byReason].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The most flows first; the last entry counts the rest, so that the flows are the same as those of the reasons. */
  list(remotes: Remotes): readonly OutOfScope[] {
    const byHost = new Map<string, number>()
    for (const [{ foreign }, flows] of this.#byMeant)
      if (foreign !== null) byHost.set(foreign, (byHost.get(foreign) ?? 0) + flows)
    const most = new Most()
    for (const [reason, flows] of this.#byReason)
      if (reason !== FOREIGN && reason !== UNKNOWN) most.add({ flows, host: null, reason, remote: null })
    for (const [host, flows] of byHost) most.add({ flows, host, reason: FOREIGN, remote: null })
    for (const [ip, { unnamed }] of remotes.all())
      if (unnamed > 0) most.add({ flows: unnamed, host: null, reason: UNKNOWN, remote: ip })
    return most.entries()
  }
}

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
    compare(a.reason, b.reason) ||
    compare(a.host ?? '', b.host ?? '') ||
    compare(a.remote ?? '', b.remote ?? '')
  )
}

/** By code units: the same on every machine, whatever its language. */
const compare = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)
