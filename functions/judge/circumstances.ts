/** The circumstances that flows were seen in, once each. A million observations have few. */
import type { Hidden, Observation } from '../model.ts'
import { CARRIED, carriedBy } from './carried.ts'
import type { Clocks } from './clocks.ts'
import { Combinations } from './combinations.ts'
import type { Meant } from './host.ts'
import type { Timeline } from './timeline.ts'
import type { Circumstances } from './weighed-part.ts'

/** Circumstances by their numbers: alike ones have the same. */
export class CircumstanceList {
  readonly all: Circumstances[] = []
  readonly #numbers = new Combinations()
  /** Slots by the rig's clock as it is. */
  readonly #clocked = new Combinations()
  readonly #clockErrors: number[] = []
  readonly #hidden: (Hidden | null)[] = []

  at(number: number): Circumstances {
    const circumstances = this.all[number]
    if (!circumstances) throw new RangeError(`there are no circumstances ${number}`)
    return circumstances
  }

  number(circumstances: Circumstances): number {
    const { from, until, clocked, clockErrorMs, hidden, deviceKnown, carried, contested } = circumstances
    return this.numberOf(
      from,
      until,
      clocked.from,
      clocked.until,
      clockErrorMs,
      hidden,
      deviceKnown,
      carried,
      contested,
    )
  }

  /** The same without an object: a million observations ask. */
  numberOf(
    from: number,
    until: number,
    clockedFrom: number,
    clockedUntil: number,
    clockErrorMs: number,
    hidden: Circumstances['hidden'],
    deviceKnown: boolean,
    carried: Circumstances['carried'],
    contested: boolean,
  ): number {
    const flags = (deviceKnown ? 1 : 0) + (contested ? 2 : 0)
    const kind = (placeOf(this.#hidden, hidden) * CARRIED.length + CARRIED.indexOf(carried)) * 4 + flags
    const within = from === until && clockedFrom === from && clockedUntil === until && clockErrorMs === 0
    const clock = within
      ? 0
      : 1 + this.#clocked.number(clockedFrom, clockedUntil, placeOf(this.#clockErrors, clockErrorMs), 0)
    const number = this.#numbers.number(from, until, clock, kind)
    if (number === this.all.length) {
      const clocked = { from: clockedFrom, until: clockedUntil }
      this.all.push({ from, until, clocked, clockErrorMs, hidden, deviceKnown, carried, contested })
    }
    return number
  }
}

/** The place of a value in a short list, at whose end it is put where it is new. */
function placeOf<Value>(list: Value[], value: Value): number {
  const place = list.indexOf(value)
  return place >= 0 ? place : list.push(value) - 1
}

/** The circumstances of observations. */
export class ObservedCircumstances {
  readonly #list = new CircumstanceList()
  readonly #timeline: Timeline
  readonly #clocks: Clocks

  constructor(timeline: Timeline, clocks: Clocks) {
    this.#timeline = timeline
    this.#clocks = clocks
  }

  get all(): readonly Circumstances[] {
    return this.#list.all
  }

  at(number: number): Circumstances {
    return this.#list.at(number)
  }

  /** @param contested as in {@link Circumstances} */
  number(observation: Observation, meant: Meant, contested: boolean): number {
    const { first, last, deviceKnown } = observation
    const timeline = this.#timeline
    const clockErrorMs = this.#clocks.errorMs(observation.session)
    const from = timeline.slot(first - clockErrorMs * 1000)
    const until = timeline.slot(last + clockErrorMs * 1000)
    const hidden = hiddenOf(observation, meant)
    const carried = carriedBy(observation)
    // Where the error reaches no boundary, it makes no difference.
    if (from === until) return this.#list.numberOf(from, from, from, from, 0, hidden, deviceKnown, carried, contested)
    const clockedFrom = timeline.slot(first)
    const clockedUntil = timeline.slot(last)
    return this.#list.numberOf(
      from,
      until,
      clockedFrom,
      clockedUntil,
      clockErrorMs,
      hidden,
      deviceKnown,
      carried,
      contested,
    )
  }
}

/** Why no name is seen: of interest only where none is known from elsewhere either. */
function hiddenOf({ hidden }: Observation, meant: Meant): Hidden | null {
  return meant.kind === 'unknown' ? hidden : null
}
