/** What the terminal shows: the conclusion, why, what broke the declaration, what is open, and sums that add up. */
import type { ConsentSummary, Finding, InventoryEntry, Report } from '../model.ts'
import {
  count,
  grouped,
  isOfConsent,
  sentKind,
  sentTo,
  sentWhen,
  span,
  VERDICTS,
  verdictSentence,
  whereabouts,
} from './phrase.ts'
import { brief, captured, prose } from './visible.ts'

/** Lines of one list before the rest is only counted: the summary is read in ten seconds. */
const LINES = 12

/** @param options `color` writes ANSI colours (ECMA-48, SGR) */
export function renderSummary(report: Report, options: { readonly color?: boolean } = {}): string {
  const paint = (code: number, text: string) => (options.color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const bold = (text: string) => paint(1, text)
  const sign = { pass: paint(32, 'PASS'), fail: paint(31, 'FAIL'), inconclusive: paint(33, 'INCONCLUSIVE') }[
    report.conclusion
  ]
  const { declaration } = report
  return [
    `${bold(sign)}  ${prose(declaration.title)} (${captured(declaration.id)}, version ${declaration.version})`,
    verdictSentence(report),
    ...section(bold('Violations'), violations(report)),
    ...section(bold('Indeterminate'), indeterminate(report)),
    ...section(bold('Consent'), consent(report)),
    ...section(bold('What was sent, and to whom'), sent(report)),
    ...section(bold(report.conclusion === 'pass' ? 'Criteria' : 'Criteria that are not met'), criteria(report)),
    ...section(bold('Expired waivers'), expired(report)),
    '',
    ...accounts(report),
    '',
  ].join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  const rest = lines.length > LINES ? [`  … and ${lines.length - LINES} more in the report`] : []
  return ['', title, ...lines.slice(0, LINES).map((line) => `  ${line}`), ...rest]
}

/** A line for every host and place: `host → place, when, how many`. */
function violations(report: Report): readonly string[] {
  const broken = report.findings.filter(({ verdict }) => verdict === 'violation')
  return groups(broken, (f) =>
    JSON.stringify([f.rule, f.service, f.host, whereabouts(f.location), f.location.grade, f.waiver]),
  ).map((alike) => {
    const [first] = alike
    const whose = first.service ?? (first.rule === 'undeclared-host' ? 'undeclared' : first.rule)
    const waived = first.waiver === null ? '' : `, waived by ${captured(first.waiver)}`
    const more = alike.length > 1 ? ` and ${alike.length - 1} more` : ''
    const where = `${captured(first.host ?? first.remote.ip)} → ${whereabouts(first.location)} (${first.location.grade})`
    // How far the databases are that it rests on, or for what else it holds; of consent, what happened before what.
    // What was sent at one step is not all that was: every step has a sentence of its own.
    const further = isOfConsent(first)
      ? first.reasons.join(' ')
      : first.rule === 'residency'
        ? first.reasons[1]
        : undefined
    const note = further === undefined ? '' : `\n      ${brief(further, isOfConsent(first) ? 480 : 160)}`
    return `${where}, ${captured(whose)}: ${flowsOf(alike)}, ${period(alike)} UTC${waived}  [${first.id}${more}]${note}`
  })
}

/** A line for every cause and place: what would settle findings of the same kind is the same. */
function indeterminate(report: Report): readonly string[] {
  const open = report.findings.filter(({ verdict }) => verdict === 'indeterminate')
  return groups(open, (f) =>
    // Of consent the first reason says when: what was before an edge is not near to it.
    JSON.stringify([
      ...[f.rule, f.service, f.host, f.settle, whereabouts(f.location), f.location.grade],
      isOfConsent(f) ? f.reasons[0] : null,
    ]),
  ).map((alike) => {
    const [first] = alike
    const addresses = new Set(alike.map(({ remote }) => remote.ip)).size
    // The reason may name one address; the flows went to as many as there are.
    const to = addresses > 1 ? ` to ${grouped(addresses)} addresses` : ''
    const what = first.host === null ? 'unknown host' : captured(first.host)
    const more = alike.length > 1 ? ` and ${alike.length - 1} more` : ''
    return `${what}: ${brief(first.reasons[0] ?? '', 160)} ${flowsOf(alike)}${to}  [${first.id}${more}]`
  })
}

/** A line for every service that claims to ask first, and session, the most serious first; sessions of which nothing is claimed together. */
function consent(report: Report): readonly string[] {
  const signs = { compliant: '✓', violation: '✗', indeterminate: '?' }
  const judged = VERDICTS.flatMap((verdict) =>
    report.consent
      .filter((one) => one.verdict === verdict)
      .map(
        ({ service, session, reason }) =>
          `${signs[verdict]} ${captured(service)} in ${captured(session)}: ${verdict}. ${brief(reason, 240)}`,
      ),
  )
  const apart = new Map<string, ConsentSummary[]>()
  for (const one of report.consent.filter(({ verdict }) => verdict === null)) {
    const key = JSON.stringify([one.service, one.reason])
    apart.set(key, [...(apart.get(key) ?? []), one])
  }
  const notClaimed = [...apart.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const where = others.length === 0 ? captured(first.session) : `${others.length + 1} sessions`
    return [`– ${captured(first.service)} in ${where}: not claimed. ${brief(first.reason, 240)}`]
  })
  return [...judged, ...notClaimed]
}

/** A line for every host, country, step and whether its user had agreed. */
function sent(report: Report): readonly string[] {
  const alike = new Map<string, InventoryEntry[]>()
  for (const entry of report.inventory) {
    const { host, session, step, consent: agreed, country, grade } = entry
    const key = JSON.stringify([host, session, step, agreed, country, grade])
    alike.set(key, [...(alike.get(key) ?? []), entry])
  }
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const what = [first, ...others].map(
      (entry) => `${sentKind(entry.kind)} (${entry.encodings.map((one) => captured(one)).join(', ')})`,
    )
    const host = first.host === null ? 'unknown host' : captured(first.host)
    const when = first.step === null ? 'outside of every step' : captured(first.step)
    const agreed = first.consent === null ? '' : `, ${sentWhen(first)}`
    return [`${host} → ${sentTo(first)}, ${captured(first.session)}, ${when}${agreed}: ${what.join(', ')}`]
  })
}

function criteria(report: Report): readonly string[] {
  const shown = report.criteria.filter(({ status }) => report.conclusion === 'pass' || status !== 'met')
  return shown.map(
    ({ status, title, reason }) =>
      `${status === 'met' ? '✓' : status === 'not-met' ? '✗' : '?'} ${title}: ${brief(reason, 240)}`,
  )
}

function expired(report: Report): readonly string[] {
  return report.waivers
    .filter((waiver) => waiver.expired)
    .map(({ id, owner, expires }) => `${captured(id)} of ${captured(owner)} expired on ${expires.slice(0, 10)}`)
}

function accounts({ summary, ledger, period: { from, until } }: Report): readonly string[] {
  const { judged, outOfScope } = summary
  const outside = Object.values(outOfScope).reduce((sum, flows) => sum + flows, 0)
  const reasons = Object.entries(outOfScope).map(([reason, flows]) => `${grouped(flows)} ${captured(reason)}`)
  const records = ledger.reduce((sum, capture) => sum + capture.records, 0)
  const used = ledger.reduce((sum, capture) => sum + capture.used, 0)
  const when = from === null || until === null ? '' : `, ${span(from, until)} UTC`
  return [
    `${count(summary.flows, 'flow')} = ${grouped(judged.compliant)} compliant + ${grouped(judged.violation)} violation + ${grouped(judged.indeterminate)} indeterminate + ${grouped(outside)} out of scope${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`,
    `${count(records, 'record')} = ${grouped(used)} in flows + ${grouped(records - used)} left out; ${count(summary.captures, 'capture')}, ${count(summary.sessions, 'session')}${when}`,
  ]
}

type Some<Item> = readonly [Item, ...Item[]]

/** Findings that have a key in common, in the order of their first. */
function groups(findings: readonly Finding[], key: (finding: Finding) => string): readonly Some<Finding>[] {
  const found = new Map<string, [Finding, ...Finding[]]>()
  for (const finding of findings) {
    const group = found.get(key(finding))
    if (group) group.push(finding)
    else found.set(key(finding), [finding])
  }
  return [...found.values()]
}

const flowsOf = (findings: readonly Finding[]) =>
  count(
    findings.reduce((sum, { flows }) => sum + flows, 0),
    'flow',
  )

function period(findings: Some<Finding>): string {
  const [first] = findings.map((finding) => finding.first).sort()
  const last = findings
    .map((finding) => finding.last)
    .sort()
    .at(-1)
  return span(first ?? findings[0].first, last ?? findings[0].last)
}
