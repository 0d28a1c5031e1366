/** Where a run stands, by its journal. Pure: the same entries always give the same standing. */
import type { Protocol, ProtocolStep } from '../declare/protocol-shape.ts'
import type { Entry } from './entries.ts'

type Of<Event extends Entry['event']> = Extract<Entry, { readonly event: Event }>

export interface Standing {
  /** Steps of the protocol that are neither done nor skipped, in order; the first may have begun. */
  readonly left: readonly ProtocolStep[]
  /** The run of a step that has begun and is not over. */
  readonly open: Of<'step-begin'> | null
  /** A capture that was started and of whose end nothing is known. */
  readonly capture: Of<'capture-start'> | null
  readonly ended: boolean
  /** When the last entry was written. */
  readonly last: string | null
}

/** @param steps of this session's part of the protocol */
export function standingOf(entries: readonly Entry[], steps: readonly ProtocolStep[]): Standing {
  const over = new Set<string>()
  let open: Of<'step-begin'> | null = null
  let capture: Of<'capture-start'> | null = null
  for (const entry of entries) {
    if (entry.event === 'step-begin') open = entry
    if (entry.event === 'step-end') {
      if (open !== null && !entry.repeat) over.add(open.of)
      open = null
    }
    if (entry.event === 'step-skip') over.add(entry.of)
    if (entry.event === 'capture-start') capture = entry
    if (entry.event === 'capture-end') capture = null
  }
  return {
    left: steps.filter(({ id }) => !over.has(id)),
    open,
    capture,
    ended: entries.some(({ event }) => event === 'end'),
    last: entries.at(-1)?.at ?? null,
  }
}

/** The protocol's sessions: a step that resets the device is the first of the next one. */
export function partsOf(protocol: Protocol): readonly (readonly ProtocolStep[])[] {
  const parts: ProtocolStep[][] = []
  for (const step of protocol.steps) {
    if (parts.length === 0 || (step.resets !== undefined && (parts.at(-1)?.length ?? 0) > 0)) parts.push([])
    parts.at(-1)?.push(step)
  }
  return parts
}

/** A name for the next run of a step: `idle`, then `idle-2`. */
export function runName(of: string, entries: readonly Entry[]): string {
  const runs = entries.filter((entry) => entry.event === 'step-begin' && entry.of === of).length
  // An id has at most 64 characters.
  return runs === 0 ? of : `${of.slice(0, 60)}-${runs + 1}`
}
