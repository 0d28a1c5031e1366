/** What cannot be seen from the network at all, and what this audit in particular could not see. */
import type { Judgement, ReportLedger, ReportSession, SnapshotFacts } from '../model.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'
import { count, grouped } from './phrase.ts'
import { sentLimits } from './sent-limits.ts'
import { recordLimits } from './session-record.ts'

/** Ranges move: a snapshot farther from the packets than this is said to be far. */
const NEAR_DAYS = 35
const DAY = 86_400_000_000

export function limitationsOf(
  judgement: Judgement,
  ledger: readonly ReportLedger[],
  snapshots: readonly SnapshotFacts[],
  sessions: readonly ReportSession[] = [],
): readonly string[] {
  return [
    'A capture shows where connections end, not where data is stored, replicated or deleted afterwards.',
    'A proxy, a tunnel or a private link behind the address that answers cannot be seen from the network.',
    ...hiddenNames(ledger),
    ...unknownNames(judgement),
    ...unknownEnds(judgement),
    ...unknownClocks(judgement),
    ...recordLimits(sessions),
    ...sentLimits(judgement, ledger),
    ...gapsIn(ledger),
    ...brokenOff(ledger),
    ...distantSnapshots(judgement, snapshots),
  ]
}

function hiddenNames(ledger: readonly ReportLedger[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { unnamed } of ledger)
    for (const [why, flows] of Object.entries(unnamed)) counts.set(why, (counts.get(why) ?? 0) + flows)
  const parts = [...counts].filter(([, flows]) => flows > 0).sort(([a], [b]) => (a < b ? -1 : 1))
  if (parts.length === 0) return []
  return [
    `Flows that show no host name: ${parts.map(([why, flows]) => `${grouped(flows)} (${why.replaceAll('-', ' ')})`).join(', ')}.`,
  ]
}

function unknownNames({ summary }: Judgement): readonly string[] {
  const flows = summary.outOfScope['host unknown, in no denied place'] ?? 0
  return flows === 0
    ? []
    : [
        `${count(flows, 'flow')} of unknown host stood in no denied place (nor, where a phase only allows, outside of what it allows) and were not judged; some may have been for a declared service.`,
      ]
}

function unknownEnds({ flowsOfUnknownDevice: flows }: Judgement): readonly string[] {
  return flows === 0
    ? []
    : [
        `Of ${count(flows, 'flow')} it is not known which end is the device: session.yaml names no address of either end.`,
      ]
}

function unknownClocks({ unknownSessions }: Judgement): readonly string[] {
  return unknownSessions.length === 0
    ? []
    : [
        `No session.yaml describes ${unknownSessions.join(', ')}: the clock error of the rig is taken for ${ASSUMED_CLOCK_ERROR_MS} ms.`,
      ]
}

function gapsIn(ledger: readonly ReportLedger[]): readonly string[] {
  const gaps = ledger.flatMap((capture) => capture.gaps)
  const records = gaps.reduce((sum, gap) => sum + gap.records, 0)
  return gaps.length === 0
    ? []
    : [`Nothing is known of ${count(gaps.length, 'gap')} in the captures (${count(records, 'record')}).`]
}

function brokenOff(ledger: readonly ReportLedger[]): readonly string[] {
  const sources = ledger.filter(({ error }) => error !== null).map(({ source }) => source)
  return sources.length === 0 ? [] : [`Read only in part: ${sources.join(', ')}.`]
}

/** Sources whose snapshots all lie on one side of the packets, and far from them. */
function distantSnapshots({ period }: Judgement, snapshots: readonly SnapshotFacts[]): readonly string[] {
  if (snapshots.length === 0) return ['No reference data was loaded: no address could be located.']
  if (period === null) return []
  return [...new Set(snapshots.map(({ source }) => source))].flatMap((source) => {
    const days = snapshots
      .filter((snapshot) => snapshot.source === source)
      .map(({ date }) => ({ date, at: Date.parse(`${date}T00:00:00Z`) * 1000 }))
    const before = days.filter(({ at }) => at <= period.until).at(-1)
    const after = days.find(({ at }) => at + DAY > period.from)
    if (before && after) return []
    const [nearest, distance, side] = before
      ? [before, period.until - before.at, 'older' as const]
      : [after, (after?.at ?? 0) - period.from, 'younger' as const]
    if (!nearest || distance <= NEAR_DAYS * DAY) return []
    const than = side === 'older' ? 'the last packets' : 'the first packets'
    return [
      `${source} of ${nearest.date} is ${span(distance / DAY)} ${side} than ${than}, and there is none from the other side.`,
    ]
  })
}

/** Days as a person says them. */
function span(days: number): string {
  if (days >= 730) return `${(days / 365.25).toFixed(1)} years`
  return days >= 61 ? `${Math.round(days / 30.44)} months` : `${Math.round(days)} days`
}
