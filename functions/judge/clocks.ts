/** How far the clocks of the rigs may be off. */
import type { Session } from '../model.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'

/** The clock errors of the rigs, by session. */
export class Clocks {
  readonly #bySession = new Map<string, number>()
  readonly #unknown = new Set<string>()

  constructor(sessions: readonly Session[]) {
    // Of two sessions of one id, whose flows cannot be told apart, the worse clock holds.
    for (const { id, rig } of sessions)
      this.#bySession.set(id, Math.max(rig.clockErrorMs, this.#bySession.get(id) ?? 0))
  }

  /** The clock error of a session in milliseconds; {@link ASSUMED_CLOCK_ERROR_MS} where nobody described it. */
  errorMs(session: string): number {
    const error = this.#bySession.get(session)
    if (error === undefined) this.#unknown.add(session)
    return error ?? ASSUMED_CLOCK_ERROR_MS
  }

  /** The sessions that were asked for and that nobody described, sorted. */
  unknown(): readonly string[] {
    return [...this.#unknown].sort()
  }
}
