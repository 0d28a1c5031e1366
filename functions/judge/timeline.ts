/** Phases in time: which of them a span touches. */
import type { Micros, Phase, Service } from '../model.ts'

/**
 * The instants at which any phase of some services begins or ends cut time into slots, numbered from 0; within a slot
 * nothing changes. Slot n begins at `boundaries[n - 1]`.
 */
export class Timeline {
  readonly boundaries: readonly Micros[]

  constructor(services: readonly Service[]) {
    const instants = services.flatMap(({ phases }) => phases.flatMap(({ from, until }) => [from, until]))
    this.boundaries = [...new Set(instants.filter((at) => at !== null))].sort((a, b) => a - b)
  }

  slot(at: Micros): number {
    let slot = 0
    for (const boundary of this.boundaries) {
      if (boundary > at) break
      slot++
    }
    return slot
  }

  /** The phase of a service in a slot; null where the declaration is silent. */
  phase(service: Service, slot: number): Phase | null {
    const at = slot === 0 ? Number.NEGATIVE_INFINITY : (this.boundaries[slot - 1] ?? 0)
    return (
      service.phases.find(({ from, until }) => (from === null || from <= at) && (until === null || at < until)) ?? null
    )
  }

  /** The phases of a service from one slot to another, in order, and the instants at which they change. */
  touched(service: Service, from: number, until: number): { phases: (Phase | null)[]; changes: Micros[] } {
    const phases = [this.phase(service, from)]
    const changes: Micros[] = []
    for (let slot = from + 1; slot <= until; slot++) {
      const phase = this.phase(service, slot)
      if (phase === phases.at(-1)) continue
      phases.push(phase)
      changes.push(this.boundaries[slot - 1] ?? 0)
    }
    return { phases, changes }
  }
}
