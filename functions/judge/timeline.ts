/** Phases in time: which of them a span touches. */
import type { Micros, Phase, Service } from '../model.ts'

/** Phases in their order (null where the declaration is silent), and the instants at which they change. */
export interface Touched {
  readonly phases: readonly (Phase | null)[]
  readonly changes: readonly Micros[]
}

/**
 * The instants at which any phase of some services begins or ends cut time into slots, numbered from 0; within a slot
 * nothing changes. Slot n begins at `boundaries[n - 1]`.
 */
export class Timeline {
  readonly boundaries: readonly Micros[]
  /** By service, and the slots from and until as one number. */
  readonly #touched = new Map<Service, Map<number, Touched>>()

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

  /** The phases of a service from one slot to another. */
  touched(service: Service, from: number, until: number): Touched {
    const known = this.#touched.get(service) ?? new Map<number, Touched>()
    const key = from * (this.boundaries.length + 1) + until
    let touched = known.get(key)
    if (!touched) {
      touched = this.#touch(service, from, until)
      this.#touched.set(service, known.set(key, touched))
    }
    return touched
  }

  #touch(service: Service, from: number, until: number): Touched {
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
