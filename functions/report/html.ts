/**
 * `report.html`: one file that needs nothing else. It runs no script, fetches nothing, and its Content-Security-Policy says so;
 * links lead out only to the sources of the declaration and to those to whom reference data is owed.
 */
import { createHash } from 'node:crypto'
import type { Report } from '../model.ts'
import { accountsSection, evidenceSection, snapshotsSection, waiversSection } from './page/accounts.ts'
import { consentSection } from './page/consent.ts'
import { declaredSection, servicesSection } from './page/declared.ts'
import { findingsSection } from './page/findings.ts'
import { inventorySection } from './page/inventory.ts'
import { html, joined, link, Markup } from './page/markup.ts'
import { sessionsSection } from './page/sessions.ts'
import { STYLE } from './page/style.ts'
import { timelineOf } from './page/timeline.ts'
import { count, grouped, moment, span, verdictSentence } from './phrase.ts'
import { captured, prose } from './visible.ts'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`

export function renderHtml(report: Report): string {
  const title = prose(report.declaration.title)
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${report.conclusion}: ${title}</title>
<style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#main">To the report</a>
<header><p class="soft small">Data residency audit · ${prose(report.declaration.vendor)} · ${period(report)}</p>
<h1>${title}</h1>
${banner(report)}</header>
${contents(report)}
<main id="main">${figures(report)}${criteria(report)}
${declaredSection(report)}
${servicesSection(report, timelineOf(report))}
${consentSection(report)}
${inventorySection(report)}
${findingsSection(report)}
${evidenceSection(report)}
${accountsSection(report)}
${sessionsSection(report)}
${snapshotsSection(report)}
${waiversSection(report)}
${limitations(report)}</main>
${footer(report)}</body></html>
`
  return page.text
}

function period({ period: { from, until } }: Report): string {
  return from === null || until === null ? 'no packets' : `packets of ${span(from, until)} UTC`
}

function banner(report: Report): Markup {
  return html`<p class="banner ${report.conclusion}"><strong>${report.conclusion}</strong> ${verdictSentence(report)}</p>`
}

function contents(report: Report): Markup {
  const sections: readonly (readonly [id: string, title: string])[] = [
    ['declared', 'Declared'],
    ['services', 'Services'],
    ...(report.consent.length > 0 ? [['consent', 'Consent'] as const] : []),
    ...(report.inventory.length > 0 ? [['sent', 'What was sent'] as const] : []),
    ['findings', 'Findings'],
    ['evidence', 'Locations'],
    ['accounts', 'Accounts'],
    ['sessions', 'Sessions'],
    ['snapshots', 'Reference data'],
    ...(report.waivers.length > 0 ? [['waivers', 'Waivers'] as const] : []),
    ['limitations', 'Limitations'],
  ]
  return html`<nav aria-label="Contents"><ul>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`
}

function figures({ summary }: Report): Markup {
  const { judged, outOfScope } = summary
  const outside = Object.values(outOfScope).reduce((sum, flows) => sum + flows, 0)
  const figure = (kind: string, number: number, what: string) =>
    html`<li class="${kind}"><b>${grouped(number)}</b> ${what}</li>`
  return html`<ul class="figures" aria-label="Flows">${figure('all', summary.flows, 'flows')}${figure('violation', judged.violation, 'in violation')}${figure('indeterminate', judged.indeterminate, 'indeterminate')}${figure('compliant', judged.compliant, 'compliant')}${figure('outside', outside, 'out of scope')}</ul>
<p class="small soft">${count(summary.sessions, 'session')}, ${count(summary.captures, 'capture')}, ${count(summary.remotes, 'remote address', 'remote addresses')}.</p>`
}

function criteria(report: Report): Markup {
  const signs = {
    met: ['compliant', '✓', 'met'],
    'not-met': ['violation', '✗', 'not met'],
    undecided: ['indeterminate', '?', 'undecided'],
  } as const
  return html`<section aria-labelledby="criteria"><h2 id="criteria">What a pass takes</h2><ul class="criteria">${report.criteria.map(
    ({ title, status, reason }) => {
      const [kind, sign, word] = signs[status]
      return html`<li><span class="tag ${kind}" aria-hidden="true">${sign}</span><strong>${title}</strong> (${word}). ${captured(reason, 1500)}</li>`
    },
  )}</ul></section>`
}

function limitations(report: Report): Markup {
  return html`<section aria-labelledby="limitations"><h2 id="limitations">What this audit cannot see</h2><ul>${report.limitations.map((limitation) => html`<li>${captured(limitation, 1500)}</li>`)}</ul></section>`
}

function footer(report: Report): Markup {
  const owed = new Map(
    report.snapshots.flatMap(({ attribution }) => (attribution ? [[attribution.url, attribution.text] as const] : [])),
  )
  const thanks = [...owed].map(([url, text]) => link(url, prose(text)))
  return html`<footer><p>Rendered from <code>report.json</code> of declaration <code>${captured(report.declaration.id)}</code>, version ${report.declaration.version}, as of ${moment(report.asOf)} UTC. The verdicts rest on the captures, the declaration and the reference data that are named here by SHA-256.</p>${thanks.length === 0 ? null : html`<p>${joined(thanks, ' · ')}</p>`}</footer>`
}
