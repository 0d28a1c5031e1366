/** What an audit is concluded by, whether one machine weighed its observations or many. */
import type { Declaration, Ledger, Locator, Micros, Session } from '../model.ts'

/** What an audit is concluded by, beside its weighed. */
export interface ConcludeInput {
  readonly ledgers: readonly Ledger[]
  readonly sessions: readonly Session[]
  readonly declaration: Declaration
  readonly locator: Pick<Locator, 'snapshots'>
  /** The day for which waivers are judged; the end of the evidence where it is not given. */
  readonly asOf?: Micros
}
