/** The cases that were seen, and what was decided about each. */
import type { Declaration, Observation } from '../model.ts'
import type { Clocks } from './clocks.ts'
import { Evidence, type Located } from './evidence.ts'
import type { Meant } from './host.ts'
import { type Case, type Outcome, outcomesOf } from './outcome.ts'
import { type Law, lawOf } from './residency.ts'
import { Timeline } from './timeline.ts'

const TCP = 6
/** A TCP segment without data: two headers with every option that they can hold in practice. */
const BARE_SEGMENT_BYTES = 80

/** What was decided about a case, and the evidence of it by port and protocol. */
export class Filed {
  readonly outcomes: readonly Outcome[]
  /** One piece of evidence an outcome. Most cases have one endpoint only; a map is made for the others. */
  #first: readonly Evidence[] = []
  #firstKey = -1
  #others: Map<number, readonly Evidence[]> | null = null

  constructor(outcomes: readonly Outcome[]) {
    this.outcomes = outcomes
  }

  find(endpoint: number): readonly Evidence[] | undefined {
    return endpoint === this.#firstKey ? this.#first : this.#others?.get(endpoint)
  }

  add(endpoint: number, evidence: readonly Evidence[]): void {
    if (this.#firstKey < 0) {
      this.#first = evidence
      this.#firstKey = endpoint
    } else {
      this.#others ??= new Map()
      this.#others.set(endpoint, evidence)
    }
  }
}

/**
 * Finds the outcomes of an observation. Cases that were seen before are found by a number, because a million observations
 * are few cases.
 */
export class Docket {
  readonly all: Evidence[] = []
  readonly #declaration: Declaration
  readonly #law: Law
  readonly #timeline: Timeline
  readonly #clocks: Clocks
  readonly #cases = new Map<Meant, Map<number, Filed>>()

  constructor(declaration: Declaration, clocks: Clocks) {
    this.#declaration = declaration
    this.#law = lawOf(declaration)
    this.#timeline = new Timeline(declaration.services)
    this.#clocks = clocks
  }

  file(observation: Observation, meant: Meant, located: Located): Filed {
    const clock = this.#clocks.number(observation.session)
    const errorMicros = this.#clocks.errorMs(clock) * 1000
    const from = this.#timeline.slot(observation.first - errorMicros)
    const until = this.#timeline.slot(observation.last + errorMicros)
    const attempt = isAttempt(observation)
    const hidden = meant.kind === 'unknown' ? observation.hidden : null
    const slots = this.#timeline.boundaries.length + 1
    // Mixed radix; exact in a double for a million locations, a thousand boundaries and a hundred clock errors.
    let key = (located.number * slots + from) * slots + until
    key = key * this.#clocks.count + (from === until ? 0 : clock)
    key = key * 20 + HIDDEN.indexOf(hidden) * 4 + (observation.deviceKnown ? 2 : 0) + (attempt ? 1 : 0)
    let cases = this.#cases.get(meant)
    if (!cases) {
      cases = new Map()
      this.#cases.set(meant, cases)
    }
    let filed = cases.get(key)
    if (!filed) {
      const span = { timeline: this.#timeline, from, until, clockErrorMs: this.#clocks.errorMs(clock) }
      const { deviceKnown } = observation
      const judged: Case = { meant, location: located.location, span, deviceKnown, attempt, hidden }
      filed = new Filed(outcomesOf(this.#law, this.#declaration, judged))
      cases.set(key, filed)
    }
    return filed
  }

  evidence(filed: Filed, located: Located, { port, protocol }: Observation): readonly Evidence[] {
    const endpoint = ((port ?? -1) + 1) * 257 + protocol + 1
    let evidence = filed.find(endpoint)
    if (!evidence) {
      evidence = filed.outcomes.map((outcome) => new Evidence(outcome, located, port, protocol))
      filed.add(endpoint, evidence)
      this.all.push(...evidence)
    }
    return evidence
  }
}

const HIDDEN = [null, 'tls-without-sni', 'tls-ech', 'quic', 'http-without-host'] as const

/** TCP delivers nothing before the other end has answered. */
function isAttempt({ protocol, packetsIn, packetsOut, bytesOut }: Observation): boolean {
  return protocol === TCP && packetsIn === 0 && bytesOut <= BARE_SEGMENT_BYTES * packetsOut
}
