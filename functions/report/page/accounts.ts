/** What the verdicts rest on, and the sums that account for every flow and every record. */
import type { Report, ReportLedger, Summary } from '../../model.ts'
import { bytes, count, grouped, span, whereabouts } from '../phrase.ts'
import { captured, prose } from '../visible.ts'
import { numberCell, numberHead, table, time } from './cells.ts'
import { html, joined, link, type Markup } from './markup.ts'

const MOST_LOCATIONS = 1000

const GRADES = html`<p class="small"><strong>proven</strong>: ranges that the provider published around the time of the packets; <strong>corroborated</strong>: two independent sources agree, or the provider's ranges with a reason for less; <strong>suspected</strong>: one database alone; <strong>conflicted</strong>: the sources contradict each other; <strong>edge</strong>: content delivery or anycast, behind which the place cannot be seen; <strong>unknown</strong>: no source knows the address. Only proven decides under the strict standard, corroborated too under the balanced one.</p>`

/** Every location with the pieces of evidence for and against it. */
export function evidenceSection({ locations }: Report): Markup {
  const shown = locations.slice(0, MOST_LOCATIONS)
  const more = locations.length - shown.length
  return html`<section aria-labelledby="evidence"><h2 id="evidence">Where the addresses stand</h2>
${
  shown.length === 0
    ? html`<p class="soft">No address was judged.</p>`
    : html`${GRADES}${table(
        'Locations and the evidence for (+) and against (−) them',
        ['Address', 'Where', 'Grade', 'Evidence'],
        shown.map(
          (
            location,
          ) => html`<tr id="${location.id}"><th scope="row">${captured(location.ip)}<br><span class="soft small">${location.id}</span></th>
<td>${whereabouts(location)}${location.prefix === null ? null : html`<br><span class="soft small">${captured(location.prefix)}</span>`}</td><td>${location.grade}</td>
<td><ul>${location.evidence.map(
            ({ rule, source, date, says, supports }) =>
              html`<li>${supports ? '+' : '−'} ${captured(says, 400)} <span class="soft small">${rule}; ${captured(source)}${date === null ? '' : `, ${date}`}</span></li>`,
          )}</ul></td></tr>`,
        ),
      )}`
}${more > 0 ? html`<p>${count(more, 'more location')} stand in <code>report.json</code>.</p>` : null}</section>`
}

/** Every flow in exactly one bucket, every record in exactly one. */
export function accountsSection({ summary, outOfScope, ledger }: Report): Markup {
  return html`<section aria-labelledby="accounts"><h2 id="accounts">Accounts</h2>
${flowTable(summary)}
${outOfScopeList(outOfScope)}
${table(
  'Every record of every capture',
  [
    'Capture',
    'Format',
    numberHead('Records'),
    numberHead('In flows'),
    numberHead('Left out'),
    'Left out because',
    numberHead('Flows'),
  ],
  ledger.map(captureRow),
  html`<tr><th scope="row">Sum</th><td></td>${(['records', 'used'] as const).map((key) => numberCell(total(ledger, (one) => one[key])))}${numberCell(total(ledger, leftOut))}<td></td>${numberCell(total(ledger, ({ flows }) => flows))}</tr>`,
)}</section>`
}

function flowTable({ flows, judged, outOfScope }: Summary): Markup {
  const buckets: readonly (readonly [string, number])[] = [
    ['judged compliant', judged.compliant],
    ['judged a violation', judged.violation],
    ['judged indeterminate', judged.indeterminate],
    ...Object.entries(outOfScope).map(([reason, number]): [string, number] => [`out of scope: ${reason}`, number]),
  ]
  return table(
    'Every flow, in exactly one place',
    ['What became of it', numberHead('Flows')],
    buckets.map(([what, number]) => html`<tr><th scope="row">${captured(what)}</th>${numberCell(number)}</tr>`),
    html`<tr><th scope="row">Sum</th>${numberCell(flows)}</tr>`,
  )
}

/** What a reader needs to notice a host of the vendor that the declaration does not know. */
function outOfScopeList(outOfScope: Report['outOfScope']): Markup | null {
  if (outOfScope.length === 0) return null
  return html`<details><summary>Which hosts and addresses were out of scope</summary>
<p>A host of the vendor among these belongs into the declaration: to a service, or below a vendor suffix.</p>
${table(
  'Flows out of scope, by host, or by address where no host is known',
  ['Host or address', 'Reason', numberHead('Flows')],
  outOfScope.map(
    ({ host, remote, reason, flows }) =>
      html`<tr><th scope="row">${captured(host ?? remote ?? '—', 260)}</th><td>${captured(reason)}</td>${numberCell(flows)}</tr>`,
  ),
)}</details>`
}

function captureRow(capture: ReportLedger): Markup {
  const reasons = Object.entries(capture.leftOut).sort(([a], [b]) => (a < b ? -1 : 1))
  return html`<tr id="C-${capture.sha256}"><th scope="row">${captured(capture.source, 160)}<br><span class="soft small">session ${captured(capture.session)}, ${bytes(capture.size)}${
    capture.first === null || capture.last === null ? '' : `, ${span(capture.first, capture.last)}`
  }</span><br><code class="soft">${capture.sha256}</code></th><td>${captured(capture.format)}</td>
${numberCell(capture.records)}${numberCell(capture.used)}${numberCell(leftOut(capture))}
<td>${reasons.map(([reason, number]) => `${grouped(number)} ${captured(reason)}`).join(', ')}${
    capture.error === null ? null : html`<br><strong>read in part:</strong> ${captured(capture.error, 300)}`
  }${capture.gaps.map((gap) => html`<br><strong>gap:</strong> ${time(gap.from)} – ${time(gap.until)} (${captured(gap.reason)}, ${count(gap.records, 'record')})`)}</td>${numberCell(capture.flows)}</tr>`
}

export function snapshotsSection({ snapshots }: Report): Markup {
  return html`<section aria-labelledby="snapshots"><h2 id="snapshots">Reference data</h2>
${
  snapshots.length === 0
    ? html`<p class="soft">None was loaded.</p>`
    : table(
        'Dated snapshots that addresses were located by',
        ['Source', 'Date', numberHead('Size'), 'SHA-256', 'Attribution'],
        snapshots.map(
          ({ source, date, size, sha256, attribution }) =>
            html`<tr><th scope="row">${captured(source)}</th><td>${date}</td><td class="number">${bytes(size)}</td><td><code>${sha256}</code></td><td>${
              attribution === undefined ? '' : link(attribution.url, prose(attribution.text))
            }</td></tr>`,
        ),
      )
}</section>`
}

export function waiversSection({ waivers }: Report): Markup | null {
  if (waivers.length === 0) return null
  return html`<section aria-labelledby="waivers"><h2 id="waivers">Waivers</h2>
<p>A waiver annotates a violation; it never removes it.</p>
${table(
  'Waivers of the declaration',
  ['Waiver', 'Rule', 'Reason', 'Owner', 'Approved by', 'Expires', 'Findings'],
  waivers.map(
    ({
      id,
      rule,
      reason,
      owner,
      approver,
      expires,
      expired,
      findings,
    }) => html`<tr><th scope="row">${captured(id)}</th><td>${captured(rule)}</td><td>${prose(reason)}</td><td>${captured(owner)}</td><td>${captured(approver)}</td>
<td>${expires.slice(0, 10)}${expired ? html` <strong>expired</strong>` : null}</td><td>${joined(
      findings.map((finding) => html`<a href="#${finding}">${finding}</a>`),
      ', ',
    )}</td></tr>`,
  ),
)}</section>`
}

const leftOut = (capture: ReportLedger) => Object.values(capture.leftOut).reduce((sum, number) => sum + number, 0)
const total = (ledger: readonly ReportLedger[], of: (capture: ReportLedger) => number) =>
  ledger.reduce((sum, one) => sum + of(one), 0)
