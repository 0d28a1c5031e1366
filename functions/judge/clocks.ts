/** How far the clocks of the rigs may be off. */
import type { Session } from '../model.ts'

/** The clock errors of the rigs, by session, as few numbers. */
export class Clocks {
  readonly #bySession: Map<string, number>
  readonly #unknown = new Set<string>()
  readonly #errors: readonly number[]

  constructor(sessions: readonly Session[]) {
    this.#errors = [...new Set([0, ...sessions.map(({ rig }) => rig.clockErrorMs)])].sort((a, b) => a - b)
    this.#bySession = new Map(sessions.map(({ id, rig }) => [id, this.#errors.indexOf(rig.clockErrorMs)]))
  }

  get count(): number {
    return this.#errors.length
  }

  /** Which clock error holds for a session; 0 ms where nobody described it. */
  number(session: string): number {
    const number = this.#bySession.get(session)
    if (number === undefined) this.#unknown.add(session)
    return number ?? 0
  }

  errorMs(number: number): number {
    return this.#errors[number] ?? 0
  }

  unknown(): readonly string[] {
    return [...this.#unknown].sort()
  }
}
