/** Decides every case that was weighed. */
import type { Declaration, Refiner } from '../model.ts'
import { Evidence } from './evidence.ts'
import type { LeftOut } from './out-of-scope.ts'
import { caseOf, outcomesOf } from './outcome.ts'
import { lawOf } from './residency.ts'
import { Standings } from './standings.ts'
import { Timeline } from './timeline.ts'
import type { Weighed } from './weighed.ts'

/** What was decided of the cases, and what concerns nobody beside what was left out before. */
export interface Decided {
  readonly evidence: readonly Evidence[]
  readonly leftOut: LeftOut
  /** Where addresses stand, with all that was seen of them. */
  readonly standings: Standings
}

/** Judges every case, of its address with all that was seen of it. */
export function evidenceOf(declaration: Declaration, weighed: Weighed, refiner: Refiner): Decided {
  const { docket } = weighed
  const law = lawOf(declaration)
  const timeline = new Timeline(declaration.services)
  const standings = new Standings(declaration, weighed, refiner)
  const evidence: Evidence[] = []
  const leftOut = weighed.leftOut.copy()
  for (const number of hostByHost(weighed)) {
    const meant = weighed.meant(docket.names(number))
    const { located, seen } = standings.at(docket.location(number))
    const circumstances = weighed.circumstances(docket.circumstances(number))
    const judged = caseOf(meant, located.location, circumstances, timeline, seen)
    const outcomes = outcomesOf(law, declaration, judged)
    for (const [i, outcome] of outcomes.entries())
      evidence.push(new Evidence(outcome, located, docket, number, i === 0))
    if (outcomes.length === 0) leftOut.concernsNobody(meant.foreign, located.location.ip, docket.flows(number))
  }
  return { evidence, leftOut, standings }
}

/** About the order of the findings. It changes none of them: what is read together later lies together in memory. */
function hostByHost({ docket, cases }: Weighed): readonly number[] {
  return cases.toSorted((a, b) => docket.names(a) - docket.names(b) || docket.first(a) - docket.first(b))
}
