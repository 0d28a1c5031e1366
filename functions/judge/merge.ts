/** Brings parts together: cases of the same names, location, circumstances, port and protocol become one. */
import { InputError } from '../errors.ts'
import type { Judgement, Micros } from '../model.ts'
import { CircumstanceList } from './circumstances.ts'
import { ConsentTally } from './consent/tally.ts'
import { Docket } from './docket.ts'
import { Controls, SmallestHandshakes, Vantages } from './handshakes.ts'
import { Hosts, type Meant } from './host.ts'
import { InventoryTally } from './inventory.ts'
import type { Located } from './located.ts'
import { MergedLocations } from './merged-locations.ts'
import { Origins } from './origins.ts'
import { LeftOut } from './out-of-scope.ts'
import { ReadingSum } from './reading.ts'
import type { Weighed } from './weighed.ts'
import type { Circumstances, WeighedPart } from './weighed-part.ts'
import { type WeighedBy, weighedBy } from './written-part.ts'

/**
 * What all parts are together: the same in whatever order they come, and however the observations were divided. A part that
 * is added twice counts twice.
 */
export class MergedParts implements Weighed {
  readonly origins = new Origins()
  readonly leftOut = new LeftOut()
  readonly docket = new Docket()
  readonly vantages = new Vantages()
  readonly handshakes = new SmallestHandshakes()
  readonly controls = new Controls()
  readonly consent = new ConsentTally()
  readonly inventory = new InventoryTally()
  readonly reading = new ReadingSum()
  readonly #locations = new MergedLocations()
  readonly #weighedBy: WeighedBy
  readonly #hosts: Hosts
  readonly #circumstances = new CircumstanceList()
  readonly #steps = new Set<string>()
  readonly #unknownSessions = new Set<string>()
  #flows = 0
  #from: Micros = Number.POSITIVE_INFINITY
  #until: Micros = Number.NEGATIVE_INFINITY

  constructor(by: Parameters<typeof weighedBy>[0]) {
    this.#weighedBy = weighedBy(by)
    this.#hosts = new Hosts(by.declaration)
  }

  /** @throws InputError where the part was weighed by another declaration or other snapshots */
  add(part: WeighedPart): void {
    refuseForeign(part, this.#weighedBy)
    this.#flows += part.flows
    for (const step of part.steps) this.#steps.add(step)
    for (const session of part.unknownSessions) this.#unknownSessions.add(session)
    if (part.period && part.period.from < this.#from) this.#from = part.period.from
    if (part.period && part.period.until > this.#until) this.#until = part.period.until
    this.#addOutOfScope(part)
    const locations = this.#locations.add(part)
    this.#addHandshakes(part, locations)
    const origins = part.origins.map((origin) => this.origins.number(origin))
    this.#addCases(part, locations, origins)
    this.#addConsent(part, locations, origins)
    this.reading.add(part.reading)
    for (const row of part.inventory) this.inventory.add({ ...row, location: locations[row.location] ?? 0 })
  }

  #addConsent({ consent }: WeighedPart, locations: readonly number[], origins: readonly number[]): void {
    for (const row of consent.contacts)
      this.consent.addContact(
        { ...row, location: locations[row.location] ?? 0 },
        { ...row, origins: row.origins.map((origin) => origins[origin] ?? 0) },
      )
    for (const presence of consent.presence) this.consent.addPresence(presence)
  }

  #addHandshakes({ vantages, handshakes, controls }: WeighedPart, locations: readonly number[]): void {
    const numbers = vantages.map((vantage) => this.vantages.number(vantage))
    for (const [row, rttMs] of handshakes.rttMs.entries()) {
      const location = locations[handshakes.location[row] ?? 0] ?? 0
      this.handshakes.add(location, numbers[handshakes.vantage[row] ?? 0] ?? 0, handshakes.port[row] ?? 0, rttMs)
    }
    for (const [row, rttMs] of controls.rttMs.entries()) {
      const vantage = numbers[controls.vantage[row] ?? 0] ?? 0
      this.controls.add(controls.region[row] ?? '', vantage, controls.port[row] ?? 0, rttMs)
    }
  }

  #addOutOfScope({ remotes, outOfScope: { special, foreign, unknown } }: WeighedPart): void {
    for (const [reason, flows] of special) this.leftOut.special(reason, flows)
    for (const [host, flows] of foreign) this.leftOut.foreign(host, flows)
    for (const [remote, flows] of unknown) this.leftOut.unknown(remotes[remote] ?? '', flows)
  }

  #addCases(part: WeighedPart, locations: readonly number[], origins: readonly number[]): void {
    const { cases, period } = part
    const encrypted = new Set(part.encrypted)
    const names = part.names.map((list, i) => this.#hosts.meant(list, encrypted.has(i)).number)
    const circumstances = part.circumstances.map((seen) => this.#circumstances.number(seen))
    const start = period?.from ?? 0
    const here = (numbers: readonly number[], column: readonly number[], row: number) => numbers[column[row] ?? 0] ?? 0
    for (const [row, from] of cases.origins.entries()) {
      const number = this.docket.number(
        here(locations, cases.location, row),
        here(names, cases.names, row),
        here(circumstances, cases.circumstances, row),
        cases.port[row] ?? -1,
        cases.protocol[row] ?? -1,
      )
      const first = start + (cases.after[row] ?? 0)
      const figures = {
        flows: cases.flows[row] ?? 0,
        bytesOut: cases.bytesOut[row] ?? 0,
        bytesIn: cases.bytesIn[row] ?? 0,
        first,
        last: first + (cases.lasting[row] ?? 0),
      }
      if (typeof from === 'number') this.docket.add(number, figures, origins[from] ?? 0)
      else {
        const [one = 0, ...others] = from
        this.docket.add(number, figures, origins[one] ?? 0)
        for (const other of others) this.docket.addOrigin(number, origins[other] ?? 0)
      }
    }
  }

  get flows(): number {
    return this.#flows
  }

  get remotes(): number {
    return this.#locations.remotes
  }

  /** First and last packet of all observations. */
  get period(): Judgement['period'] {
    return this.#from <= this.#until ? { from: this.#from, until: this.#until } : null
  }

  get steps(): readonly string[] {
    return [...this.#steps].sort()
  }

  get unknownSessions(): readonly string[] {
    return [...this.#unknownSessions].sort()
  }

  get cases(): readonly number[] {
    return Array.from({ length: this.docket.size }, (_, number) => number)
  }

  meant(number: number): Meant {
    return this.#hosts.at(number)
  }

  circumstances(number: number): Circumstances {
    return this.#circumstances.at(number)
  }

  located(number: number): Located {
    return this.#locations.located(number)
  }
}

function refuseForeign(part: WeighedPart, by: WeighedBy): void {
  if (part.declaration !== by.declaration)
    throw new InputError(
      `concluding an audit by the declaration ${by.declaration}: a part was weighed by ${part.declaration}; weigh its observations again`,
    )
  if (part.snapshots.join() !== by.snapshots.join())
    throw new InputError(
      `concluding an audit with the snapshots ${by.snapshots.join(', ') || '(none)'}: a part was weighed with ${part.snapshots.join(', ') || '(none)'}; weigh its observations again, with the same reference data`,
    )
}
