/** Brings parts together: cases of the same names, location, circumstances, port and protocol become one. */
import { InputError } from '../errors.ts'
import type { Declaration, Judgement, Micros } from '../model.ts'
import { Docket } from './docket.ts'
import { Evidence } from './evidence.ts'
import { Hosts } from './host.ts'
import { MergedLocations } from './located.ts'
import { Origins } from './origins.ts'
import { LeftOut } from './out-of-scope.ts'
import { caseOf, outcomesOf } from './outcome.ts'
import { lawOf } from './residency.ts'
import { Timeline } from './timeline.ts'
import { type WeighedBy, weighedBy } from './weigh.ts'
import type { Circumstances, WeighedPart } from './weighed-part.ts'

/**
 * What all parts are together: the same in whatever order they come, and however the observations were divided. A part that
 * is added twice counts twice.
 */
export class MergedParts {
  readonly origins = new Origins()
  readonly leftOut = new LeftOut()
  readonly #locations = new MergedLocations()
  readonly #declaration: Declaration
  readonly #weighedBy: WeighedBy
  readonly #hosts: Hosts
  readonly #circumstances = new Map<string, Numbered>()
  readonly #docket = new Docket()
  readonly #unknownSessions = new Set<string>()
  #flows = 0
  #from: Micros = Number.POSITIVE_INFINITY
  #until: Micros = Number.NEGATIVE_INFINITY

  constructor(by: Parameters<typeof weighedBy>[0]) {
    this.#declaration = by.declaration
    this.#weighedBy = weighedBy(by)
    this.#hosts = new Hosts(by.declaration)
  }

  /** @throws InputError where the part was weighed by another declaration or other snapshots */
  add(part: WeighedPart): void {
    refuseForeign(part, this.#weighedBy)
    this.#flows += part.flows
    for (const session of part.unknownSessions) this.#unknownSessions.add(session)
    if (part.period && part.period.from < this.#from) this.#from = part.period.from
    if (part.period && part.period.until > this.#until) this.#until = part.period.until
    this.#addOutOfScope(part)
    this.#addCases(part)
  }

  #addOutOfScope({ remotes, outOfScope: { special, foreign, unknown } }: WeighedPart): void {
    for (const [reason, flows] of special) this.leftOut.special(reason, flows)
    for (const [host, flows] of foreign) this.leftOut.foreign(host, flows)
    for (const [remote, flows] of unknown) this.leftOut.unknown(remotes[remote] ?? '', flows)
  }

  #addCases(part: WeighedPart): void {
    const { cases, period } = part
    const locations = this.#locations.add(part)
    const names = part.names.map((list) => this.#hosts.meant(list).number)
    const circumstances = part.circumstances.map((seen) => this.#numberOf(seen))
    const origins = part.origins.map((origin) => this.origins.number(origin))
    const start = period?.from ?? 0
    const here = (numbers: readonly number[], column: readonly number[], row: number) => numbers[column[row] ?? 0] ?? 0
    for (const [row, from] of cases.origins.entries()) {
      const number = this.#docket.number(
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
      if (typeof from === 'number') this.#docket.add(number, figures, origins[from] ?? 0)
      else {
        const [one = 0, ...others] = from
        this.#docket.add(number, figures, origins[one] ?? 0)
        for (const other of others) this.#docket.addOrigin(number, origins[other] ?? 0)
      }
    }
  }

  #numberOf(circumstances: Circumstances): number {
    const { from, until, clocked, clockErrorMs, hidden, deviceKnown, attempt } = circumstances
    const key = [from, until, clocked.from, clocked.until, clockErrorMs, hidden, deviceKnown, attempt].join()
    const known = this.#circumstances.get(key) ?? { number: this.#circumstances.size, circumstances }
    this.#circumstances.set(key, known)
    return known.number
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

  get unknownSessions(): readonly string[] {
    return [...this.#unknownSessions].sort()
  }

  /** Judges every case. */
  evidence(): Evidence[] {
    const declaration = this.#declaration
    const docket = this.#docket
    const law = lawOf(declaration)
    const timeline = new Timeline(declaration.services)
    const located = this.#locations.located()
    const circumstances = [...this.#circumstances.values()]
    const evidence: Evidence[] = []
    for (let number = 0; number < docket.size; number++) {
      const place = located[docket.location(number)]
      const seen = circumstances[docket.circumstances(number)]
      if (!place || !seen) throw new RangeError(`case ${number} has no location or no circumstances`)
      const meant = this.#hosts.at(docket.names(number))
      const outcomes = outcomesOf(law, declaration, caseOf(meant, place.location, seen.circumstances, timeline))
      for (const [i, outcome] of outcomes.entries())
        evidence.push(new Evidence(outcome, place, docket, number, i === 0))
    }
    return evidence
  }

  /** Flows of which it is not known which end is the device. */
  get flowsOfUnknownDevice(): number {
    const known = Array.from(this.#circumstances.values(), ({ circumstances }) => circumstances.deviceKnown)
    let flows = 0
    for (let number = 0; number < this.#docket.size; number++)
      if (!known[this.#docket.circumstances(number)]) flows += this.#docket.flows(number)
    return flows
  }
}

interface Numbered {
  readonly number: number
  readonly circumstances: Circumstances
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
