/** What has to hold for a `pass`. Silence, gaps and thin coverage are never evidence. */
import type { Conclusion, ConsentSummary, Criterion, Declaration, Ledger, ServiceSummary, Session } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import { formatTime } from '../net/time.ts'
import { consentCriterion } from './consent/criterion.ts'
import type { Evidence } from './evidence.ts'
import { lostRecords } from './lost-records.ts'
import { eachOrigin, type Origins } from './origins.ts'
import type { Counts } from './tally.ts'
import { uncapturedWords } from './uncaptured.ts'

export interface Judged {
  readonly declaration: Declaration
  readonly sessions: readonly Session[]
  readonly ledgers: readonly Ledger[]
  readonly evidence: readonly Evidence[]
  readonly origins: Origins
  /** Steps in which a packet was seen. */
  readonly steps: readonly string[]
  readonly counts: Counts
  readonly services: readonly ServiceSummary[]
  readonly consent: readonly ConsentSummary[]
}

/** Every criterion, always in the same order. */
export function criteriaOf(judged: Judged): readonly Criterion[] {
  return [
    noViolation(judged),
    undecidedFlows(judged),
    unassignedHosts(judged),
    coverage(judged),
    completeness(judged),
    ...consentCriterion(judged.declaration, judged.consent),
  ]
}

/** One violation is a `fail`; a `pass` takes every criterion. @param findings of violations, of whatever rule */
export function conclude(findings: number, criteria: readonly Criterion[]): Conclusion {
  if (findings > 0) return 'fail'
  return criteria.every(({ status }) => status === 'met') ? 'pass' : 'inconclusive'
}

function noViolation({ counts, consent }: Judged): Criterion {
  const base = { id: 'no-violation', title: 'No violation' }
  const broken = consent.filter(({ verdict }) => verdict === 'violation').length
  const also = broken === 0 ? '' : ` Consent was not kept in ${broken === 1 ? 'a session' : `${broken} sessions`}.`
  if (counts.violation > 0)
    return { ...base, status: 'not-met', reason: `${flowCount(counts.violation)} broke the declaration.${also}` }
  if (broken > 0) return { ...base, status: 'not-met', reason: also.trim() }
  if (counts.compliant === 0) return { ...base, status: 'undecided', reason: 'No flow was found compliant either.' }
  return {
    ...base,
    status: 'met',
    reason: `None of ${flowCount(counts.compliant + counts.indeterminate)} that were judged broke the declaration.`,
  }
}

function undecidedFlows({ declaration, evidence }: Judged): Criterion {
  const base = { id: 'undecided-flows', title: 'Few flows left undecided' }
  const residency = evidence.filter(({ outcome }) => outcome.rule === 'residency')
  const all = residency.reduce((sum, { flows }) => sum + flows, 0)
  const open = residency.reduce((sum, { flows, outcome }) => sum + (outcome.verdict === 'indeterminate' ? flows : 0), 0)
  if (all === 0) return { ...base, status: 'undecided', reason: 'No flow to a declared service was seen.' }
  const tolerance = declaration.tolerance.indeterminateFlows
  const within = open <= tolerance * all
  return {
    ...base,
    status: within ? 'met' : 'not-met',
    reason: `${open} of ${flowCount(all)} to declared services (${percent(open / all)}) are indeterminate; the declaration tolerates ${percent(tolerance)}.`,
  }
}

/** A host that nobody declared, or nobody knows, could carry what the declared services no longer carry. */
function unassignedHosts({ evidence }: Judged): Criterion {
  const base = { id: 'unassigned-hosts', title: 'No host left unassigned' }
  const titles = {
    'undeclared-host': ['host that no service declares', 'hosts that no service declares'],
    'unknown-host': ['unknown host', 'unknown hosts'],
    'http-dns': ['look-up that goes round DNS', 'look-ups that go round DNS'],
  }
  const open = Object.entries(titles).flatMap(([rule, [one, several]]) => {
    const endpoints = new Set(
      evidence
        .filter(({ outcome }) => outcome.rule === rule && outcome.verdict === 'indeterminate')
        .map(({ outcome, located }) => `${outcome.host} ${located.location.ip}`),
    )
    if (endpoints.size === 0) return []
    return [`${endpoints.size} ${endpoints.size === 1 ? one : several}`]
  })
  if (open.length === 0)
    return {
      ...base,
      status: 'met',
      reason: 'Of no flow it is open which host it was for, or to whom the host belongs.',
    }
  return { ...base, status: 'not-met', reason: `It is open what these carried: ${enumerated(open)}.` }
}

function coverage(judged: Judged): Criterion {
  const missing = [...missingServices(judged), ...missingRuns(judged), ...missingSteps(judged)]
  const base = { id: 'coverage', title: 'Enough was seen' }
  if (judged.counts.compliant === 0)
    return { ...base, status: 'not-met', reason: `No flow was found compliant.${prose(missing)}` }
  if (missing.length > 0) return { ...base, status: 'not-met', reason: prose(missing).trim() }
  return { ...base, status: 'met', reason: 'Every service has compliant flows in the phase that it must have reached.' }
}

/** Services without compliant flows in the phase of their deadlines; without a deadline, in their last phase. */
function missingServices({ declaration, services }: Judged): readonly string[] {
  return services.flatMap((service) => {
    const deadlines = declaration.migration.deadlines.filter((deadline) => deadline.services.includes(service.id))
    const last = service.phases.at(-1)?.id
    const needed = deadlines.length > 0 ? deadlines.map(({ phase }) => phase) : last === undefined ? [] : [last]
    return [...new Set(needed)]
      .filter((id) => (service.phases.find((phase) => phase.id === id)?.compliant ?? 0) === 0)
      .map((id) => `no compliant flow of “${service.id}” in phase “${id}”`)
  })
}

/** Sessions and rigs count where a flow of theirs was found compliant: what is open is evidence of nothing. */
function missingRuns({ declaration, sessions, evidence, origins }: Judged): readonly string[] {
  const { minSessions, minRigs } = declaration.coverage
  const seen = new Set<string>()
  for (const { outcome, origins: numbers } of evidence)
    if (outcome.rule === 'residency' && outcome.verdict === 'compliant')
      for (const number of eachOrigin(numbers)) seen.add(origins.at(number).session)
  const rigs = new Set(sessions.filter(({ id }) => seen.has(id)).map(({ rig }) => rig.id))
  return [
    ...(seen.size < minSessions ? [`${seen.size} of at least ${minSessions} sessions saw a compliant flow`] : []),
    ...(rigs.size < minRigs ? [`${rigs.size} of at least ${minRigs} rigs saw a compliant flow`] : []),
  ]
}

/** A step was run where a packet was seen in it: a capture that was running and saw nothing may have been of nothing. */
function missingSteps({ declaration, steps }: Judged): readonly string[] {
  const missing = declaration.coverage.steps.filter((wanted) => !steps.includes(wanted))
  return missing.length > 0 ? [`no packet of the steps ${missing.join(', ')}`] : []
}

function completeness({ sessions, ledgers }: Judged): Criterion {
  const faults: string[] = []
  for (const ledger of [...ledgers].sort(bySource)) {
    const { source, error, records, gaps } = ledger
    if (error !== null)
      faults.push(`the capture ${source} could ${records === 0 ? 'not be read' : 'be read only in part'}: ${error}`)
    for (const { from, until, reason } of gaps)
      faults.push(`a gap in ${source} from ${formatTime(from)} to ${formatTime(until)} (${reason})`)
    const lost = lostRecords(ledger)
    if (lost.length > 0)
      faults.push(
        `records of ${source} were left out: ${lost
          .map(([reason, count]) => `${count} ${reason}`)
          .sort()
          .join(', ')}`,
      )
  }
  for (const { id, lost = 0, uncaptured = [] } of sessions.toSorted((a, b) => compareText(a.id, b.id))) {
    if (lost > 0) faults.push(`by the record of ${id}, its rig lost ${packetCount(lost)}`)
    for (const span of uncaptured) faults.push(`by the record of ${id}, its rig ${uncapturedWords(span)}`)
  }
  const silent = sessions.filter(({ id }) => !ledgers.some(({ session }) => session === id)).map(({ id }) => id)
  if (silent.length > 0) faults.push(`no capture of ${silent.sort().join(', ')}`)
  const base = { id: 'completeness', title: 'Whole captures' }
  if (ledgers.length === 0) return { ...base, status: 'not-met', reason: 'There is no capture.' }
  if (faults.length === 0)
    return {
      ...base,
      status: 'met',
      reason: `${ledgers.length === 1 ? 'The capture was' : `All ${ledgers.length} captures were`} read whole, without a gap.`,
    }
  const more = faults.length > 5 ? ` And ${faults.length - 5} more.` : ''
  return { ...base, status: 'not-met', reason: `${prose(faults.slice(0, 5)).trim()}${more}` }
}

const enumerated = (parts: readonly string[]) =>
  parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('')

/** Two captures may bear one name. */
const bySource = (a: Ledger, b: Ledger) => (a.source + a.sha256 < b.source + b.sha256 ? -1 : 1)
const flowCount = (flows: number) => (flows === 1 ? '1 flow' : `${flows} flows`)
const packetCount = (packets: number) => (packets === 1 ? '1 packet' : `${packets} packets`)
const percent = (share: number) => `${Number((share * 100).toFixed(2))} %`
/** Notes as sentences of their own, each with a space before it. */
const prose = (notes: readonly string[]) =>
  notes.map((note) => ` ${note.charAt(0).toUpperCase()}${note.slice(1)}.`).join('')
