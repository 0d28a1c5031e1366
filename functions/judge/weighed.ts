/** Observations, weighed: what an audit is concluded from, whether one machine weighed them or many. */
import type { Declaration, Judgement } from '../model.ts'
import type { Docket } from './docket.ts'
import { Evidence } from './evidence.ts'
import type { Meant } from './host.ts'
import type { Located } from './located.ts'
import type { Origins } from './origins.ts'
import type { LeftOut } from './out-of-scope.ts'
import { caseOf, outcomesOf } from './outcome.ts'
import { lawOf } from './residency.ts'
import { Timeline } from './timeline.ts'
import type { Circumstances } from './weighed-part.ts'

export interface Weighed {
  /** Of all observations; each is in a case or left out. */
  readonly flows: number
  /** First and last packet of all observations; null without any. */
  readonly period: Judgement['period']
  /** How many addresses the devices talked to. */
  readonly remotes: number
  /** Steps in which a packet was seen, sorted. */
  readonly steps: readonly string[]
  /** Sessions of observations that nobody described, sorted. */
  readonly unknownSessions: readonly string[]
  readonly origins: Origins
  readonly leftOut: LeftOut
  readonly docket: Docket
  /** Numbers in the docket of the cases that concern the declaration. */
  readonly cases: readonly number[]
  /** By the docket's numbers: the list of names, classified. */
  meant(number: number): Meant
  circumstances(number: number): Circumstances
  /** The same object whenever the same number is asked. */
  located(number: number): Located
}

/** Judges every case. */
export function evidenceOf(declaration: Declaration, weighed: Weighed): Evidence[] {
  const { docket } = weighed
  const law = lawOf(declaration)
  const timeline = new Timeline(declaration.services)
  const evidence: Evidence[] = []
  for (const number of hostByHost(weighed)) {
    const meant = weighed.meant(docket.names(number))
    const located = weighed.located(docket.location(number))
    const seen = weighed.circumstances(docket.circumstances(number))
    const outcomes = outcomesOf(law, declaration, caseOf(meant, located.location, seen, timeline))
    for (const [i, outcome] of outcomes.entries())
      evidence.push(new Evidence(outcome, located, docket, number, i === 0))
  }
  return evidence
}

/** About the order of the findings. It changes none of them: what is read together later lies together in memory. */
function hostByHost({ docket, cases }: Weighed): readonly number[] {
  return cases.toSorted((a, b) => docket.names(a) - docket.names(b) || docket.first(a) - docket.first(b))
}

/** Flows of which it is not known which end is the device. */
export function flowsOfUnknownDevice(weighed: Weighed): number {
  const { docket, cases } = weighed
  let flows = 0
  for (const number of cases)
    if (!weighed.circumstances(docket.circumstances(number)).deviceKnown) flows += docket.flows(number)
  return flows
}
