/** What is wrong with the phases of a service: in themselves, and how they follow one another. */
import type { Micros } from '../model.ts'
import type { TimeZone } from '../net/time-zone.ts'
import { coverOf, type PlaceDraft, surroundingsOf } from './check-places.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import type { FaultList } from './fault-list.ts'
import { instantOf, timeFault } from './instant.ts'
import { type Path, quoted } from './path.ts'
import { checkReference, checkReferences, idsOf, type Known } from './references.ts'
import type { Draft } from './shape-faults.ts'

export type PhaseDraft = NonNullable<Draft<DeclarationDocument['services'][number]['phases']>[number]>

/** What phases are held against. */
export interface PhaseContext {
  readonly zone: TimeZone | null
  readonly places: Known
  readonly placeOf: (id: string) => PlaceDraft | undefined
  readonly sources: Known
}

export function checkPhases(
  phases: readonly (PhaseDraft | undefined)[],
  path: Path,
  context: PhaseContext,
  faults: FaultList,
): void {
  idsOf('phase', 'phases', phases, path, faults)
  const spans: Span[] = []
  for (const [i, phase] of phases.entries()) {
    if (!phase) continue
    const at = [...path, i]
    checkPlacesOf(phase, at, context, faults)
    checkReference(phase.source, context.sources, [...at, 'source'], faults)
    const span = spanOf(phase, at, context.zone, faults)
    if (span) spans.push(span)
  }
  checkSequence(spans, spans.length === phases.length, faults)
}

function checkPlacesOf(phase: PhaseDraft, path: Path, { places, placeOf }: PhaseContext, faults: FaultList): void {
  const { allow, deny } = phase
  if (!allow && !deny && !faults.has([...path, 'allow']) && !faults.has([...path, 'deny']))
    faults.error(path, 'neither allows nor denies a place: write `allow: [singapore]`, `deny: [beijing]` or both')
  checkReferences(allow, places, [...path, 'allow'], faults)
  checkReferences(deny, places, [...path, 'deny'], faults)
  const allowed = new Set(allow)
  const cover = new Map<string, string>()
  for (const [i, id] of (deny ?? []).entries()) {
    if (id === undefined) continue
    for (const code of coverOf(placeOf(id) ?? {})) cover.set(code, id)
    if (allowed.has(id))
      faults.error([...path, 'deny', i], `place ${quoted(id)} is allowed as well: keep it in one of the two lists`)
  }
  for (const [i, id] of (allow ?? []).entries()) {
    const place = id === undefined ? undefined : placeOf(id)
    const outer = place && surroundingsOf(place).flatMap((code) => cover.get(code) ?? [])[0]
    if (outer !== undefined && outer !== id)
      faults.warning(
        [...path, 'allow', i],
        `place ${quoted(id ?? '')} lies in ${quoted(outer)}, which is denied, and denying wins: remove it here, or deny less`,
      )
  }
}

/** A phase in time, with what its ends are written as. */
interface Span {
  readonly id: string
  readonly from: Micros | null
  readonly until: Micros | null
  readonly written: { readonly from: string | undefined; readonly until: string | undefined }
  readonly path: Path
}

/** @returns null where an end cannot be told */
function spanOf(phase: PhaseDraft, path: Path, zone: TimeZone | null, faults: FaultList): Span | null {
  const from = checkTime(phase.from, 'start', [...path, 'from'], zone, faults)
  const until = checkTime(phase.until, 'end', [...path, 'until'], zone, faults)
  if (faults.has([...path, 'from']) || faults.has([...path, 'until'])) return null
  if (from !== null && until !== null && from >= until) {
    faults.error(
      [...path, 'from'],
      `the phase begins at ${phase.from} and is over by ${phase.until}: write the earlier one as \`from\``,
    )
    return null
  }
  const written = { from: phase.from, until: phase.until }
  return { id: phase.id ?? '', from, until, written, path }
}

/** Adds a fault where a time is impossible, and gives the instant otherwise. */
export function checkTime(
  text: string | undefined,
  edge: 'start' | 'end',
  path: Path,
  zone: TimeZone | null,
  faults: FaultList,
): Micros | null {
  if (text === undefined) return null
  const wrong = timeFault(text, 'either')
  if (wrong !== null) faults.error(path, wrong)
  return wrong === null ? instantOf(text, edge, zone) : null
}

/** Phases of a service neither overlap nor leave a span undeclared between them. */
function checkSequence(spans: readonly Span[], complete: boolean, faults: FaultList): void {
  const inOrder = [...spans].sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity))
  let latest = inOrder[0]
  for (const span of inOrder.slice(1)) {
    if (!latest) return
    const end = latest.until ?? Infinity
    const start = span.from ?? -Infinity
    const at = span.written.from === undefined ? span.path : [...span.path, 'from']
    if (start < end) faults.error(at, overlapOf(latest, span))
    else if (start > end && complete)
      faults.error(
        at,
        `nothing is declared between the end of phase ${quoted(latest.id)} (until ${latest.written.until}) and this: write \`from: ${following(latest.written.until)}\`, or a phase for the time between`,
      )
    if ((span.until ?? Infinity) > end) latest = span
  }
}

function overlapOf(earlier: Span, later: Span): string {
  const until = earlier.written.until
  const other = `overlaps phase ${quoted(earlier.id)}, which ${until === undefined ? 'never ends' : `lasts until ${until}`}`
  if (until !== undefined) return `${other}: write \`from: ${following(until)}\`, or end the other one earlier`
  const before = later.written.from
  return before === undefined
    ? `${other}: write \`until\` in the earlier of the two and \`from\` in the later`
    : `${other}: write \`until: ${preceding(before)}\` there`
}

/** What the next phase writes as `from`: the day after a date, the same instant for a date-time. */
export const following = (until: string | undefined) => shifted(until ?? '', 1)
/** What the phase before writes as `until`. */
export const preceding = (from: string) => shifted(from, -1)

function shifted(text: string, days: number): string {
  if (text.includes('T')) return text
  return new Date(Date.parse(`${text}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
