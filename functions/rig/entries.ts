/** What a journal holds: everything that `session.yaml` is made of, in the order in which it happened. */
import type { DeviceState, RigPlace } from '../model.ts'

/** ISO 8601 UTC with microseconds. */
type Time = string

export type CaptureEnd = 'stopped' | 'killed' | 'died' | 'found-dead'

/** What a capturing tool counted; left out where it did not say. */
export interface CaptureCounts {
  readonly packets?: number
  readonly dropped?: number
}

/** A measurement of the clock. */
export interface ClockReading {
  readonly source: string
  /** How far the rig's clock was ahead, in milliseconds. */
  readonly offsetMs: number
  /** How far that may be off. */
  readonly errorMs: number
}

export type Entry =
  | {
      readonly event: 'begin'
      readonly at: Time
      readonly session: string
      readonly rig: { readonly id: string; readonly place?: RigPlace }
      readonly protocol: { readonly id: string; readonly sha256: string; readonly part: number; readonly parts: number }
      readonly interface: string
      readonly script?: { readonly sha256: string; readonly timeScale: number }
    }
  | {
      readonly event: 'device'
      readonly at: Time
      readonly model?: string
      readonly firmware?: string
      readonly state: DeviceState
      readonly addresses: readonly string[]
    }
  | { readonly event: 'clock'; readonly at: Time; readonly reading: ClockReading | null; readonly why?: string }
  | {
      readonly event: 'network'
      readonly at: Time
      readonly resolvers: readonly string[]
      readonly families: readonly ('ipv4' | 'ipv6')[]
      readonly behindNat: boolean
    }
  | { readonly event: 'tools'; readonly at: Time; readonly versions: Readonly<Record<string, string>> }
  | {
      readonly event: 'capture-start'
      readonly at: Time
      readonly file: string
      /** Where the tool's messages go. */
      readonly log: string
      readonly tool: string
      readonly interface?: string
      readonly pid: number
    }
  /** The tool has said that it captures. */
  | { readonly event: 'capture-on'; readonly at: Time; readonly file: string }
  | ({
      readonly event: 'capture-end'
      readonly at: Time
      readonly file: string
      readonly ended: CaptureEnd
      /** Until when it captured for certain. */
      readonly until: Time
    } & CaptureCounts)
  /** `of` is the protocol's step, `step` the name of this run of it. */
  | { readonly event: 'step-begin'; readonly at: Time; readonly of: string; readonly step: string }
  | { readonly event: 'step-end'; readonly at: Time; readonly step: string; readonly repeat: boolean }
  | {
      readonly event: 'step-skip'
      readonly at: Time
      readonly of: string
      readonly why: string
      readonly optional: boolean
    }
  | {
      readonly event: 'deviation'
      readonly at: Time
      readonly step?: string
      readonly what: string
      readonly from?: Time
      readonly until?: Time
      /** Set where the clock was set: by how much, whichever way. */
      readonly clockSetMs?: number
    }
  | {
      readonly event: 'canary'
      readonly at: Time
      readonly step: string
      readonly url: string
      readonly address: string
      readonly port: number
      readonly token: string
    }
  | { readonly event: 'canary-seen'; readonly at: Time; readonly token: string; readonly file: string | null }
  | { readonly event: 'pause'; readonly at: Time; readonly why: string }
  | { readonly event: 'resume'; readonly at: Time }
  | { readonly event: 'end'; readonly at: Time }
