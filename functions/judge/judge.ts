/**
 * Judges evidence by a declaration: batches of observations are weighed, and from all of them together what was decided alike
 * becomes a finding, and the findings and the accounts of the captures give the conclusion.
 */
import type { Judgement, Ledger, Locator, Observation, Refiner, Verdict } from '../model.ts'
import { formatTime } from '../net/time.ts'
import type { ConcludeInput } from './conclude-input.ts'
import { Claims, consentEvidence } from './consent/evidence.ts'
import { consentSummaries } from './consent/summary.ts'
import { conclude, criteriaOf } from './criteria.ts'
import { evidenceOf } from './decide.ts'
import { findingsOf } from './findings.ts'
import { inventoryOf } from './inventory-entries.ts'
import { countFlows, summarizeServices } from './tally.ts'
import { isExpired } from './waivers.ts'
import { weigh } from './weigh.ts'
import { flowsOfUnknownDevice, type Weighed } from './weighed.ts'

export interface JudgeInput extends ConcludeInput {
  readonly observations: readonly Observation[]
  readonly locator: Locator
}

/** Pure: the same input gives the same judgement, in whatever order captures, observations and sessions come. */
export function judge(input: JudgeInput, refiner: Refiner): Judgement {
  return judgementOf(input, weigh(input, refiner), refiner)
}

/** Judges what was weighed. Pure: the same observations give the same judgement, however they were divided into weighed. */
export function judgementOf(input: ConcludeInput, weighed: Weighed, refiner: Refiner): Judgement {
  const { declaration, sessions, ledgers } = input
  const { origins } = weighed
  const period = periodOf(ledgers, weighed.period)
  const asOf = input.asOf ?? period?.until ?? 0
  const { evidence, leftOut, standings } = evidenceOf(declaration, weighed, refiner)
  const claims = new Claims(input)
  const ofConsent = consentEvidence(input, claims, weighed, standings)
  const sighted = ofConsent.length > 0 ? [...evidence, ...ofConsent] : evidence
  const { findings, locations } = findingsOf(declaration, sighted, origins, asOf)
  const consent = consentSummaries(input, claims, weighed, findings)
  const counts = countFlows(evidence)
  const services = summarizeServices(declaration, evidence)
  const criteria = criteriaOf({
    declaration,
    sessions,
    ledgers,
    evidence,
    origins,
    steps: weighed.steps,
    counts,
    services,
    consent,
  })
  const ofVerdict = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length
  return {
    conclusion: conclude(ofVerdict('violation'), criteria),
    asOf,
    period,
    summary: {
      flows: weighed.flows,
      judged: counts,
      outOfScope: leftOut.reasons,
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
    outOfScope: leftOut.list(),
    consent,
    inventory: inventoryOf(declaration, weighed.inventory.rows, claims, standings),
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
    reading: weighed.reading.sum,
    flowsOfUnknownDevice: flowsOfUnknownDevice(weighed),
  }
}

/** First and last packet; ledgers know it of what no observation holds too. */
function periodOf(ledgers: readonly Ledger[], observed: Judgement['period']): Judgement['period'] {
  let from = observed?.from ?? Number.POSITIVE_INFINITY
  let until = observed?.until ?? Number.NEGATIVE_INFINITY
  for (const { first, last } of ledgers) {
    if (first !== null && first < from) from = first
    if (last !== null && last > until) until = last
  }
  return from <= until ? { from, until } : null
}
