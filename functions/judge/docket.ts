/** The cases that were seen, and what was decided about each. */
import type { Declaration, Observation } from '../model.ts'
import type { Clocks } from './clocks.ts'
import { Evidence, type Located } from './evidence.ts'
import type { Meant } from './host.ts'
import { type Case, type Outcome, outcomesOf } from './outcome.ts'
import { type Law, lawOf, type Span } from './residency.ts'
import { Timeline } from './timeline.ts'

const TCP = 6
/** A TCP segment without data: two headers with every option that they can hold in practice. */
const BARE_SEGMENT_BYTES = 80

/** What the number of a location is below: as many as a /6 of IPv4 has addresses. */
const MOST_LOCATIONS = 2 ** 26

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
  readonly #spans = new Map<number, { readonly number: number; readonly span: Span }>()
  readonly #cases = new Map<Meant, Map<number, Filed>>()

  constructor(declaration: Declaration, clocks: Clocks) {
    this.#declaration = declaration
    this.#law = lawOf(declaration)
    this.#timeline = new Timeline(declaration.services)
    this.#clocks = clocks
  }

  file(observation: Observation, meant: Meant, located: Located): Filed {
    const clock = this.#clocks.number(observation.session)
    const { number, span } = this.#span(observation, clock)
    const attempt = isAttempt(observation)
    const hidden = meant.kind === 'unknown' ? observation.hidden : null
    // Mixed radix; exact in a double for four million spans.
    let key = number * MOST_LOCATIONS + located.number
    key = key * 20 + HIDDEN.indexOf(hidden) * 4 + (observation.deviceKnown ? 2 : 0) + (attempt ? 1 : 0)
    let cases = this.#cases.get(meant)
    if (!cases) {
      cases = new Map()
      this.#cases.set(meant, cases)
    }
    let filed = cases.get(key)
    if (!filed) {
      const { deviceKnown } = observation
      const judged: Case = { meant, location: located.location, span, deviceKnown, attempt, hidden }
      filed = new Filed(outcomesOf(this.#law, this.#declaration, judged))
      cases.set(key, filed)
    }
    return filed
  }

  #span({ first, last }: Observation, clock: number): { readonly number: number; readonly span: Span } {
    const timeline = this.#timeline
    const clockErrorMs = this.#clocks.errorMs(clock)
    const from = timeline.slot(first - clockErrorMs * 1000)
    const until = timeline.slot(last + clockErrorMs * 1000)
    const clocked = from === until ? { from, until } : { from: timeline.slot(first), until: timeline.slot(last) }
    const slots = timeline.boundaries.length + 1
    // Mixed radix; exact in a double for a thousand boundaries and a thousand clock errors.
    let key = ((from * slots + until) * slots + clocked.from) * slots + clocked.until
    key = key * this.#clocks.count + (from === until ? 0 : clock)
    let known = this.#spans.get(key)
    if (!known) {
      known = { number: this.#spans.size, span: { timeline, from, until, clocked, clockErrorMs } }
      this.#spans.set(key, known)
    }
    return known
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
