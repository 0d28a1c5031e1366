/** The addresses that the device talked to: out of scope or not, and where they were located. */
import type { Location, Locator, Micros } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { specialPurpose } from '../net/special-purpose.ts'
import { digestOf } from './short-id.ts'

/** A location, a number of its own in this audit, and its digest over everything that it says. */
export interface Located {
  readonly location: Location
  readonly number: number
  readonly digest: string
}

/** What is kept of a remote address. */
export interface Remote {
  readonly ip: string
  /** Why its flows are out of scope; null where they are not. */
  readonly outside: string | null
  /** Flows of no known host that are left out of the judgement. */
  unnamed: number
  readonly located: { answer: Location; readonly value: Located }[]
  /** Where it was found last, and the locator's span of time for which that holds; -1 for none. */
  latest: Located | null
  span: number
}

export class Remotes {
  readonly #locator: Locator
  readonly #all = new Map<string, Remote>()
  #locations = 0

  constructor(locator: Locator) {
    this.#locator = locator
  }

  get size(): number {
    return this.#all.size
  }

  all(): Iterable<readonly [ip: string, remote: Remote]> {
    return this.#all
  }

  get(ip: string): Remote {
    let remote = this.#all.get(ip)
    if (!remote) {
      const address = parseAddress(ip)
      const special = address ? specialPurpose(address.family, ...address.words) : 'not an address'
      const outside = special === null ? null : `remote is ${special}`
      remote = { ip, outside, unnamed: 0, located: [], latest: null, span: -1 }
      this.#all.set(ip, remote)
    }
    return remote
  }

  /** Where a remote stood at a time. */
  located(remote: Remote, at: Micros): Located {
    const span = this.#locator.spanOf?.(at) ?? -1
    if (remote.latest && span >= 0 && span === remote.span) return remote.latest
    remote.latest = this.#value(remote, this.#locator.locate(remote.ip, at))
    remote.span = span
    return remote.latest
  }

  /** The same object for answers that say the same, whether or not the locator hands out one object twice. */
  #value(remote: Remote, answer: Location): Located {
    for (const known of remote.located) if (known.answer === answer) return known.value
    const digest = digestOf([
      answer.ip,
      answer.grade,
      answer.country,
      answer.subdivision,
      answer.city,
      answer.cloud,
      answer.prefix,
      answer.evidence.map(({ rule, source, date, says, supports }) => [rule, source, date, says, supports]),
    ])
    const same = remote.located.find(({ value }) => value.digest === digest)
    if (same) {
      same.answer = answer
      return same.value
    }
    const value = { location: answer, number: this.#locations++, digest }
    remote.located.push({ answer, value })
    return value
  }
}
