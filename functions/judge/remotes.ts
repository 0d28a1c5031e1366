/** The addresses that the device talked to: out of scope or not, and where they were located. */
import type { Location } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { specialPurpose } from '../net/special-purpose.ts'
import type { Located } from './evidence.ts'
import { digestOf } from './short-id.ts'

/** What is kept of a remote address. */
export interface Remote {
  /** Why its flows are out of scope; null where they are not. */
  readonly outside: string | null
  /** Flows of no known host that are left out of the judgement. */
  unnamed: number
  readonly located: { answer: Location; readonly value: Located }[]
}

export class Remotes {
  readonly #all = new Map<string, Remote>()
  #locations = 0

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
      remote = { outside: special === null ? null : `remote is ${special}`, unnamed: 0, located: [] }
      this.#all.set(ip, remote)
    }
    return remote
  }

  /** The same object for answers that say the same, whether or not the locator hands out one object twice. */
  located(remote: Remote, answer: Location): Located {
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
