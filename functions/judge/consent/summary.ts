/** How every service with a claim kept its word in every session, in a sentence each. */
import type { ConsentSummary, Finding, Session } from '../../model.ts'
import { compareText } from '../../net/code-units.ts'
import { formatTime } from '../../net/time.ts'
import type { ConcludeInput } from '../conclude-input.ts'
import type { Weighed } from '../weighed.ts'
import type { ContactRow, Presence } from './contact.ts'
import type { Claims } from './evidence.ts'
import { unseenIn } from './silence.ts'
import { type Span, Stages } from './stage.ts'
import type { Claim } from './tally.ts'

/** By service in the order of the declaration, then by session. */
export function consentSummaries(
  { sessions, ledgers }: Pick<ConcludeInput, 'sessions' | 'ledgers'>,
  claims: Claims,
  weighed: Weighed,
  findings: readonly Finding[],
): readonly ConsentSummary[] {
  if (claims.all.length === 0) return []
  const { contacts, presence } = weighed.consent
  const ids = new Set([
    ...sessions.map(({ id }) => id),
    ...ledgers.map(({ session }) => session),
    ...contacts.map(({ session }) => session),
  ])
  const bySession = grouped(ledgers, ({ session }) => session)
  const rowsBySession = grouped(contacts, ({ session }) => session)
  const ofConsent = findings.filter(({ rule }) => rule.startsWith('consent-'))
  const findingsBySession = grouped(ofConsent, ({ sessions: [only = ''] }) => only)
  return claims.all.flatMap((claim) =>
    [...ids].sort(compareText).map((id) => {
      const session = claims.session(id)
      const stages = new Stages(claim.consent, session)
      const rows = (rowsBySession.get(id) ?? []).filter((row) => row.services.some((one) => one.id === claim.service))
      const own = (findingsBySession.get(id) ?? []).filter((one) => one.service === claim.service)
      const began = (step: string | undefined) =>
        session?.steps.filter((one) => one.id === step).map(({ from }) => from)
      const scope = claims.scope(claim, id)
      const base = {
        service: claim.service,
        session: id,
        optedIn: earliest(began(claim.consent.optIn)),
        optedOut: earliest(began(claim.consent.optOut)),
        flows: flowsByStage(claim, rows),
        findings: own.map((one) => one.id),
      }
      if (scope.outside !== null) return { ...base, applies: false, verdict: null, reason: scope.outside }
      const spans = judgedSpans(claim, stages)
      if (own.length === 0 && scope.doubt === null && spans.length === 0)
        return {
          ...base,
          applies: false,
          verdict: null,
          reason: `The session has no time before ${claim.consent.optIn}, and none of which anything is claimed after it.`,
        }
      const decided =
        fromFindings(own) ??
        openBy(scope.doubt?.reason) ??
        openBy(scope.earlier?.reason) ??
        fromSilence(claim, session, spans, rows, {
          ledgers: bySession.get(id) ?? [],
          presence: presence.filter((one) => one.service === claim.service && one.session === id),
        })
      return { ...base, applies: true, ...decided }
    }),
  )
}

function grouped<One>(list: readonly One[], keyOf: (one: One) => string): ReadonlyMap<string, readonly One[]> {
  const byKey = new Map<string, One[]>()
  for (const one of list) {
    const group = byKey.get(keyOf(one))
    if (group) group.push(one)
    else byKey.set(keyOf(one), [one])
  }
  return byKey
}

type Decided = Pick<ConsentSummary, 'verdict' | 'reason'>

function fromFindings(findings: readonly Finding[]): Decided | null {
  for (const verdict of ['violation', 'indeterminate'] as const) {
    const alike = findings.filter((one) => one.verdict === verdict)
    // What was sent says more than that something was.
    const lead = alike.find(({ rule }) => rule === 'consent-identifiers') ?? alike[0]
    const others = alike.filter((one) => one !== lead)
    if (!lead) continue
    const more =
      others.length === 0 ? '' : ` And ${others.length} more ${others.length === 1 ? 'finding' : 'findings'}.`
    return { verdict, reason: `${lead.reasons[0]}${more}` }
  }
  return null
}

const openBy = (reason: string | undefined): Decided | null =>
  reason === undefined ? null : { verdict: 'indeterminate', reason }

interface Judged {
  readonly stage: 'before' | 'after'
  readonly spans: readonly Span[]
}

/** Times of which something is claimed. */
function judgedSpans({ consent }: Claim, stages: Stages): readonly Judged[] {
  const judged: readonly Judged[] = [
    { stage: 'before', spans: stages.spans('before') },
    { stage: 'after', spans: consent.afterOptOut ? stages.spans('after') : [] },
  ]
  return judged.filter(({ spans }) => spans.length > 0)
}

/** Nothing speaks against the service: whether that says anything. */
function fromSilence(
  { service, consent }: Claim,
  session: Session | null,
  judged: readonly Judged[],
  rows: readonly ContactRow[],
  { ledgers, presence }: { readonly ledgers: Parameters<typeof unseenIn>[1]; readonly presence: readonly Presence[] },
): Decided {
  const { lost = 0, uncaptured = [] } = session ?? {}
  const rig = { error: (session?.rig.clockErrorMs ?? 0) * 1000, lost, uncaptured }
  const times = { before: `before ${consent.optIn}`, after: `after ${consent.optOut}` }
  for (const { stage, spans } of judged) {
    const seen = presence.find((one) => one.stage === stage)
    const unseen = unseenIn(spans, ledgers, seen, rig)
    if (unseen !== null)
      return {
        verdict: 'indeterminate',
        reason: `Nothing of it was seen ${times[stage]}, and that proves nothing: ${unseen}.`,
      }
  }
  const when = judged.map(({ stage }) => times[stage]).join(' and ')
  const contacted = rows.some(({ services }) =>
    services.some(({ id, moment }) => id === service && (moment?.stage === 'before' || moment?.stage === 'after')),
  )
  return {
    verdict: 'compliant',
    reason: contacted
      ? `All that went to its hosts ${when} was read, and no planted identifier is in it.`
      : `Nothing went to its hosts ${when}, while the captures were whole and the device sent to others.`,
  }
}

function flowsByStage({ service }: Claim, rows: readonly ContactRow[]): ConsentSummary['flows'] {
  const flows = { before: 0, agreed: 0, after: 0, doubtful: 0 }
  for (const row of rows) {
    const stage = row.services.find(({ id }) => id === service)?.moment?.stage
    if (stage === undefined) continue
    flows[stage === 'before' || stage === 'agreed' || stage === 'after' ? stage : 'doubtful'] += row.flows
  }
  return flows
}

const earliest = (times: readonly number[] | undefined): string | null =>
  times && times.length > 0 ? formatTime(Math.min(...times)) : null
