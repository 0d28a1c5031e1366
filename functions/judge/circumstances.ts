/** The circumstances that flows were seen in, once each. A million observations have few. */
import type { Hidden, Observation } from '../model.ts'
import type { Clocks } from './clocks.ts'
import type { Meant } from './host.ts'
import type { Timeline } from './timeline.ts'
import type { Circumstances } from './weighed-part.ts'

const TCP = 6
/** A TCP segment without data: two headers with every option that they can hold in practice. */
const BARE_SEGMENT_BYTES = 80

/** Numbers circumstances as they are first seen in observations. */
export class ObservedCircumstances {
  readonly all: Circumstances[] = []
  readonly #timeline: Timeline
  readonly #clocks: Clocks
  readonly #numbers = new Map<number, number>()

  constructor(timeline: Timeline, clocks: Clocks) {
    this.#timeline = timeline
    this.#clocks = clocks
  }

  at(number: number): Circumstances {
    const circumstances = this.all[number]
    if (!circumstances) throw new RangeError(`there are no circumstances ${number}`)
    return circumstances
  }

  number(observation: Observation, meant: Meant): number {
    const { first, last, deviceKnown } = observation
    const timeline = this.#timeline
    const clock = this.#clocks.number(observation.session)
    const clockErrorMs = this.#clocks.errorMs(clock)
    const from = timeline.slot(first - clockErrorMs * 1000)
    const until = timeline.slot(last + clockErrorMs * 1000)
    const within = from === until
    const clockedFrom = within ? from : timeline.slot(first)
    const clockedUntil = within ? until : timeline.slot(last)
    const hidden = hiddenOf(observation, meant)
    const attempt = isAttempt(observation)
    const slots = timeline.boundaries.length + 1
    // Mixed radix; exact in a double for a thousand boundaries and hundreds of clock errors.
    let key = ((from * slots + until) * slots + clockedFrom) * slots + clockedUntil
    key = key * this.#clocks.count + (within ? 0 : clock)
    key = key * 4 * HIDDEN.length + HIDDEN.indexOf(hidden) * 4 + (deviceKnown ? 2 : 0) + (attempt ? 1 : 0)
    let number = this.#numbers.get(key)
    if (number === undefined) {
      const clocked = { from: clockedFrom, until: clockedUntil }
      number = this.all.length
      this.all.push({ from, until, clocked, clockErrorMs: within ? 0 : clockErrorMs, hidden, deviceKnown, attempt })
      this.#numbers.set(key, number)
    }
    return number
  }
}

export const HIDDEN: readonly (Hidden | null)[] = [null, 'tls-without-sni', 'tls-ech', 'quic', 'http-without-host']

/** Why no name is seen: of interest only where none is known from elsewhere either. */
function hiddenOf({ hidden }: Observation, meant: Meant): Hidden | null {
  return meant.kind === 'unknown' ? hidden : null
}

/** TCP delivers nothing before the other end has answered. */
function isAttempt({ protocol, packetsIn, packetsOut, bytesOut }: Observation): boolean {
  return protocol === TCP && packetsIn === 0 && bytesOut <= BARE_SEGMENT_BYTES * packetsOut
}
