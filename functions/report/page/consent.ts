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
  consent.map(row),
)}</section>`
}

function row({ service, session, verdict, reason, optedIn, optedOut, flows, findings }: ConsentSummary): Markup {
  const links = joined(
    findings.slice(0, LINKED).map((id) => html`<a href="#${id}">${id}</a>`),
    ', ',
  )
  const more = findings.length > LINKED ? ` and ${findings.length - LINKED} more` : ''
  return html`<tr><th scope="row">${captured(service)}<br><span class="soft small">${captured(session)}</span></th>
<td>${verdict === null ? html`<span class="soft">not claimed</span>` : verdictTag(verdict)}</td><td>${captured(reason, 1000)}${findings.length === 0 ? null : html`<br><span class="small">${links}${more}</span>`}</td>
<td>${optedIn === null ? 'never' : time(optedIn)}${optedOut === null ? null : html`<br>${time(optedOut)}`}</td>${numberCell(flows.before)}${numberCell(flows.agreed)}${numberCell(flows.after)}${numberCell(flows.doubtful)}</tr>`
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
