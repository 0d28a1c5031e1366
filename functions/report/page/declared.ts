/** What the vendor declared: in whose words, for whom, where and until when. */
import type { Place, Report, ServiceSummary } from '../../model.ts'
import { captured, prose } from '../visible.ts'
import { numberHead, table, time, verdictCell } from './cells.ts'
import { html, joined, link, type Markup } from './markup.ts'

export function declaredSection({ declaration }: Report): Markup {
  const { title, vendor, population, standard, timezone, sources, id, version, sha256, undeclaredHosts } = declaration
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
<p class="small">Locations decide where they are ${standard === 'strict' ? 'proven (standard: strict)' : 'proven or corroborated (standard: balanced)'}. Hosts below ${joined(
    undeclaredHosts.vendorSuffixes.map((suffix) => html`<code>${captured(suffix)}</code>`),
    ', ',
  )} that no service declares are ${undeclaredHosts.treatment === 'violation' ? 'violations' : 'indeterminate'}. Dates of the declaration are read in ${captured(timezone)}; all times here are UTC.</p>
<p class="small soft">Declaration <code>${captured(id)}</code>, version ${version}, SHA-256 <code>${sha256}</code></p></section>`
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
    'Service',
    'Phase',
    'From (UTC)',
    'Until (UTC)',
    'May stand in',
    'Must not',
    numberHead('Compliant'),
    numberHead('Violation'),
    numberHead('Indeterminate'),
  ],
  report.services.flatMap((service) => rows(service, places)),
)}</section>`
}

function rows(service: ServiceSummary, places: ReadonlyMap<string, Place>): readonly Markup[] {
  const { phases } = service
  const rest = (verdict: 'compliant' | 'violation' | 'indeterminate') =>
    service[verdict] - phases.reduce((sum, phase) => sum + phase[verdict], 0)
  const open = rest('compliant') + rest('violation') + rest('indeterminate')
  const labels = (ids: readonly string[]) => ids.map((id) => label(id, places.get(id))).join(', ') || '—'
  const lines = phases.map(
    (
      phase,
    ) => html`<td>${captured(phase.id)}${phase.source === null ? null : html` <span class="soft">(${captured(phase.source)})</span>`}</td>
<td>${phase.from === null ? 'ever' : time(phase.from)}</td><td>${phase.until === null ? 'for ever' : time(phase.until)}</td>
<td>${phase.allow === null ? 'everything else' : labels(phase.allow)}</td><td>${labels(phase.deny)}</td>
${verdictCell('compliant', phase.compliant)}${verdictCell('violation', phase.violation)}${verdictCell('indeterminate', phase.indeterminate)}`,
  )
  if (open > 0)
    lines.push(html`<td colspan="5" class="soft">in no phase, or too near to a boundary</td>
${verdictCell('compliant', rest('compliant'))}${verdictCell('violation', rest('violation'))}${verdictCell('indeterminate', rest('indeterminate'))}`)
  const head = html`<th scope="rowgroup" rowspan="${lines.length}">${captured(service.id)}${
    service.title === null ? null : html`<br><span class="soft small">${prose(service.title)}</span>`
  }<br><span class="soft small">${service.hosts.map((host) => captured(host)).join(', ')}</span>${
    service.data.length === 0
      ? null
      : html`<br><span class="soft small">${service.data.map((d) => captured(d)).join(', ')}</span>`
  }</th>`
  return lines.map((line, i) => html`<tr>${i === 0 ? head : null}${line}</tr>`)
}

function label(id: string, place: Place | undefined): string {
  const what = place?.cloud ?? place?.subdivision ?? place?.country
  return what === undefined || what === id ? captured(id) : `${captured(id)} (${captured(what)})`
}
