/** What consent takes for a `pass`: every claim kept, and seen to be kept at least once. */
import type { ConsentSummary, Criterion, Declaration } from '../../model.ts'
import { nameList } from '../name-list.ts'
import { claimsOf } from './tally.ts'

/** Services and sessions that are named before the rest is counted. */
const MOST = 5

/** @returns none where the declaration claims no consent */
export function consentCriterion(declaration: Declaration, consent: readonly ConsentSummary[]): readonly Criterion[] {
  const claims = claimsOf(declaration)
  if (claims.length === 0) return []
  const base = { id: 'consent', title: 'Nothing before its user agreed' }
  const of = (verdict: ConsentSummary['verdict']) => consent.filter((one) => one.verdict === verdict)
  const [broken, open, kept] = [of('violation'), of('indeterminate'), of('compliant')]
  if (broken.length > 0) return [{ ...base, status: 'not-met', reason: `Not kept: ${named(broken)}.` }]
  if (open.length > 0)
    return [{ ...base, status: 'undecided', reason: `Not known whether it was kept: ${named(open)}.` }]
  const unseen = claims.filter(({ service }) => !kept.some((one) => one.service === service))
  if (unseen.length > 0) {
    const services = nameList(unseen.map(({ service }) => `“${service}”`))
    return [{ ...base, status: 'undecided', reason: `No session shows that the claim was kept of ${services}.` }]
  }
  return [{ ...base, status: 'met', reason: `Kept wherever it was claimed: ${named(kept)}.` }]
}

function named(summaries: readonly ConsentSummary[]): string {
  const shown = summaries.slice(0, MOST).map(({ service, session }) => `“${service}” in ${nameList([session])}`)
  const more = summaries.length > MOST ? ` and ${summaries.length - MOST} more` : ''
  return `${shown.join(', ')}${more}`
}
