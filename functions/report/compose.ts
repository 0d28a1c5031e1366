/** Puts the judgement, the declaration and the accounts together into the report, everything in canonical order. */
import type { Declaration, Judgement, Ledger, Locator, Report, ReportLedger, ReportSession, Session } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import { formatTime } from '../net/time.ts'
import { limitationsOf } from './limitations.ts'
import { recordOf } from './session-record.ts'

export interface ReportInput {
  readonly ledgers: readonly Ledger[]
  readonly sessions: readonly Session[]
  readonly declaration: Declaration
  readonly locator: Pick<Locator, 'snapshots'>
}

/** Pure: the same input gives the same report, in whatever order captures and sessions come. */
export function composeReport(input: ReportInput, judgement: Judgement): Report {
  const { declaration } = input
  const ledger = input.ledgers
    .map(ledgerOf)
    .sort((a, b) => compareText(a.source, b.source) || compareText(a.sha256, b.sha256))
  const snapshots = [...input.locator.snapshots].sort(
    (a, b) => compareText(a.source, b.source) || compareText(a.date, b.date) || compareText(a.sha256, b.sha256),
  )
  const sessions = input.sessions.map(sessionOf).sort((a, b) => compareText(a.id, b.id))
  return {
    schema: 'urn:domicile:schema:report-v1',
    conclusion: judgement.conclusion,
    period: {
      from: judgement.period && formatTime(judgement.period.from),
      until: judgement.period && formatTime(judgement.period.until),
    },
    asOf: formatTime(judgement.asOf),
    declaration: declarationOf(declaration),
    summary: judgement.summary,
    criteria: judgement.criteria,
    services: judgement.services,
    findings: judgement.findings,
    locations: judgement.locations,
    outOfScope: judgement.outOfScope,
    consent: judgement.consent,
    inventory: judgement.inventory,
    ledger,
    sessions,
    snapshots,
    waivers: judgement.waivers,
    limitations: limitationsOf(judgement, ledger, snapshots, sessions),
  }
}

function declarationOf(declaration: Declaration): Report['declaration'] {
  const { id, version, title, vendor, standard, timezone, sha256, sources, population, places, services } = declaration
  const deadlines = declaration.migration.deadlines.map((deadline) => ({
    id: deadline.id,
    services: deadline.services,
    phase: deadline.phase,
    at: formatTime(deadline.at),
    source: deadline.source ?? null,
  }))
  const { undeclaredHosts } = declaration
  const consent = services.flatMap(({ id: service, consent: claim }) =>
    claim ? [{ ...claim, service, since: claim.since === null ? null : formatTime(claim.since) }] : [],
  )
  return {
    ...{ id, version, title, vendor, standard, timezone, sha256, sources, population, places },
    deadlines,
    undeclaredHosts,
    ...(consent.length > 0 ? { consent } : {}),
  }
}

function ledgerOf({ gaps, first, last, ...ledger }: Ledger): ReportLedger {
  return {
    ...ledger,
    gaps: gaps
      .map(({ from, until, reason, records }) => ({
        from: formatTime(from),
        until: formatTime(until),
        reason,
        records,
      }))
      .sort((a, b) => compareText(a.from, b.from) || compareText(a.until, b.until) || compareText(a.reason, b.reason)),
    first: first === null ? null : formatTime(first),
    last: last === null ? null : formatTime(last),
  }
}

/** Without the device's addresses: they identify a person's device, and the verdicts do not rest on them. */
function sessionOf(session: Session): ReportSession {
  const { id, rig, device, steps } = session
  return {
    id,
    rig: rig.id,
    place: rig.place ?? null,
    clockErrorMs: rig.clockErrorMs,
    device: { model: device.model ?? null, firmware: device.firmware ?? null, state: device.state ?? null },
    steps: steps
      .map((step) => ({ id: step.id, from: formatTime(step.from), until: formatTime(step.until) }))
      .sort((a, b) => compareText(a.from, b.from) || compareText(a.until, b.until) || compareText(a.id, b.id)),
    ...recordOf(session),
  }
}
