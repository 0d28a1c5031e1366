/** How the flows to every service were judged, by phase. */
import type { Declaration, Service, ServiceSummary, Verdict } from '../model.ts'
import { formatTime } from '../net/time.ts'
import type { Evidence } from './evidence.ts'

export type Counts = Readonly<Record<Verdict, number>>

/** Flows by verdict. */
export function countFlows(evidence: readonly Evidence[]): Counts {
  const counts = none()
  for (const { outcome, flows } of evidence) counts[outcome.verdict] += flows
  return counts
}

const none = () => ({ compliant: 0, violation: 0, indeterminate: 0 })

/** Counts of a service, and of its phases by their ids. */
interface Tally {
  readonly all: Record<Verdict, number>
  readonly phases: Map<string, Record<Verdict, number>>
}

/**
 * A summary a service, in the order of the declaration. Flows whose host two services declare count for both; flows for
 * which it is open which phase holds count for the service and for none of its phases.
 */
export function summarizeServices(declaration: Declaration, evidence: readonly Evidence[]): readonly ServiceSummary[] {
  const tallies = new Map<string, Tally>()
  for (const { id, phases } of declaration.services)
    tallies.set(id, { all: none(), phases: new Map(phases.map((phase) => [phase.id, none()])) })
  for (const { outcome, flows } of evidence)
    for (const { id, phase } of outcome.services) {
      const tally = tallies.get(id)
      const counts = phase === null ? undefined : tally?.phases.get(phase)
      if (tally) tally.all[outcome.verdict] += flows
      if (counts) counts[outcome.verdict] += flows
    }
  return declaration.services.map((service) => summarize(service, tallies.get(service.id)))
}

function summarize(service: Service, tally: Tally | undefined): ServiceSummary {
  return {
    id: service.id,
    title: service.title ?? null,
    hosts: service.hosts,
    data: service.data,
    ...(tally?.all ?? none()),
    phases: service.phases.map(({ id, from, until, allow, deny, source }) => {
      const counts = tally?.phases.get(id) ?? none()
      return {
        id,
        from: from === null ? null : formatTime(from),
        until: until === null ? null : formatTime(until),
        allow,
        deny,
        source: source ?? null,
        flows: counts.compliant + counts.violation + counts.indeterminate,
        ...counts,
      }
    }),
  }
}
