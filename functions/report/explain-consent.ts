/** What a finding of consent rests on: when the user agreed, how near to that the flows began, and what was sent in them. */
import type { Finding, Report } from '../model.ts'
import { isOfConsent, moment, momentInMs, sentKind, sentPlaces, sentWhen } from './phrase.ts'
import { captured } from './visible.ts'

/** When the user agreed, and how the session was judged in all. */
export function agreed(report: Report, finding: Finding): readonly string[] {
  const { service, sessions } = finding
  const near = nearEdges(report, finding)
  const at = near.length > 0 ? momentInMs : moment
  const ofSessions = report.consent
    .filter((one) => one.service === service && sessions.includes(one.session))
    .flatMap(({ session, optedIn, optedOut, verdict, reason }) => [
      `session ${captured(session)}: ${optedIn === null ? 'never opted in' : `opted in at ${at(optedIn)} UTC`}${optedOut === null ? '' : `, opted out at ${at(optedOut)} UTC`}`,
      `the session in all: ${verdict ?? 'not claimed'}. ${captured(reason, 1000)}`,
    ])
  return [
    ...ofSessions,
    ...near.map(
      ({ what, at: edge, clockErrorMs }) =>
        `near to an edge: ${what} at ${momentInMs(edge)} UTC, by a clock that is good to ${clockErrorMs} ms`,
    ),
  ]
}

/** Flows this near to an edge of consent, in milliseconds, are told from it by less than whole seconds say. */
const NEAR_MS = 10_000

interface Edge {
  readonly what: string
  /** ISO 8601 UTC. */
  readonly at: string
  readonly clockErrorMs: number
}

/** The edges of consent that a finding's first or last packet is near to; none where its rule asks for no consent. */
export function nearEdges({ declaration, sessions }: Report, finding: Finding): readonly Edge[] {
  const claim = declaration.consent?.find(({ service }) => service === finding.service)
  if (!claim || !isOfConsent(finding)) return []
  const graceMs = claim.afterOptOut?.graceMs ?? 0
  return sessions
    .filter(({ id }) => finding.sessions.includes(id))
    .flatMap(({ steps, clockErrorMs }) => {
      const edges = steps.flatMap((step) => [
        ...(step.id === claim.optIn ? [{ what: `${captured(step.id)} began`, at: step.from }] : []),
        ...(step.id === claim.optOut ? [endOf(step, graceMs)] : []),
      ])
      // An edge and a packet are each as uncertain as the clock.
      const near = Math.max(NEAR_MS, 2 * clockErrorMs)
      const isNear = (at: string) =>
        [finding.first, finding.last].some((time) => Math.abs(Date.parse(time) - Date.parse(at)) <= near)
      return edges.filter(({ at }) => isNear(at)).map((edge) => ({ ...edge, clockErrorMs }))
    })
}

function endOf({ id, until }: { readonly id: string; readonly until: string }, graceMs: number) {
  const over = new Date(Date.parse(until) + graceMs).toISOString()
  return { what: `${captured(id)}${graceMs > 0 ? ` and its grace of ${graceMs / 1000} s` : ''} was over`, at: over }
}

/** What was found in flows to the host, in the sessions and steps of the finding. */
export function sent({ inventory }: Report, { host, sessions, steps }: Finding): readonly string[] {
  const entries = inventory.filter(
    (entry) =>
      entry.host === host && sessions.includes(entry.session) && (entry.step === null || steps.includes(entry.step)),
  )
  if (entries.length === 0) return ['no planted identifier was found in flows to this host in these steps']
  return entries.map((entry) => {
    const { kind, seeds, step, encodings, excerpt } = entry
    const when = `${step === null ? 'no step' : captured(step)}${entry.consent === null ? '' : ` (${sentWhen(entry)})`}`
    return `${sentKind(kind)}${seeds.length > 0 ? ` [${seeds.map((one) => captured(one)).join(', ')}]` : ''} at ${when}: ${encodings.map((one) => captured(one)).join(', ')}; ${sentPlaces(entry, 160).join('; ')}${excerpt === null ? '' : `; ${captured(excerpt, 160)}`}`
  })
}
