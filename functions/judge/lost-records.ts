/** What a capture lost: records that were left out and may have been of flows. */
import type { Ledger } from '../model.ts'
import { isHarmless } from './harmless.ts'

/** Reasons with counts, without what is harmless, and without what has a gap of its own. */
export function lostRecords({ leftOut, gaps }: Ledger): readonly (readonly [reason: string, count: number])[] {
  return Object.entries(leftOut).filter(
    ([reason, count]) => count > 0 && !isHarmless(reason) && !gaps.some((gap) => gap.reason === reason),
  )
}
