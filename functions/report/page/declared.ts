/** What the vendor declared: in whose words, for whom, where and until when. */
import type { Place, Report, ServiceSummary, Verdict } from '../../model.ts'
import { captured, prose } from '../visible.ts'
import { numberHead, table, time, verdictCell } from './cells.ts'
import { html, joined, link, type Markup } from './markup.ts'

export function declaredSection({ declaration }: Report): Markup {
  const { title, vendor, population, standard, timezone, sources, id, version, sha256 } = declaration
  const markets = population.markets.length > 0 ? ` Markets: ${population.markets.join(', ')}.` : ''
  return html`<section aria-labelledby="declared"><h2 id="declared">What was declared</h2>
<p><strong>${prose(vendor)}</strong>: ${prose(title)}. ${prose(population.description)}${markets}</p>
<ul class="sources">${sources.map(
    (source) =>
      html`<li id="source-${captured(source.id)}">${
        source.quote === undefined ? null : html`<blockquote>“${prose(source.quote)}”</blockquote>`
      }<span class="small">${captured(source.id)}: ${source.url === undefined ? prose(source.title) : link(source.url, prose(source.title))}, ${source.date}</span></li>`,
  )}</ul>
${deadlines(declaration)}
<p class="small">Locations decide where they are ${standard === 'strict' ? 'proven (standard: strict)' : 'proven or corroborated (standard: balanced)'}. ${undeclared(declaration)}Dates of the declaration are read in ${captured(timezone)}; all times here are UTC.</p>
<p class="small soft">Declaration <code>${captured(id)}</code>, version ${version}, SHA-256 <code>${sha256}</code></p></section>`
}

/** What becomes of the vendor's hosts that no service declares; null where the declaration names no suffix of the vendor's. */
function undeclared({ undeclaredHosts: { vendorSuffixes, treatment } }: Report['declaration']): Markup | null {
  if (vendorSuffixes.length === 0) return null
  const suffixes = vendorSuffixes.map((suffix) => html`<code>${captured(suffix)}</code>`)
  return html`Hosts below ${joined(suffixes, ', ')} that no service declares are ${treatment === 'violation' ? 'violations' : 'indeterminate'}. `
}

function deadlines({ deadlines: all }: Report['declaration']): Markup | null {
  if (all.length === 0) return null
  return table(
    'Deadlines',
    ['Deadline', 'Services', 'Phase in force after it', 'At (UTC)', 'Source'],
    all.map(
      ({ id, services, phase, at, source }) =>
        html`<tr><th scope="row">${captured(id)}</th><td>${services.map((s) => captured(s)).join(', ')}</td><td>${captured(phase)}</td><td>${time(at)}</td><td>${source === null ? '' : captured(source)}</td></tr>`,
    ),
  )
}

/** Every service by phase: where it may stand, and what was seen. */
export function servicesSection(report: Report, timeline: Markup | null): Markup {
  const places = new Map(report.declaration.places.map((place) => [place.id, place]))
  return html`<section aria-labelledby="services"><h2 id="services">Services and phases</h2>
${timeline}
${table(
  'Flows by service and phase',
  [
    'Phase',
    'When (UTC)',
    'May stand in',
    'Must not',
    numberHead('Compliant'),
    numberHead('Violation'),
    numberHead('Indeterminate'),
  ],
  report.services.flatMap((service) => rows(service, places)),
)}</section>`
}

/** A line for the service, then one a phase, and one for flows that no single phase holds. */
function rows(service: ServiceSummary, places: ReadonlyMap<string, Place>): readonly Markup[] {
  const open = (verdict: Verdict) => service[verdict] - service.phases.reduce((sum, phase) => sum + phase[verdict], 0)
  const labels = (ids: readonly string[]) =>
    ids.length === 0 ? html`—` : html`${ids.map((id) => html`<div class="whole">${label(id, places.get(id))}</div>`)}`
  const about = [service.title ?? '', service.hosts.join(', '), service.data.join(', ')].filter((part) => part !== '')
  return [
    html`<tr class="group"><th scope="rowgroup" colspan="7">${captured(service.id)} <span class="soft small">${about.map((part) => `· ${prose(part)} `)}</span></th></tr>`,
    ...service.phases.map(
      (
        phase,
      ) => html`<tr><th scope="row">${captured(phase.id)}${phase.source === null ? null : html` <span class="soft">(${captured(phase.source)})</span>`}</th>
<td>${when(phase)}</td><td>${phase.allow === null ? 'everywhere else' : labels(phase.allow)}</td><td>${labels(phase.deny)}</td>${COUNTED.map((verdict) => verdictCell(verdict, phase[verdict]))}</tr>`,
    ),
    ...(COUNTED.some((verdict) => open(verdict) > 0)
      ? [
          html`<tr><td colspan="4" class="soft">in no phase, or too near to a boundary</td>${COUNTED.map((verdict) => verdictCell(verdict, open(verdict)))}</tr>`,
        ]
      : []),
  ]
}

const COUNTED: readonly Verdict[] = ['compliant', 'violation', 'indeterminate']

function when({ from, until }: ServiceSummary['phases'][number]): Markup {
  if (from === null && until === null) return html`always`
  return html`${from === null ? null : html`<div>from ${time(from)}</div>`}${until === null ? null : html`<div>until ${time(until)}</div>`}`
}

function label(id: string, place: Place | undefined): string {
  const what = place?.cloud ?? place?.subdivision ?? place?.country
  return what === undefined || what === id ? captured(id) : `${captured(id)} (${captured(what)})`
}
