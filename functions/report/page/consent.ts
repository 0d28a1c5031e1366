/** Whether services asked first: what their vendor claims, and how it was kept in every session. */
import type { ConsentSummary, Report } from '../../model.ts'
import { captured } from '../visible.ts'
import { numberCell, numberHead, table, time, verdictTag } from './cells.ts'
import { html, joined, type Markup } from './markup.ts'

/** Findings of a session that are linked before the rest is counted. */
const LINKED = 5

/** Null where the declaration claims nothing. */
export function consentSection({ consent, declaration }: Report): Markup | null {
  if (consent.length === 0) return null
  return html`<section aria-labelledby="consent"><h2 id="consent">Consent</h2>
<p>Services that are said to do nothing before their user agrees. This is a second question about the same flows: in every other table they are counted once, by where they went.</p>
<ul>${(declaration.consent ?? []).map((claim) => html`<li>${claimed(claim)}</li>`)}</ul>
${table(
  'How it was kept, by service and session, with the flows to hosts of the service by when they began',
  [
    'Service, session',
    'Verdict',
    'Why',
    'In, out (UTC)',
    numberHead('Before'),
    numberHead('Agreed'),
    numberHead('After'),
    numberHead('Open'),
  ],
  rowsOf(consent).map(row),
)}</section>`
}

/** A row, and the sessions that it speaks of. */
interface Row extends Omit<ConsentSummary, 'session'> {
  readonly sessions: readonly string[]
}

/** Sessions of which nothing is claimed, for the same reason, stand in one row, behind those that were judged. */
function rowsOf(consent: readonly ConsentSummary[]): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const { session, ...one } of consent) {
    const key = JSON.stringify(one.verdict === null ? [one.service, one.reason] : [one.service, session])
    const known = rows.get(key)
    rows.set(
      key,
      known === undefined
        ? { ...one, sessions: [session] }
        : { ...known, sessions: [...known.sessions, session], flows: added(known.flows, one.flows) },
    )
  }
  const services = [...new Set(consent.map(({ service }) => service))]
  const rank = ({ service, verdict }: Row) => 2 * services.indexOf(service) + (verdict === null ? 1 : 0)
  return [...rows.values()].sort((a, b) => rank(a) - rank(b))
}

const added = (a: ConsentSummary['flows'], b: ConsentSummary['flows']): ConsentSummary['flows'] => ({
  before: a.before + b.before,
  agreed: a.agreed + b.agreed,
  after: a.after + b.after,
  doubtful: a.doubtful + b.doubtful,
})

function row({ service, sessions, verdict, reason, optedIn, optedOut, flows, findings }: Row): Markup {
  const links = joined(
    findings.slice(0, LINKED).map((id) => html`<a href="#${id}">${id}</a>`),
    ', ',
  )
  const more = findings.length > LINKED ? ` and ${findings.length - LINKED} more` : ''
  return html`<tr><th scope="row">${captured(service)}<br><span class="soft small">${captured(sessions.join(', '), 1000)}</span></th>
<td>${verdict === null ? html`<span class="soft">not claimed</span>` : verdictTag(verdict)}</td><td>${captured(reason, 1000)}${findings.length === 0 ? null : html`<br><span class="small">${links}${more}</span>`}</td>
<td>${sessions.length > 1 ? '' : optedIn === null ? 'never' : time(optedIn)}${optedOut === null ? null : html`<br>${time(optedOut)}`}</td>${numberCell(flows.before)}${numberCell(flows.agreed)}${numberCell(flows.after)}${numberCell(flows.doubtful)}</tr>`
}

type Claim = NonNullable<Report['declaration']['consent']>[number]

/** The claim in a sentence. */
function claimed(claim: Claim): Markup {
  const { service, since, optIn, before, optOut, afterOptOut, preconditions, sharedHosts, source } = claim
  const about = [
    ...(preconditions?.firmware ? [`firmware ${preconditions.firmware.map((one) => captured(one)).join(' or ')}`] : []),
    ...(preconditions?.deviceStates ? [`devices that are ${preconditions.deviceStates.join(' or ')}`] : []),
  ]
  const after = afterOptOut
    ? `; ${FORBIDDEN[afterOptOut.forbid]} after ${captured(optOut ?? 'the opt-out')}${afterOptOut.graceMs > 0 ? ` and ${afterOptOut.graceMs / 1000} seconds of grace` : ''}`
    : ''
  return html`<strong>${captured(service)}</strong>: ${FORBIDDEN[before]} before ${captured(optIn)}${after}${since === null ? null : html`, since ${time(since)}`}${about.length > 0 ? `; of ${about.join(', ')}` : ''}.${
    sharedHosts && sharedHosts.length > 0
      ? ` Hosts that it shares: ${sharedHosts.map((one) => captured(one)).join(', ')}.`
      : ''
  }${source === undefined ? null : html` <a href="#source-${captured(source)}">(${captured(source)})</a>`}`
}

const FORBIDDEN = { 'forbid-contact': 'no contact', 'forbid-identifiers': 'no identifiers' } as const
