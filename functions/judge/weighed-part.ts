/**
 * What weighing one batch of observations gives, and what an audit is concluded from. It is plain JSON, because batches are
 * weighed on many machines. It holds the cases that were seen, each with its sums, and no ruling on them: cases of several
 * batches are the same where their keys are, and a ruling's text is longer than all that it follows from. Whatever many cases
 * share is written once, and named by its number in its list.
 */
import type { Evidence, Hidden, Location, Micros, Name, Vantage } from '../model.ts'
import type { Carried } from './carried.ts'
import type { ContactRow, Presence } from './consent/contact.ts'
import type { InventoryRow } from './inventory.ts'
import type { Reading } from './reading.ts'

export const WEIGHED_PART = 'urn:domicile:schema:weighed-part-v5'

export interface WeighedPart {
  readonly schema: typeof WEIGHED_PART
  /** SHA-256 of the declaration by which it was weighed. */
  readonly declaration: string
  /** SHA-256 of the snapshots in which addresses were located, sorted. */
  readonly snapshots: readonly string[]
  /** Flows of all observations; each is in a case or out of scope. */
  readonly flows: number
  /** First and last packet of all observations; null without any. */
  readonly period: { readonly from: Micros; readonly until: Micros } | null
  /** Steps in which a packet was seen. */
  readonly steps: readonly string[]
  /** Sessions of observations that nobody described. */
  readonly unknownSessions: readonly string[]
  /** Every remote address, as it was observed. */
  readonly remotes: readonly string[]
  /** What pieces of evidence are, but for what they say. */
  readonly kinds: readonly Omit<Evidence, 'says'>[]
  /** Pieces of evidence as columns: the number of the kind, and what it says. */
  readonly evidence: { readonly kind: readonly number[]; readonly says: readonly string[] }
  /** Places as columns. */
  readonly places: { readonly [Field in keyof LocatedPlace]: readonly LocatedPlace[Field][] }
  readonly locations: {
    /** Number of the remote, and of the place where it stood. */
    readonly remote: readonly number[]
    readonly place: readonly number[]
    /** Numbers of locations whose address has another text form than its remote, with that form (RFC 5952). */
    readonly spelled: readonly (readonly [location: number, ip: string])[]
  }
  /** Where handshakes were measured. */
  readonly vantages: readonly Vantage[]
  /** The smallest handshakes with locations of cases, as columns: numbers of the location and the vantage, port, milliseconds. */
  readonly handshakes: {
    readonly location: readonly number[]
    readonly vantage: readonly number[]
    readonly port: readonly number[]
    readonly rttMs: readonly number[]
  }
  /** The same with all addresses in scope that published ranges put in a region. */
  readonly controls: {
    readonly region: readonly string[]
    readonly vantage: readonly number[]
    readonly port: readonly number[]
    readonly rttMs: readonly number[]
  }
  /** Lists of names of flows, as observations hold them. */
  readonly names: readonly (readonly Name[])[]
  /** Numbers of those that were seen beside an encrypted ClientHello (ECH). */
  readonly encrypted: readonly number[]
  readonly circumstances: readonly Circumstances[]
  readonly origins: readonly Origin[]
  readonly cases: WeighedCases
  /** Contacts with hosts of services that claim to ask first, and what silence is held against. */
  readonly consent: { readonly contacts: readonly ContactRow[]; readonly presence: readonly Presence[] }
  readonly inventory: readonly InventoryRow[]
  readonly reading: Reading
  readonly outOfScope: {
    /** Flows by why neither host nor place matters, such as a remote that is no place on the Internet. */
    readonly special: FlowsBy<string>
    /** Flows by the host of somebody else. */
    readonly foreign: FlowsBy<string>
    /** Flows of unknown host in no denied place, by the number of their remote. */
    readonly unknown: FlowsBy<number>
  }
}

/** What a location says, but for the address: all addresses of one prefix may share it. */
export interface LocatedPlace extends Omit<Location, 'ip' | 'evidence'> {
  /** Numbers of the evidence, in its order. */
  readonly evidence: readonly number[]
}

/** From one slot of the declaration's timeline to another. */
export interface Slots {
  readonly from: number
  readonly until: number
}

/** What besides names, place and port decides how flows are judged. */
export interface Circumstances extends Slots {
  /** The slots by the rig's clock as it is; `from` and `until` have its error in them. */
  readonly clocked: Slots
  /** 0 where the error reaches no boundary. */
  readonly clockErrorMs: number
  /** Why no name is seen: null where one is known from elsewhere. */
  readonly hidden: Hidden | null
  readonly deviceKnown: boolean
  readonly carried: Carried
  /** The flows' own handshake makes the place of their address impossible; asked only of flows that would else concern nobody. */
  readonly contested: boolean
}

/** Session, step and capture of an observation. */
export interface Origin {
  readonly session: string
  readonly step: string | null
  /** SHA-256, hex. */
  readonly capture: string
}

/** Cases as columns, all of one length. No two rows have the same first five. */
export interface WeighedCases {
  /** Numbers of the location, the list of names, and the circumstances. */
  readonly location: readonly number[]
  readonly names: readonly number[]
  readonly circumstances: readonly number[]
  /** -1 where there is none. */
  readonly port: readonly number[]
  /** IANA protocol number, -1 where the log does not say. */
  readonly protocol: readonly number[]
  readonly flows: readonly number[]
  readonly bytesOut: readonly number[]
  readonly bytesIn: readonly number[]
  /** First packet, microseconds after the part's first. */
  readonly after: readonly number[]
  /** Microseconds from the first packet to the last. */
  readonly lasting: readonly number[]
  /** Number of the origin, or a list where there are several. */
  readonly origins: readonly (number | readonly number[])[]
}

export type FlowsBy<Key> = readonly (readonly [key: Key, flows: number])[]
