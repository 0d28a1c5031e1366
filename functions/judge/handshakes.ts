/** The smallest handshakes of whatever has a number, by where they were measured and on which port. Adding them in any order gives the same. */
import type { Control, Handshake, Observation, Session, Vantage } from '../model.ts'
import { Combinations } from './combinations.ts'

/** The places of rigs, numbered as they come. */
export class Vantages {
  readonly all: Vantage[] = []
  readonly #numbers = new Map<string, number>()

  number({ rig, place, latitude, longitude }: Vantage): number {
    const key = JSON.stringify([rig, place, latitude, longitude])
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.all.length)
    return this.all.push({ rig, place, latitude, longitude }) - 1
  }

  at(number: number): Vantage {
    const vantage = this.all[number]
    if (!vantage) throw new RangeError(`there is no vantage ${number}`)
    return vantage
  }
}

/** Which sessions' handshakes measure from where. */
export class Measuring {
  readonly vantages = new Vantages()
  /** By session: the number of its vantage, -1 where its rig's place is not known to the degree. */
  readonly #bySession = new Map<string, number>()

  constructor(sessions: readonly Session[]) {
    for (const { id, rig } of sessions) {
      const { city, country, latitude, longitude } = rig.place ?? {}
      const number =
        latitude === undefined || longitude === undefined
          ? -1
          : this.vantages.number({ rig: rig.id, place: city ?? country ?? '', latitude, longitude })
      // Of two sessions of one id the flows cannot be told apart, nor can it be told where they were measured.
      this.#bySession.set(id, (this.#bySession.get(id) ?? number) === number ? number : -1)
    }
  }

  /**
   * The number of the vantage from which an observation's handshake measures, -1 where it measures nothing. Where the remote
   * opened the connection (it has no port then), the handshake is the time of the device's own answer.
   */
  of({ session, handshakeRttMs, port, deviceKnown }: Observation): number {
    if (this.vantages.all.length === 0 || handshakeRttMs === null || !(handshakeRttMs > 0)) return -1
    if (port === null || !deviceKnown) return -1
    return this.#bySession.get(session) ?? -1
  }
}

/** By numbers of their own of what was measured and of the vantage, and by the port of the remote. */
export class SmallestHandshakes {
  readonly #keys = new Combinations()
  readonly #rttMs: number[] = []

  add(subject: number, vantage: number, port: number, rttMs: number): void {
    const number = this.#keys.number(subject, vantage, port, 0)
    const known = this.#rttMs[number]
    if (known === undefined || rttMs < known) this.#rttMs[number] = rttMs
  }

  get size(): number {
    return this.#rttMs.length
  }

  *[Symbol.iterator](): Generator<readonly [subject: number, vantage: number, port: number, rttMs: number]> {
    const keys = this.#keys
    for (const [number, rttMs] of this.#rttMs.entries())
      yield [keys.at(number, 0), keys.at(number, 1), keys.at(number, 2), rttMs]
  }

  /** By the numbers of what was measured. */
  bySubject(vantages: Vantages): ReadonlyMap<number, readonly Handshake[]> {
    const bySubject = new Map<number, Handshake[]>()
    for (const [subject, vantage, port, rttMs] of this) {
      const handshake = { vantage: vantages.at(vantage), port, rttMs }
      const handshakes = bySubject.get(subject)
      if (handshakes) handshakes.push(handshake)
      else bySubject.set(subject, [handshake])
    }
    return bySubject
  }
}

/** The smallest handshakes with all addresses of a region together. */
export class Controls {
  /** Regions by their numbers. */
  readonly regions: string[] = []
  readonly smallest = new SmallestHandshakes()
  readonly #numbers = new Map<string, number>()

  add(region: string, vantage: number, port: number, rttMs: number): void {
    let number = this.#numbers.get(region)
    if (number === undefined) {
      number = this.regions.push(region) - 1
      this.#numbers.set(region, number)
    }
    this.smallest.add(number, vantage, port, rttMs)
  }

  list(vantages: Vantages): readonly Control[] {
    return Array.from(this.smallest, ([region, vantage, port, rttMs]) => ({
      region: this.regions[region] ?? '',
      vantage: vantages.at(vantage),
      port,
      rttMs,
    }))
  }
}
