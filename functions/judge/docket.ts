/** The cases that were seen, and what was decided about each. */
import type { Declaration, Observation } from '../model.ts'
import type { Clocks } from './clocks.ts'
import { Evidence, type Located } from './evidence.ts'
import type { Meant } from './host.ts'
import { type Case, type Outcome, outcomesOf } from './outcome.ts'
import type { Law } from './residency.ts'
import { Timeline } from './timeline.ts'

const TCP = 6
/** A TCP segment without data: two headers with every option that they can hold in practice. */
const BARE_SEGMENT_BYTES = 80

export interface Filed {
  readonly outcomes: readonly Outcome[]
  /** By port and protocol; one piece of evidence an outcome. */
  readonly endpoints: Map<number, Evidence[]>
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
    this.#law = {
      standard: declaration.standard,
      places: new Map(declaration.places.map((place) => [place.id, place])),
    }
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
      filed = { outcomes: outcomesOf(this.#law, this.#declaration, judged), endpoints: new Map() }
      cases.set(key, filed)
    }
    return filed
  }

  evidence(filed: Filed, located: Located, { port, protocol }: Observation): readonly Evidence[] {
    const key = ((port ?? -1) + 1) * 257 + protocol + 1
    let evidence = filed.endpoints.get(key)
    if (!evidence) {
      evidence = filed.outcomes.map((outcome) => new Evidence(outcome, located, port, protocol))
      filed.endpoints.set(key, evidence)
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
