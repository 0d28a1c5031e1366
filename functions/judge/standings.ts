/** Where addresses stand, with all that the audit saw of them: once each, for every case at the same address and time. */
import type { Control, Declaration, Handshake, Refiner } from '../model.ts'
import { exclusionOf } from './excluded.ts'
import { type Located, locatedAs } from './located.ts'
import { NOTHING_SEEN, type Seen } from './seen.ts'
import type { Weighed } from './weighed.ts'

export interface Standing {
  readonly located: Located
  readonly seen: Seen
}

export class Standings {
  readonly #weighed: Weighed
  readonly #refiner: Refiner
  readonly #ownNetworks: readonly string[]
  readonly #handshakes: ReadonlyMap<number, readonly Handshake[]>
  readonly #controls: readonly Control[]
  readonly #names: ReadonlyMap<number, ReadonlySet<string>>
  readonly #all: (Standing | undefined)[] = []

  constructor({ ownNetworks }: Declaration, weighed: Weighed, refiner: Refiner) {
    this.#weighed = weighed
    this.#refiner = refiner
    this.#ownNetworks = ownNetworks
    this.#handshakes = weighed.handshakes.bySubject(weighed.vantages)
    this.#controls = weighed.controls.list(weighed.vantages)
    this.#names = namesByLocation(weighed, refiner)
  }

  /** @param location its number */
  at(location: number): Standing {
    const known = this.#all[location]
    if (known) return known
    const standing = this.#refined(location)
    this.#all[location] = standing
    return standing
  }

  #refined(number: number): Standing {
    const located = this.#weighed.located(number)
    const ownNetworks = this.#ownNetworks
    const measured = this.#handshakes.get(number)
    const given = this.#names.get(number)
    if (!measured && !given && ownNetworks.length === 0) return { located, seen: NOTHING_SEEN }
    const handshakes = measured ?? []
    const names = [...(given ?? [])]
    const refined = (seen: Partial<Parameters<Refiner['refine']>[1]>) =>
      this.#refiner.refine(located.location, { handshakes, names, ownNetworks, ...seen })
    const location = refined({})
    const admitted = ownNetworks.length === 0 ? location : refined({ ownNetworks: [] })
    return {
      located: location === located.location ? located : locatedAs(location),
      seen: {
        admitted: admitted === location ? null : admitted,
        excluded: (places) =>
          handshakes.length === 0
            ? null
            : exclusionOf(places, handshakes, refined({ handshakes: [] }), {
                refiner: this.#refiner,
                controls: this.#controls,
              }),
      },
    }
  }
}

/** Names that tell where an address stands, of all cases there: an answer of a resolver is about the address. */
function namesByLocation(weighed: Weighed, refiner: Refiner): ReadonlyMap<number, ReadonlySet<string>> {
  const { docket, cases } = weighed
  const telling: (readonly string[])[] = []
  const byLocation = new Map<number, Set<string>>()
  for (const number of cases) {
    const list = docket.names(number)
    telling[list] ??= refiner.telling(weighed.meant(list).names)
    for (const name of telling[list] ?? []) {
      const location = docket.location(number)
      byLocation.set(location, (byLocation.get(location) ?? new Set()).add(name))
    }
  }
  return byLocation
}
