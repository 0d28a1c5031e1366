/**
 * Judges evidence by a declaration: every flow is weighed, what was decided alike becomes a finding, and the findings and
 * the accounts of the captures give the conclusion.
 */
import type { Declaration, Judgement, Ledger, Locator, Micros, Observation, Session, Verdict } from '../model.ts'
import { formatTime } from '../net/time.ts'
import { conclude, criteriaOf } from './criteria.ts'
import { findingsOf } from './findings.ts'
import { countFlows, summarizeServices } from './tally.ts'
import { isExpired } from './waivers.ts'
import { weigh } from './weigh.ts'

export interface JudgeInput {
  readonly ledgers: readonly Ledger[]
  readonly observations: readonly Observation[]
  readonly sessions: readonly Session[]
  readonly declaration: Declaration
  readonly locator: Locator
  /** The day for which waivers are judged; the end of the evidence where it is not given. */
  readonly asOf?: Micros
}

/** Pure: the same input gives the same judgement, in whatever order captures, observations and sessions come. */
export function judge(input: JudgeInput): Judgement {
  const { declaration, sessions, ledgers, observations } = input
  const period = periodOf(ledgers, observations)
  const asOf = input.asOf ?? period?.until ?? 0
  const weighed = weigh(declaration, sessions, input.locator, observations)
  const { evidence, origins } = weighed
  const { findings, locations } = findingsOf(declaration, evidence, origins, asOf)
  const counts = countFlows(evidence)
  const services = summarizeServices(declaration, evidence)
  const criteria = criteriaOf({ declaration, sessions, ledgers, evidence, origins, counts, services })
  const ofVerdict = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length
  return {
    conclusion: conclude(counts, criteria),
    asOf,
    period,
    summary: {
      flows: weighed.flows,
      judged: counts,
      outOfScope: weighed.outOfScope,
      findings: {
        compliant: ofVerdict('compliant'),
        violation: ofVerdict('violation'),
        indeterminate: ofVerdict('indeterminate'),
      },
      sessions: sessions.length,
      captures: ledgers.length,
      remotes: weighed.remotes,
    },
    criteria,
    services,
    findings,
    locations,
    outOfScope: weighed.leftOut,
    waivers: declaration.waivers.map((waiver) => ({
      id: waiver.id,
      rule: waiver.rule,
      reason: waiver.reason,
      owner: waiver.owner,
      approver: waiver.approver,
      expires: formatTime(waiver.expires),
      expired: isExpired(waiver, asOf),
      findings: findings.filter((finding) => finding.waiver === waiver.id).map(({ id }) => id),
    })),
    unknownSessions: weighed.unknownSessions,
    flowsOfUnknownDevice: weighed.flowsOfUnknownDevice,
  }
}

/** First and last packet; ledgers know it of what no observation holds too. */
function periodOf(ledgers: readonly Ledger[], observations: readonly Observation[]): Judgement['period'] {
  let from = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY
  for (const list of [ledgers, observations])
    for (const { first, last } of list) {
      if (first !== null && first < from) from = first
      if (last !== null && last > until) until = last
    }
  return from <= until ? { from, until } : null
}
