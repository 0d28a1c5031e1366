/** Whether each deadline is carried by a phase that begins when it has passed. */
import type { Micros } from '../model.ts'
import type { TimeZone } from '../net/time-zone.ts'
import { checkTime, following, type PhaseContext, type PhaseDraft } from './check-phases.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import type { FaultList } from './fault-list.ts'
import { instantOf } from './instant.ts'
import { quoted } from './path.ts'
import { checkReference, checkReferences, idsOf, type Known } from './references.ts'
import type { Draft } from './shape-faults.ts'
import { suggestion } from './suggest.ts'

export function checkDeadlines(
  draft: Draft<DeclarationDocument>,
  services: Known,
  { zone, sources }: PhaseContext,
  faults: FaultList,
): void {
  const deadlines = draft.migration?.deadlines ?? []
  const home = ['migration', 'deadlines']
  const indexOf = new Map((draft.services ?? []).map((service, i) => [service?.id, i]))
  idsOf('deadline', 'migration.deadlines', deadlines, home, faults)
  for (const [i, deadline] of deadlines.entries()) {
    if (!deadline) continue
    const path = [...home, i]
    checkReference(deadline.source, sources, [...path, 'source'], faults)
    checkReferences(deadline.services, services, [...path, 'services'], faults)
    const end = checkTime(deadline.at, 'end', [...path, 'at'], zone, faults)
    const { phase, at } = deadline
    if (phase === undefined || at === undefined || end === null) continue
    for (const [j, id] of (deadline.services ?? []).entries()) {
      const service = id === undefined ? undefined : indexOf.get(id)
      if (service === undefined) continue
      const phases = draft.services?.[service]?.phases ?? []
      const index = phases.findIndex((candidate) => candidate?.id === phase)
      const unreadable = index < 0 ? phases.some((p) => p?.id === undefined) : faults.has(fromOf(service, index))
      const wrong = unreadable ? null : notCarried(phase, phases, end, at, zone)
      if (wrong !== null) faults.error([...path, 'services', j], `of service ${quoted(id ?? '')} ${wrong}`)
    }
  }
}

const fromOf = (service: number, phase: number) => ['services', service, 'phases', phase, 'from']

/**
 * What keeps the phase that a deadline names from carrying it; null where it does.
 *
 * @param end when the deadline has passed
 * @param at the same, as it is written
 */
function notCarried(
  id: string,
  phases: readonly (PhaseDraft | undefined)[],
  end: Micros,
  at: string,
  zone: TimeZone | null,
): string | null {
  const phase = phases.find((candidate) => candidate?.id === id)
  if (!phase) {
    const known = [...new Set(phases.flatMap((candidate) => candidate?.id ?? []))]
    return `no phase carries the deadline, there is no ${quoted(id)}: ${suggestion(id, known, 'write that phase')}`
  }
  if (phase.from !== undefined && instantOf(phase.from, 'start', zone) === end) return null
  const begins = phase.from === undefined ? 'has no beginning' : `begins at ${phase.from}`
  return `the phase ${quoted(id)} ${begins}, and the deadline ends with ${at}: write \`from: ${following(at)}\` in the phase, or move the deadline`
}
