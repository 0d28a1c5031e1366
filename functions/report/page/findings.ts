/** Findings, the most serious first: where, when, how it is known, why, and what would settle it. */
import type { Finding, Report, Verdict } from '../../model.ts'
import { bytes, count, endpoint, knownBy, RULES, span, subject, VERDICTS, whereabouts } from '../phrase.ts'
import { captured, prose } from '../visible.ts'
import { numberCell, numberHead, table, verdictTag } from './cells.ts'
import { html, joined, type Markup } from './markup.ts'

/** Beyond these a page is no pleasure to open; every finding stands in report.json and findings.csv. */
const LONGEST = { cards: 300, rows: 1000 }

const TITLES: Readonly<Record<Verdict, string>> = {
  violation: 'Violations',
  indeterminate: 'Indeterminate',
  compliant: 'Compliant',
}
const NONE: Readonly<Record<Verdict, string>> = {
  violation: 'No finding broke the declaration.',
  indeterminate: 'Every finding was decided.',
  compliant: 'No finding was compliant.',
}

export function findingsSection(report: Report): Markup {
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>
${VERDICTS.map((verdict) => {
  const findings = report.findings.filter((finding) => finding.verdict === verdict)
  const shown = verdict === 'compliant' ? LONGEST.rows : LONGEST.cards
  const body =
    verdict === 'compliant'
      ? rows(findings.slice(0, shown))
      : findings.slice(0, shown).map((finding) => card(report, finding))
  return html`<h3 id="${verdict}">${TITLES[verdict]} (${findings.length})</h3>
${findings.length === 0 ? html`<p class="soft">${NONE[verdict]}</p>` : body}${
  findings.length > shown
    ? html`<p><strong>${count(findings.length - shown, 'more finding')}</strong> of this kind stand in <code>findings.csv</code> and <code>report.json</code>.</p>`
    : null
}`
})}</section>`
}

function card(report: Report, finding: Finding): Markup {
  const { id, verdict, location, remote, first, last, flows, settle } = finding
  const waiver = report.waivers.find((candidate) => candidate.id === finding.waiver)
  const [reason, ...others] = finding.reasons
  const about = [
    finding.service === null ? null : `service ${captured(finding.service)}`,
    finding.phase === null ? null : `phase ${captured(finding.phase)}`,
  ]
  const told = about.filter((part) => part !== null).join(', ')
  return html`<article class="${verdict}" id="${id}" aria-labelledby="${id}-title"><header><h4 id="${id}-title">${subject(finding)} → ${whereabouts(location)}</h4>
<p class="where small">${verdictTag(verdict)} <span class="soft">${id} · ${RULES[finding.rule] ?? captured(finding.rule)}${told === '' ? '' : ` · ${told}`}</span></p></header>
<p>${captured(reason ?? '', 1000)}</p>${others.length === 0 ? null : html`<ul class="small">${others.map((other) => html`<li>${captured(other, 1000)}</li>`)}</ul>`}
<dl><dt>Where</dt><dd>${endpoint(remote)}, ${location.grade} (<a href="#${location.id}">evidence</a>)</dd>
<dt>When</dt><dd>${span(first, last)} UTC</dd>
<dt>What</dt><dd>${flows === 0 ? 'flows that are counted under another finding' : `${count(flows, 'flow')}, ${bytes(finding.bytes.out)} out, ${bytes(finding.bytes.in)} in`}</dd>
<dt>Host known by</dt><dd>${finding.host === null ? 'nothing' : knownBy(finding)}</dd>
<dt>Seen in</dt><dd>${seenIn(finding)}</dd>
${settle === null ? null : html`<dt>Would settle it</dt><dd>${captured(settle, 1000)}</dd>`}
${waiver ? html`<dt>Waived</dt><dd>${captured(waiver.id)}: ${prose(waiver.reason)} (owner ${captured(waiver.owner)}, approved by ${captured(waiver.approver)}, until ${waiver.expires.slice(0, 10)}). It stays a violation.</dd>` : null}</dl></article>`
}

function seenIn({ sessions, steps, captures }: Finding): Markup {
  const few = (names: readonly string[]) =>
    `${names
      .slice(0, 6)
      .map((name) => captured(name))
      .join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`
  const step = steps.length === 0 ? '' : `; ${steps.length === 1 ? 'step' : 'steps'} ${few(steps)}`
  const links = joined(
    captures.slice(0, 6).map((sha256) => html`<a href="#C-${sha256}"><code>${sha256.slice(0, 8)}</code></a>`),
    ', ',
  )
  return html`${sessions.length === 1 ? 'session' : 'sessions'} ${few(sessions)}${step}; ${captures.length === 1 ? 'capture' : 'captures'} ${links}${captures.length > 6 ? ` and ${captures.length - 6} more` : ''}`
}

function rows(findings: readonly Finding[]): Markup {
  return table(
    'What stood where the declaration says',
    ['Host', 'Where', 'Remote', 'Service, phase', 'When (UTC)', numberHead('Flows'), 'Finding'],
    findings.map(
      (
        finding,
      ) => html`<tr id="${finding.id}"><th scope="row">${subject(finding)}</th><td>${whereabouts(finding.location)} <a href="#${finding.location.id}">(${finding.location.grade})</a>${finding.reasons.slice(1).map((reason) => html`<br><span class="soft small">${captured(reason, 1000)}</span>`)}</td>
<td>${endpoint(finding.remote)}</td><td>${[finding.service, finding.phase].map((part) => captured(part ?? '—')).join(', ')}</td><td>${span(finding.first, finding.last)}</td>${numberCell(finding.flows)}<td><code class="whole">${finding.id}</code></td></tr>`,
    ),
  )
}
