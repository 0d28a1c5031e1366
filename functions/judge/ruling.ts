/** What is said of flows by one rule. */
import type { Verdict } from '../model.ts'

/** A verdict, why, and what would settle it where it is indeterminate. */
export interface Ruling {
  readonly verdict: Verdict
  /** Sentences for a person, the deciding one first. */
  readonly reasons: readonly string[]
  /** Null where the verdict is decided. */
  readonly settle: string | null
}
