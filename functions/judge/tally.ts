/** How the flows to every service were judged, by phase. */
import type { Declaration, Service, ServiceSummary, Verdict } from '../model.ts'
import { formatTime } from '../net/time.ts'
import type { Evidence } from './evidence.ts'

export type Counts = Readonly<Record<Verdict, number>>

/** Flows by verdict. */
export function countFlows(evidence: readonly Evidence[]): Counts {
  const counts = { compliant: 0, violation: 0, indeterminate: 0 }
  for (const { outcome, flows } of evidence) counts[outcome.verdict] += flows
  return counts
}

/**
 * A summary a service, in the order of the declaration. Flows whose host two services declare count for both; flows for
 * which it is open which phase holds count for the service and for none of its phases.
 */
export function summarizeServices(declaration: Declaration, evidence: readonly Evidence[]): readonly ServiceSummary[] {
  const byService = new Map<string, Evidence[]>(declaration.services.map(({ id }) => [id, []]))
  for (const piece of evidence) for (const { id } of piece.outcome.services) byService.get(id)?.push(piece)
  return declaration.services.map((service) => summarize(service, byService.get(service.id) ?? []))
}

function summarize(service: Service, evidence: readonly Evidence[]): ServiceSummary {
  const under = (phase: string) =>
    evidence.filter(({ outcome }) => outcome.services.some((of) => of.id === service.id && of.phase === phase))
  return {
    id: service.id,
    title: service.title ?? null,
    hosts: service.hosts,
    data: service.data,
    ...countFlows(evidence),
    phases: service.phases.map(({ id, from, until, allow, deny, source }) => {
      const counts = countFlows(under(id))
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
