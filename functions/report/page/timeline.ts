/** When the findings of every service were seen, against its boundaries: whether a migration happened, at a glance. */
import type { Finding, Report, Verdict } from '../../model.ts'
import { moment, VERDICTS } from '../phrase.ts'
import { captured } from '../visible.ts'
import { html, type Markup } from './markup.ts'

const WIDTH = 900
const LANE = 46
const BAR = 9
const TOP = 8
/** Columns of the drawing: findings that fall on the same ones are drawn once. */
const COLUMNS = 300

/** Null where there is nothing to draw. Every number of it stands in the table below, so it needs no words of its own. */
export function timelineOf(report: Report): Markup | null {
  const { from, until } = report.period
  const services = report.services.filter(
    ({ compliant, violation, indeterminate }) => compliant + violation + indeterminate > 0,
  )
  if (from === null || until === null || services.length === 0) return null
  const [start, end] = [Date.parse(from), Date.parse(until)]
  const margin = Math.max((end - start) * 0.03, 60_000)
  const x = (at: string) => {
    const share = (Date.parse(at) - start + margin) / (end - start + 2 * margin)
    return Math.round(Math.min(1, Math.max(0, share)) * COLUMNS) * (WIDTH / COLUMNS)
  }
  const isWithin = (at: string | null): at is string =>
    at !== null && Date.parse(at) > start - margin && Date.parse(at) < end + margin
  const height = TOP + services.length * LANE + 20
  const lanes = services.map((service, i) => {
    const y = TOP + i * LANE
    const edges = [...new Set(service.phases.flatMap((phase) => [phase.from, phase.until]).filter(isWithin))]
    return html`<text class="name" x="0" y="${y + 11}">${captured(service.id, 60)}</text><rect class="lane" x="0" y="${y + 15}" width="${WIDTH}" height="${3 * BAR}"/>
${bars(
  report.findings.filter((finding) => finding.service === service.id && finding.flows > 0),
  x,
  y + 15,
)}
${edges.map((at) => html`<line class="edge" x1="${x(at)}" x2="${x(at)}" y1="${y + 2}" y2="${y + 15 + 3 * BAR}"/><text x="${x(at) + (x(at) > WIDTH / 2 ? -4 : 4)}" y="${y + 11}" text-anchor="${x(at) > WIDTH / 2 ? 'end' : 'start'}">${moment(at).slice(0, 16)}</text>`)}`
  })
  return html`<figure><div class="scroll" tabindex="0" role="region" aria-label="Timeline"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="When the findings of each service were seen; the figures are in the table that follows">
${lanes}<line class="axis" x1="0" x2="${WIDTH}" y1="${height - 16}" y2="${height - 16}"/>
<text x="0" y="${height - 3}">${moment(from).slice(0, 16)}</text><text x="${WIDTH}" y="${height - 3}" text-anchor="end">${moment(until).slice(0, 16)}</text></svg></div>
<figcaption>From first to last flow of each finding, by service: <span class="tag violation">violation</span> above, <span class="tag indeterminate">indeterminate</span> in the middle, <span class="tag compliant">compliant</span> below. Dashed: a phase begins or ends.</figcaption></figure>`
}

/** A row of bars a verdict, overlapping ones drawn as one. */
function bars(findings: readonly Finding[], x: (at: string) => number, top: number): readonly Markup[] {
  return VERDICTS.flatMap((verdict: Verdict, row) => {
    const spans = findings
      .filter((finding) => finding.verdict === verdict)
      .map(({ first, last }): [number, number] => [x(first), Math.max(x(last), x(first) + WIDTH / COLUMNS)])
      .sort(([a], [b]) => a - b)
    const merged: [number, number][] = []
    for (const [from, until] of spans) {
      const previous = merged.at(-1)
      if (previous && from <= previous[1]) previous[1] = Math.max(previous[1], until)
      else merged.push([from, until])
    }
    return merged.map(
      ([from, until]) =>
        html`<rect class="${verdict}" x="${from}" y="${top + row * BAR + 1}" width="${until - from}" height="${BAR - 2}"/>`,
    )
  })
}
