/** The cases that were seen, each with the flows that belong to it. */
import type { Hidden, Location, Micros, Observation, Service } from '../model.ts'
import type { Clocks } from './clocks.ts'
import { Combinations } from './combinations.ts'
import type { Meant } from './host.ts'
import type { Case } from './outcome.ts'
import type { Located, Remote } from './remotes.ts'
import type { Span } from './residency.ts'
import { Timeline } from './timeline.ts'

const TCP = 6
/** A TCP segment without data: two headers with every option that they can hold in practice. */
const BARE_SEGMENT_BYTES = 80

/** The flows of one case to one endpoint, folded together. */
export class Entry implements Case {
  readonly meant: Meant
  readonly remote: Remote
  readonly located: Located
  readonly span: Span
  readonly deviceKnown: boolean
  readonly attempt: boolean
  readonly hidden: Hidden | null
  readonly port: number | null
  readonly protocol: number
  flows = 0
  bytesOut = 0
  bytesIn = 0
  first: Micros
  last: Micros
  /** Most entries are of one origin; a set is made for the others. */
  readonly #origin: number
  #origins: Set<number> | null = null

  /** @param seen the first observation of the entry, which still has to be added */
  constructor(seen: Observation, meant: Meant, span: Span, remote: Remote, located: Located, origin: number) {
    this.meant = meant
    this.remote = remote
    this.located = located
    this.span = span
    this.deviceKnown = seen.deviceKnown
    this.attempt = isAttempt(seen)
    this.hidden = hiddenOf(seen, meant)
    this.port = seen.port
    this.protocol = seen.protocol
    this.first = seen.first
    this.last = seen.last
    this.#origin = origin
  }

  get location(): Location {
    return this.located.location
  }

  add(observation: Observation, origin: number): void {
    this.flows += observation.flows
    this.bytesOut += observation.bytesOut
    this.bytesIn += observation.bytesIn
    if (observation.first < this.first) this.first = observation.first
    if (observation.last > this.last) this.last = observation.last
    if (this.#origins) this.#origins.add(origin)
    else if (this.#origin !== origin) this.#origins = new Set([this.#origin, origin])
  }

  /** Numbers of {@link Origins}. */
  origins(): Iterable<number> {
    return this.#origins ?? [this.#origin]
  }
}

/** Folds observations by case before any is judged: a million observations are few cases. */
export class Docket {
  /** In the order in which they were first seen. */
  readonly entries: Entry[] = []
  readonly #combinations = new Combinations()
  readonly #timeline: Timeline
  readonly #clocks: Clocks
  readonly #spans = new Map<number, NumberedSpan>()

  constructor(services: readonly Service[], clocks: Clocks) {
    this.#timeline = new Timeline(services)
    this.#clocks = clocks
  }

  /** @param origin number of {@link Origins} */
  file(observation: Observation, meant: Meant, remote: Remote, located: Located, origin: number): void {
    const { port, protocol, deviceKnown } = observation
    const { number, span } = this.#span(observation, this.#clocks.number(observation.session))
    const hidden = HIDDEN.indexOf(hiddenOf(observation, meant))
    const circumstances = hidden * 4 + (deviceKnown ? 2 : 0) + (isAttempt(observation) ? 1 : 0)
    const entry = this.#combinations.number(
      located.number,
      meant.number,
      number * 4 * HIDDEN.length + circumstances,
      ((port ?? -1) + 1) * 257 + protocol + 1,
    )
    if (entry === this.entries.length) this.entries.push(new Entry(observation, meant, span, remote, located, origin))
    this.entries[entry]?.add(observation, origin)
  }

  #span({ first, last }: Observation, clock: number): NumberedSpan {
    const timeline = this.#timeline
    const clockErrorMs = this.#clocks.errorMs(clock)
    const from = timeline.slot(first - clockErrorMs * 1000)
    const until = timeline.slot(last + clockErrorMs * 1000)
    const within = from === until
    const clockedFrom = within ? from : timeline.slot(first)
    const clockedUntil = within ? until : timeline.slot(last)
    const slots = timeline.boundaries.length + 1
    // Mixed radix; exact in a double for a thousand boundaries and a thousand clock errors.
    let key = ((from * slots + until) * slots + clockedFrom) * slots + clockedUntil
    key = key * this.#clocks.count + (within ? 0 : clock)
    let known = this.#spans.get(key)
    if (!known) {
      const clocked = { from: clockedFrom, until: clockedUntil }
      known = { number: this.#spans.size, span: { timeline, from, until, clocked, clockErrorMs } }
      this.#spans.set(key, known)
    }
    return known
  }
}

interface NumberedSpan {
  readonly number: number
  readonly span: Span
}

const HIDDEN = [null, 'tls-without-sni', 'tls-ech', 'quic', 'http-without-host'] as const

/** Why no name is seen: of interest only where none is known from elsewhere either. */
function hiddenOf({ hidden }: Observation, meant: Meant): Hidden | null {
  return meant.kind === 'unknown' ? hidden : null
}

/** TCP delivers nothing before the other end has answered. */
function isAttempt({ protocol, packetsIn, packetsOut, bytesOut }: Observation): boolean {
  return protocol === TCP && packetsIn === 0 && bytesOut <= BARE_SEGMENT_BYTES * packetsOut
}
