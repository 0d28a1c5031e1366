/** The inventory: who received which identifiers, at which step, in which country, under what encoding. */
import type { InventoryEntry, Report } from '../../model.ts'
import { count, sentKind, sentPlaces, sentTo, sentWhen, span } from '../phrase.ts'
import { captured } from '../visible.ts'
import { numberCell, numberHead, table } from './cells.ts'
import { html, type Markup } from './markup.ts'

/** Beyond these a page is no pleasure to open; all stand in inventory.csv. */
const MOST = 1000

/** Null where nothing was found, and nothing was opaque. */
export function inventorySection({ inventory }: Report): Markup | null {
  if (inventory.length === 0) return null
  const more = inventory.length - MOST
  return html`<section aria-labelledby="sent"><h2 id="sent">What was sent, and to whom</h2>
<p>Identifiers that were planted on the device and were found again in what it sent. Excerpts are masked: <code>‹…›</code> stands where the identifier stood, <code>•</code> for what else may be somebody’s. <strong>Opaque</strong> is what is encoded and could not be read: it is not known to be clean.</p>
${table(
  'Planted identifiers by the host that received them',
  [
    'Host',
    'What',
    'Step',
    'Agreed',
    'Country',
    'Encoding',
    'Where it stood',
    numberHead('Flows (at most)'),
    'When (UTC)',
  ],
  inventory.slice(0, MOST).map(row),
)}${more > 0 ? html`<p>${count(more, 'more row')} stand in <code>inventory.csv</code>.</p>` : null}</section>`
}

function row(entry: InventoryEntry): Markup {
  const { host, service, kind, seeds, session, step, cloud, encodings, excerpt, flows, first, last } = entry
  return html`<tr><th scope="row">${host === null ? 'unknown host' : captured(host, 260)}${service === null ? null : html`<br><span class="soft small">${captured(service)}</span>`}</th>
<td>${kind === null ? html`<strong>opaque</strong>` : sentKind(kind)}${seeds.length === 0 ? null : html`<br><span class="soft small">${seeds.map((one) => captured(one)).join(', ')}</span>`}</td>
<td>${step === null ? html`<span class="soft">outside of every step</span>` : captured(step)}<br><span class="soft small">${captured(session)}</span></td><td>${sentWhen(entry)}</td><td>${sentTo(entry)}${cloud === null ? null : html`<br><span class="soft small">${captured(cloud)}</span>`}</td>
<td>${encodings.map((one) => captured(one)).join(', ')}</td><td><ul>${sentPlaces(entry, 160).map((place) => html`<li>${place}</li>`)}</ul>${excerpt === null ? null : html`<code>${captured(excerpt, 160)}</code>`}</td>${numberCell(flows)}<td>${span(first, last)}</td></tr>`
}
