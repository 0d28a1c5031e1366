/** One finding's whole chain of evidence, from the bytes of the captures to the verdict, as text. */
import { InputError } from '../errors.ts'
import type { Finding, Report, ReportLedger } from '../model.ts'
import { agreed, nearEdges, sent } from './explain-consent.ts'
import {
  bytes,
  count,
  endpoint,
  grouped,
  isOfConsent,
  knownBy,
  moment,
  momentInMs,
  RULES,
  whereabouts,
} from './phrase.ts'
import { captured, prose } from './visible.ts'

/**
 * @param id of a finding, such as `F-1a2b3c4d`
 * @throws InputError where the report has no such finding; it names some that it has
 */
export function explainFinding(report: Report, id: string): string {
  const finding = report.findings.find((candidate) => candidate.id === id)
  if (!finding) throw new InputError(notFound(report, id))
  const steps: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Captures', captures(report, finding)],
    ['Flows', flows(report, finding)],
    ['Host', host(finding)],
    ['Declared', declared(report, finding)],
    ...(isOfConsent(finding)
      ? ([
          ['Agreed', agreed(report, finding)],
          ['Sent', sent(report, finding)],
        ] as const)
      : []),
    ['Located', located(report, finding)],
    ['Judged', judged(report, finding)],
  ]
  const heading = `${finding.id}  ${finding.verdict.toUpperCase()}  ${captured(finding.host ?? 'unknown host')} → ${whereabouts(finding.location)}`
  const body = steps.map(([title, lines], i) => [`${i + 1}. ${title}`, ...lines.map((line) => `   ${line}`)].join('\n'))
  return `${[heading, ...body].join('\n\n')}\n`
}

function notFound(report: Report, id: string): string {
  const asked = captured(id, 60)
  if (report.findings.length === 0) return `there is no finding ${asked}: the report has none`
  const ids = report.findings.map((finding) => finding.id)
  const near = ids.filter((known) => known.toLowerCase().startsWith(id.slice(0, 4).toLowerCase()))
  const shown = (near.length > 0 && id.length >= 4 ? near : ids).slice(0, 5)
  return `there is no finding ${asked} among the ${ids.length} of this report; there is ${shown.join(', ')}`
}

function captures({ ledger }: Report, finding: Finding): readonly string[] {
  return finding.captures.map((sha256) => {
    const capture = ledger.find((candidate) => candidate.sha256 === sha256)
    return capture
      ? `${captured(capture.source, 160)} (${account(capture)})\n   sha256 ${sha256}`
      : `a capture that the ledger does not hold\n   sha256 ${sha256}`
  })
}

function account({ format, records, used, error }: ReportLedger): string {
  return `${captured(format)}, ${grouped(used)} of ${count(records, 'record')} in flows${error === null ? '' : `; read in part: ${captured(error, 160)}`}`
}

function flows(report: Report, finding: Finding): readonly string[] {
  const { flows: number, bytes: sent, first, last, sessions, steps, remote } = finding
  const at = nearEdges(report, finding).length > 0 ? momentInMs : moment
  const counted =
    number === 0
      ? 'counted under another finding'
      : `${count(number, 'flow')}, ${bytes(sent.out)} out and ${bytes(sent.in)} in`
  return [
    `${counted}, to ${endpoint(remote)}`,
    `from ${at(first)} to ${at(last)} UTC`,
    `in ${sessions.length === 1 ? 'session' : 'sessions'} ${sessions.map((one) => captured(one)).join(', ')}${steps.length > 0 ? `, ${steps.length === 1 ? 'step' : 'steps'} ${steps.map((one) => captured(one)).join(', ')}` : ''}`,
  ]
}

function host(finding: Finding): readonly string[] {
  if (finding.host === null) return ['no usable host name is known of these flows']
  return [`${captured(finding.host, 260)}, known by ${knownBy(finding)}`]
}

function declared(report: Report, finding: Finding): readonly string[] {
  const service = report.services.find(({ id }) => id === finding.service)
  if (!service) return [`no single service (${RULES[finding.rule] ?? finding.rule})`]
  const phase = service.phases.find(({ id }) => id === finding.phase)
  const head = `service “${captured(service.id)}” (${service.hosts.map((one) => captured(one)).join(', ')})`
  if (isOfConsent(finding)) {
    const claim = report.declaration.consent?.find((one) => one.service === service.id)
    return [
      head,
      ...(claim
        ? [
            `before ${captured(claim.optIn)}: ${claim.before}${claim.afterOptOut ? `; after ${captured(claim.optOut ?? 'the opt-out')} and ${claim.afterOptOut.graceMs / 1000} s: ${claim.afterOptOut.forbid}` : ''}`,
          ]
        : []),
      ...sourceLines(report, claim?.source ?? null),
    ]
  }
  if (!phase) return [head, 'in no single phase']
  const labels = (ids: readonly string[]) => ids.map((id) => label(report, id)).join(', ') || 'nothing'
  return [
    head,
    `phase “${captured(phase.id)}”, ${phase.from ? `from ${moment(phase.from)} UTC` : 'since ever'}, ${phase.until ? `until ${moment(phase.until)} UTC` : 'for ever'}`,
    `may stand in ${phase.allow === null ? 'everything that is not denied' : labels(phase.allow)}; denied ${labels(phase.deny)}`,
    ...sourceLines(report, phase.source),
  ]
}

function sourceLines({ declaration }: Report, id: string | null): readonly string[] {
  const source = declaration.sources.find((candidate) => candidate.id === id)
  if (!source) return []
  return [
    `${captured(source.id)}: ${prose(source.title)}, ${source.date}${source.url ? `, ${captured(source.url, 200)}` : ''}`,
    ...(source.quote ? [`“${prose(source.quote)}”`] : []),
  ]
}

function label(report: Report, id: string): string {
  const place = report.declaration.places.find((candidate) => candidate.id === id)
  return `${captured(id)} (${captured(place?.cloud ?? place?.subdivision ?? place?.country ?? 'not declared')})`
}

function located(report: Report, finding: Finding): readonly string[] {
  const location = report.locations.find(({ id }) => id === finding.location.id)
  if (!location) return [`the report does not hold ${finding.location.id}`]
  // Packets for an IPv6 address may reach an IPv4 address that is in it, whose evidence is IPv4's.
  const families = location.ip.includes(':') ? familiesSaid(location) : new Set<4 | 6>([4])
  return [
    `${location.ip} → ${whereabouts(location)}: ${location.grade}${location.prefix === null ? '' : `, by ${location.prefix}`} (${location.id})`,
    ...location.evidence.flatMap(({ rule, source, date, says, supports }) => {
      // A publisher may hand out several files of one day, such as one a family: of these the one of the address's spoke.
      const files = report.snapshots.filter(
        (known) =>
          known.source === source && known.date === date && (known.family === undefined || families.has(known.family)),
      )
      return [
        `${supports ? '+' : '−'} ${captured(says, 300)} [${captured(rule)}; ${captured(source)}${date === null ? '' : ` of ${date}`}]`,
        ...files.map(({ sha256 }, i) => `  ${i === 0 ? '' : 'or '}sha256 ${sha256}`),
      ]
    }),
  ]
}

/** The families of what the evidence of an IPv6 address is about. */
function familiesSaid({ evidence }: Report['locations'][number]): ReadonlySet<4 | 6> {
  const reachesIpv4 = evidence.some(({ rule, says }) => rule === 'special-purpose' && /reach \d+(\.\d+){3} /.test(says))
  return new Set(reachesIpv4 ? [4] : [6])
}

function judged(report: Report, finding: Finding): readonly string[] {
  const waiver = report.waivers.find(({ id }) => id === finding.waiver)
  return [
    `rule ${finding.rule}: ${RULES[finding.rule] ?? ''} (standard: ${report.declaration.standard})`,
    ...finding.reasons.map((reason) => `- ${captured(reason, 1000)}`),
    `verdict: ${finding.verdict}`,
    ...(finding.settle === null ? [] : [`what would settle it: ${captured(finding.settle, 1000)}`]),
    ...(waiver
      ? [
          `waived by ${captured(waiver.id)}: ${prose(waiver.reason)} (owner ${captured(waiver.owner)}, approved by ${captured(waiver.approver)}, until ${waiver.expires.slice(0, 10)})`,
        ]
      : []),
  ]
}
