/** Contact with a host of a service whose vendor claims to ask first: what is judged alike, and what it adds up to. */
import type { Micros, Via } from '../../model.ts'
import type { Carried } from '../carried.ts'
import type { Found } from '../found.ts'
import type { Moment, Stage } from './stage.ts'
import type { Aim } from './subject.ts'

/** What flows have in common that are judged alike. Plain JSON. */
export interface Contact {
  readonly session: string
  readonly host: string
  readonly via: readonly Via[]
  readonly aim: Aim
  readonly others: readonly string[]
  /** The services that name the host, by id, each with the moment under its claim; null where it makes none. */
  readonly services: readonly { readonly id: string; readonly moment: Moment | null }[]
  /** Number of where the remote stood. */
  readonly location: number
  /** -1 where there is none. */
  readonly port: number
  readonly protocol: number
  readonly carried: Carried
  readonly deviceKnown: boolean
  /** The step, empty outside of all, where identifiers were found: what was sent when is told apart. null where none was. */
  readonly sentAt: string | null
}

/** The stage of flows under the claim of a service. Plain JSON. */
export interface StageUnder {
  readonly service: string
  /** `any` as well where it is not known that the flows were for a host of the service, or when something was sent in them. */
  readonly stage: Stage
}

/** What the flows of one contact add up to. Plain JSON. */
export interface ContactFigures extends Found {
  readonly flows: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly first: Micros
  readonly last: Micros
  /** Flows that went on after the step in which they began. */
  readonly outlived: number
  /** Numbers of sessions, steps and captures. */
  readonly origins: readonly number[]
}

export type ContactRow = Contact & ContactFigures

/** How much of a device was seen in a stage under a claim: what silence is held against. */
export interface Presence {
  readonly service: string
  readonly session: string
  readonly stage: 'before' | 'after'
  /** Whether the device sent something, to whomever, within the steps. */
  readonly sent: boolean
  /** Flows in which it did and that hide whom they were for. */
  readonly hidden: number
}
