/**
 * The nouns of Domicile, types only: the glossary that every stage shares.
 *
 * Units, once for all: a time is an integer number of microseconds since 1970-01-01T00:00:00Z ({@link Micros}); bytes are
 * IP bytes for packet captures and what the log states for flow logs; a port is -1 in a batch and null elsewhere where the
 * protocol has none.
 */

/** An instant: integer microseconds since the Unix epoch, UTC. Exact in a double until the year 2255. */
export type Micros = number

/** How a host name was learnt. `mipush` is the clear-text connect message of Xiaomi's push protocol. */
export type Via =
  | 'tls-sni'
  | 'quic-sni'
  | 'http-host'
  | 'http-connect'
  | 'mipush'
  | 'dns'
  | 'dns-cname'
  | 'http-dns'
  | 'log'

/** A host name that belongs to a flow, lower case without a trailing dot, and how it is known. */
export interface Name {
  readonly name: string
  readonly via: Via
  /** Set where the flow only *asks* for the name (HTTP-DNS): the name is not the host of this flow. */
  readonly asked?: true
  /** Set where the name was seen inside a tunnel: its host stands behind the flow's end, and not there. */
  readonly inside?: true
}

/**
 * Why a flow that carries traffic shows no host name although its protocol could have. `tunnel`: it carries packets for others
 * than its ends.
 */
export type Hidden = 'tls-without-sni' | 'tls-ech' | 'quic' | 'http-without-host' | 'tunnel'

// ── parse ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Finished flows as columns, one row a flow. End A sent the first record seen; for a log row it is the source.
 * A batch is reused by its owner: whoever wants to keep rows copies them.
 */
export interface FlowBatch {
  /** Rows in use. */
  length: number
  readonly capacity: number
  /** 4 or 6. */
  readonly family: Uint8Array
  /** Four words a row, network order; an IPv4 address stands in the first word, the others are 0. */
  readonly addressA: Uint32Array
  readonly addressB: Uint32Array
  /** -1 where the protocol has no ports or they were not seen. */
  readonly portA: Int32Array
  readonly portB: Int32Array
  /** IANA protocol number, -1 where the log does not say. */
  readonly protocol: Int16Array
  /** Sent by A, sent by B. */
  readonly packetsA: Float64Array
  readonly packetsB: Float64Array
  readonly bytesA: Float64Array
  readonly bytesB: Float64Array
  /** Of them what transport carried (see {@link Observation.payloadOut}); NaN where that is not known, as in flow logs. */
  readonly payloadA: Float64Array
  readonly payloadB: Float64Array
  /** First and last time, {@link Micros}; NaN where no record of the flow says when it was. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** Who sent the opening SYN: 1 A, 2 B, 0 none seen. */
  readonly opener: Uint8Array
  /** 48-bit hardware addresses as integers, 0 where there is none. */
  readonly macA: Float64Array
  readonly macB: Float64Array
  /** Smallest SYN to SYN-ACK time in milliseconds, NaN where none was seen. */
  readonly handshakeRttMs: Float64Array
  /** Names found in the flow's own payload, without those that DNS answers give. */
  readonly names: (readonly Name[] | undefined)[]
  readonly hidden: (Hidden | undefined)[]
  /** {@link Content.flow} of what could be read of the flow; 0 where nothing was handed on. */
  readonly content: Float64Array
  /**
   * Where `content` is not 0: bytes that A and B sent of which nothing was handed on, because they were encrypted, lost, cut off,
   * or more than is kept, or because they only answer what the other end asked. 0 where everything that the end said was handed
   * on; NaN where that cannot be known, as in logs that have the URL of a request alone.
   */
  readonly unreadA: Float64Array
  readonly unreadB: Float64Array
}

/** Where in the traffic a piece of content stood. */
export type ContentPart = 'url' | 'header' | 'cookie' | 'body' | 'name' | 'stream'

/**
 * A piece of what one end of a flow said and a program can read. Handed on in the order in which an end said it. A `stream` and
 * the messages of a WebSocket come in as many pieces as they were sent in, without overlap: whoever looks for something across
 * them keeps the end of the piece before, by flow, end and part. Everything else is whole, as far as `missing` says so.
 */
export interface Content {
  /** Number of the flow within its capture, from 1; {@link FlowBatch.content} has it when the flow is handed on. */
  readonly flow: number
  /** Whether end A said it. */
  readonly fromA: boolean
  /** When its last byte was sent; NaN where the log does not say. */
  readonly time: Micros
  /**
   * `url`: path and query of a request, without its host; `header` and `cookie`: the value of the one that `field` names; `body`:
   * of a request, or a message of a WebSocket, unmasked and inflated; `name`: a host name that was asked for (DNS) or named (SNI,
   * CONNECT); `stream`: bytes of which no protocol is known.
   */
  readonly part: ContentPart
  /** Of HTTP: its method and host, and its path without the query as it was sent. null elsewhere. */
  readonly method: string | null
  readonly host: string | null
  readonly path: string | null
  /** Name of the header or cookie, lower case; null elsewhere. */
  readonly field: string | null
  /** Content-Type as it was sent, null where there is none. */
  readonly mediaType: string | null
  /** Content-Encoding, in the order in which the codings were applied: `['gzip']`. */
  readonly codings: readonly string[]
  /** As it was sent; may be overwritten after the call returns. */
  readonly bytes: Uint8Array
  /** How many more bytes belong to it that were lost, cut off, or are more than is kept. */
  readonly missing: number
}

/** An answer of a resolver that was seen on the wire: `name` is at `address` until `expires`. */
export interface NameAnswer {
  /** The address that asked, text form. */
  readonly client: string
  /** The address that was answered, text form (RFC 5952). */
  readonly address: string
  readonly name: string
  /** `dns` for the name that was asked, `dns-cname` for the links of its chain, `http-dns` for an answer over HTTP. */
  readonly via: 'dns' | 'dns-cname' | 'http-dns'
  readonly time: Micros
  /** Time plus TTL. */
  readonly expires: Micros
}

/** A span of a capture of which nothing is known, so that it can never support a `pass`. */
export interface Gap {
  readonly from: Micros
  readonly until: Micros
  readonly reason: string
  readonly records: number
}

/** What a parser writes to. Answers come before the flows that began after them. */
export interface ParseSink {
  /** Takes finished flows; the batch may be overwritten after the call returns. */
  flows(batch: FlowBatch): void
  answer(answer: NameAnswer): void
  /** Takes what can be read, before the flow it belongs to is handed on. Left out: nobody asks, and nothing is gathered. */
  content?(content: Content): void
}

/** The account of what a parser read: `records = used + Σ leftOut`. */
export interface ParseAccount {
  readonly format: string
  readonly records: number
  readonly used: number
  readonly leftOut: Readonly<Record<string, number>>
  readonly gaps: readonly Gap[]
  /** TLS connections of which content was read; left out where no key log was given, or the format has no packets. */
  readonly opened?: number
}

/**
 * Reads one capture, pushed in order in chunks of any size; the result does not depend on where the chunks are cut.
 * `push` and `end` throw InputError where the bytes cannot be read further; `account` is right after that too.
 */
export interface Parser {
  push(chunk: Uint8Array): void
  end(): void
  account(): ParseAccount
}

// ── session ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Step {
  readonly id: string
  readonly from: Micros
  readonly until: Micros
}

/** Where a rig stands. Degrees, WGS 84. */
export interface RigPlace {
  readonly country: string
  readonly subdivision?: string
  readonly city?: string
  readonly latitude?: number
  readonly longitude?: number
}

/** A span of a session of which its rig has no capture; an instant, where a capture ended badly and the next ran already. */
export interface Uncaptured {
  readonly from: Micros
  readonly until: Micros
  /** How the capture before ended: `stopped` as it should; null where none had begun. */
  readonly after: 'stopped' | 'killed' | 'died' | 'found-dead' | null
}

/** One run of a test protocol on one device by one rig; `session.yaml`. */
export interface Session {
  readonly id: string
  readonly rig: { readonly id: string; readonly place?: RigPlace; readonly clockErrorMs: number }
  /** `addresses` holds hardware addresses, IP addresses and prefixes, as written. */
  readonly device: {
    readonly addresses: readonly string[]
    readonly model?: string
    readonly firmware?: string
    /** How the device came into the session. Left out: it is not known. */
    readonly state?: DeviceState
  }
  readonly steps: readonly Step[]
  /** Identifiers that were planted on the device, without their values. */
  readonly seeds?: SeedList
  /** Packets that the rig's capturing tool says it lost, of which no capture has a trace; left out where it says none. */
  readonly lost?: number
  /** When nothing was captured, by the rig's record, in order of time; left out where it names no such span, or has no record. */
  readonly uncaptured?: readonly Uncaptured[]
  /** A script answered for the operator, and made waits so many times shorter; left out where the record does not say so. */
  readonly unattended?: { readonly timeScale: number }
  /** What was done otherwise than the protocol says, in the operator's words. */
  readonly deviations?: readonly string[]
  /** Steps of the protocol that were not done. */
  readonly skipped?: readonly { readonly step: string; readonly why: string }[]
  /** `file` and `keys`, the key log of {@link CaptureReading.keyLog}, are paths below the session's folder. */
  readonly captures: readonly ({ readonly file: string; readonly keys?: string } & CaptureReading)[]
}

/** `new`: out of the box; `updated`: its firmware was replaced and its data kept; `in-use`: somebody had used it before. */
export type DeviceState = 'new' | 'factory-reset' | 'updated' | 'in-use'

/** What is known without the key of what was planted on a device; `seeds` of `session.yaml`. */
export interface SeedList {
  /** Which key the commitments and the envelope were made with: 16 hex digits that are derived from it and do not tell it. */
  readonly key: string
  /** Path of the encrypted values, below the session's folder. */
  readonly envelope: string
  readonly seeds: readonly SeedCommitment[]
}

/** A planted identifier, by what it is and keyed hashes of its normal forms. */
export interface SeedCommitment {
  readonly id: string
  readonly kind: SeedKind
  /** HMAC-SHA-256 of each normal form, hex, sorted. */
  readonly commitments: readonly string[]
}

export type SeedKind =
  | 'imei'
  | 'imsi'
  | 'iccid'
  | 'phone'
  | 'carrier'
  | 'wifi-mac'
  | 'bluetooth-mac'
  | 'android-id'
  | 'advertising-id'
  | 'contact-name'
  | 'contact-phone'
  | 'message'
  | 'location'
  | 'email'
  | 'account'
  | 'serial'

/** A planted identifier with its value: only ever in memory. */
export interface Seed {
  readonly id: string
  readonly kind: SeedKind
  /** As it was planted; a location as `latitude,longitude` in degrees. */
  readonly value: string
}

/** How a capture is to be read, where its bytes do not say it themselves. Plain data. */
export interface CaptureReading {
  /** The field order of a VPC flow log that has no header line, or the name of a format that bytes do not tell: `netflow`. */
  readonly format?: string
  /** IANA's name of the time zone of a log that writes times without one. */
  readonly timeZone?: string
  /** Which column holds what, of a CSV file or JSON lines of any shape: Domicile's word for it, then the column's name. */
  readonly columns?: Readonly<Record<string, string>>
  /** The secrets of TLS connections of a packet capture, as a client or server logged them (SSLKEYLOGFILE, RFC 9850). */
  readonly keyLog?: Uint8Array
}

// ── attribute ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What attribution adds to a batch, row for row; reused like the batch. */
export interface Attribution {
  /** 1 A opened the conversation, 2 B did. */
  readonly initiator: Uint8Array
  /** 1 A is the device, 2 B is, 0 not known, 3 neither is: a flow between bystanders. */
  readonly device: Uint8Array
  /** The device's end; where neither is known to be it, the end that stands for it: 1 A, 2 B. */
  readonly near: Uint8Array
  /** Names from the payload first, then those that DNS answers give; without doubles. */
  readonly names: (readonly Name[])[]
  /** Index into the session's steps by the flow's start, -1 outside of all. */
  readonly step: Int16Array
  /** 1 where the flow began within the clock's error of an edge of a step, so that it may belong to the step before or after. */
  readonly stepDoubt: Uint8Array
  /** 1 where the flow went on for longer than the clock's error after its step was over. */
  readonly outlives: Uint8Array
}

// ── identify ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A planted identifier that was found in what a device sent. It holds no value of anybody's. */
export interface Hit {
  /** Id of the seed. */
  readonly seed: string
  readonly kind: SeedKind
  readonly part: ContentPart
  readonly method: string | null
  /** Path of the request; parts of it that may be somebody's data stand as `*`. */
  readonly path: string | null
  /** Path of the field in a query, form, JSON, multipart or protobuf body, or of the header: `data.device.imei`, `[3].2`. */
  readonly field: string | null
  /** From the outermost coding inwards: `['gzip', 'base64', 'md5-hex']`; empty where it stood in clear. */
  readonly chain: readonly string[]
  /** Of the first, in bytes from the beginning of the innermost decoded value. */
  readonly offset: number
  /** The first with its surroundings: the identifier as `‹imei›`, what else may be somebody's data as `•`. */
  readonly excerpt: string
  readonly count: number
}

/** What was sent that is encoded and cannot be read. */
export interface Opaque {
  readonly part: ContentPart
  readonly method: string | null
  readonly path: string | null
  readonly field: string | null
  /** `base64` of what nothing is known of, `high-entropy`, `undecodable` for a body whose stated coding it does not have. */
  readonly looks: 'base64' | 'hex' | 'high-entropy' | 'undecodable'
  readonly bytes: number
  readonly count: number
}

/** What looking for planted identifiers in the flows of an observation gave. */
export interface Examined {
  /** Flows of which everything that the device sent was read, flows of which some was, and flows of which nothing could be. */
  readonly whole: number
  readonly partly: number
  readonly unread: number
  /** Sorted; one for each seed, place and chain. */
  readonly hits: readonly Hit[]
  readonly opaque: readonly Opaque[]
}

// ── observe ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Flows folded by session, step, hour, names, remote address, port and protocol: what is stored. It has no location. */
export interface Observation {
  readonly session: string
  readonly step: string | null
  /** Start of the UTC hour in which the flows started. */
  readonly hour: Micros
  /** All names of the flows, sorted by how they are known and then by name; empty where none is known. */
  readonly names: readonly Name[]
  readonly hidden: Hidden | null
  /** False where it is not known which end is the device; the remote is then the end that is not local, or the responder. */
  readonly deviceKnown: boolean
  /** Set where neither end is the device, as far as the session names its addresses and the capture shows it at them. */
  readonly bystander?: true
  /** Text form, RFC 5952. */
  readonly remote: string
  /** The remote's port; null where there is none, or where the remote opened the conversation (an ephemeral port). */
  readonly port: number | null
  /** IANA protocol number, -1 where the log does not say. */
  readonly protocol: number
  readonly flows: number
  /** From and to the device. */
  readonly packetsOut: number
  readonly packetsIn: number
  readonly bytesOut: number
  readonly bytesIn: number
  /**
   * Bytes of transport payload that the device sent: the data of TCP, UDP and SCTP, of other protocols what stands above IP.
   * null where the log does not say, or where it is not known which end is the device.
   */
  readonly payloadOut: number | null
  readonly first: Micros
  readonly last: Micros
  readonly handshakeRttMs: number | null
  /** Set where the flows began so near to an edge of their step that they may belong to its neighbour. */
  readonly stepDoubt?: true
  /** Flows that went on after their step was over; left out where there are none. */
  readonly outlived?: number
  /** Left out where nothing was looked for: the session has no seeds, or their key was not there. */
  readonly examined?: Examined
  /** SHA-256 of the capture, hex. */
  readonly capture: string
}

/** The account of one capture. */
export interface Ledger {
  readonly source: string
  readonly format: string
  readonly sha256: string
  /** Bytes of the capture as it was given. */
  readonly size: number
  readonly records: number
  readonly used: number
  readonly leftOut: Readonly<Record<string, number>>
  /** What stopped the reading, with the byte or line; null where the capture was read whole. */
  readonly error: string | null
  readonly flows: number
  /** Flows without a host name, by why. */
  readonly unnamed: Readonly<Record<string, number>>
  readonly gaps: readonly Gap[]
  readonly first: Micros | null
  readonly last: Micros | null
  readonly session: string
  /** SHA-256 of the captures that named its flows or whose flows it named (Zeek's logs), sorted; left out where there are none. */
  readonly readWith?: readonly string[]
}

/** What one capture gives. */
export interface CaptureObservations {
  readonly ledger: Ledger
  readonly observations: readonly Observation[]
  /** As {@link ParseAccount.opened}: told on the command line, not stored. */
  readonly opened?: number
}

// ── declare ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Source {
  readonly id: string
  readonly title: string
  /** As written, YYYY-MM-DD. */
  readonly date: string
  readonly url?: string
  readonly quote?: string
}

/** A named location of a declaration; exactly one of the three is what an address is held against. */
export interface Place {
  readonly id: string
  /** `aws:us-west-1`; zones are named in full (`aws:us-west-2-lax-1`). */
  readonly cloud?: string
  /** ISO 3166-2. */
  readonly subdivision?: string
  /** ISO 3166-1 alpha-2. */
  readonly country?: string
  /** Zones that the declaration says count as this region. */
  readonly zones?: readonly string[]
}

/** A span of time in which a service may be in some places and not in others: `from` ≤ t < `until`. */
export interface Phase {
  readonly id: string
  /** null: since ever. */
  readonly from: Micros | null
  /** Exclusive; null: for ever. A date-only `until` covers that whole day in the declaration's time zone. */
  readonly until: Micros | null
  /** Ids of places; a place that is not allowed is not permitted. null: everything that is not denied. */
  readonly allow: readonly string[] | null
  /** Wins over `allow`. */
  readonly deny: readonly string[]
  readonly source?: string
}

export interface Service {
  readonly id: string
  readonly title?: string
  /** Exact names or `*.suffix` (any depth below, not the suffix itself), lower case. The most specific pattern wins. */
  readonly hosts: readonly string[]
  readonly data: readonly string[]
  /** In order of time. */
  readonly phases: readonly Phase[]
  /** What the vendor says about asking first; left out where it says nothing. */
  readonly consent?: Consent
}

/** A vendor's claim that a service does nothing before its user has agreed. */
export interface Consent {
  /** From when on the claim holds. null: since ever. */
  readonly since: Micros | null
  /**
   * Hosts of other services that this one uses too, as {@link Service.hosts}: contact with one of them alone tells nothing of
   * this service where the other may be contacted. Left out: none.
   */
  readonly sharedHosts?: readonly string[]
  /** The step by which the user agrees, and the one by which the user takes it back. */
  readonly optIn: string
  readonly optOut?: string
  /** What must not happen before; `forbid-contact` implies the other. */
  readonly before: 'forbid-contact' | 'forbid-identifiers'
  /** What must not happen after the opt-out, when `graceMs` have passed. Left out: nothing is claimed. */
  readonly afterOptOut?: { readonly forbid: 'forbid-contact' | 'forbid-identifiers'; readonly graceMs: number }
  /** Devices that the claim is about. Left out: every device. */
  readonly preconditions?: {
    /** Any of these; exact, or with `*` at the end. */
    readonly firmware?: readonly string[]
    readonly deviceStates?: readonly DeviceState[]
  }
  readonly source?: string
}

export interface Deadline {
  readonly id: string
  readonly services: readonly string[]
  /** The phase that has to be in force after `at`. */
  readonly phase: string
  readonly at: Micros
  readonly source?: string
}

export interface Waiver {
  readonly id: string
  readonly rule: string
  readonly match: { readonly service?: string; readonly host?: string; readonly remote?: string }
  readonly reason: string
  readonly owner: string
  readonly approver: string
  /** Exclusive end. */
  readonly expires: Micros
}

/** What has to have been seen before an audit can pass. */
export interface Coverage {
  readonly minSessions: number
  readonly minRigs: number
  /** Ids of steps that some session must have run. */
  readonly steps: readonly string[]
}

/** What the vendor says, dated and cited; `declaration.yaml`. */
export interface Declaration {
  readonly id: string
  readonly version: number
  readonly title: string
  readonly vendor: string
  readonly timezone: string
  readonly sha256: string
  readonly sources: readonly Source[]
  readonly population: { readonly description: string; readonly markets: readonly string[] }
  readonly places: readonly Place[]
  /** Providers whose networks are the vendor's own, as they are called in `ranges/<name>`: their word is the vendor's word. */
  readonly ownNetworks: readonly string[]
  readonly services: readonly Service[]
  /** Suffixes that are the vendor's own; a host below one that no service declares is a finding. */
  readonly undeclaredHosts: {
    readonly vendorSuffixes: readonly string[]
    readonly treatment: 'violation' | 'indeterminate'
  }
  readonly migration: { readonly deadlines: readonly Deadline[] }
  readonly standard: 'strict' | 'balanced'
  readonly coverage: Coverage
  /** The largest share of flows to declared services that may stay indeterminate in a `pass`, 0 to 1. */
  readonly tolerance: { readonly indeterminateFlows: number }
  readonly waivers: readonly Waiver[]
  /** Texts that the vendor puts before or behind identifiers when it hashes them, so that hashes are found too. */
  readonly salts?: readonly string[]
}

// ── locate ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Grade = 'proven' | 'corroborated' | 'suspected' | 'conflicted' | 'edge' | 'unknown'

export interface Evidence {
  /**
   * Which rule of locating fired: `special-purpose`, `edge`, `provider-range`, `geofeed`, `database`, `time`; in an audit also
   * `name`, `physics` and `own-network`.
   */
  readonly rule: string
  /** The snapshot's source, such as `ranges/aws` or `database/dbip-city`; `rig rig-delhi` for what a rig measured. */
  readonly source: string
  /** Date of the snapshot, YYYY-MM-DD; null where the rule rests on none. */
  readonly date: string | null
  /** A sentence for a person. */
  readonly says: string
  /** Whether this piece supports the location that was concluded. */
  readonly supports: boolean
}

/** What is known of an address at a time. Fields that are not known are null. */
export interface Location {
  readonly ip: string
  readonly grade: Grade
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  /** ISO 3166-2; never finer than the grade supports. */
  readonly subdivision: string | null
  readonly city: string | null
  /** `aws:us-west-1`, or the zone `aws:us-west-2-lax-1`. */
  readonly cloud: string | null
  /** The most specific prefix that decided, CIDR. */
  readonly prefix: string | null
  readonly evidence: readonly Evidence[]
}

/** Finds addresses in dated snapshots. Pure: the same arguments give the same location. */
export interface Locator {
  /** @param ip text form; @param at the packet's time. */
  locate(ip: string, at: Micros): Location
  /** Number of the span of time that an instant is in: within a span no address moves. Left out where that is not known. */
  spanOf?(at: Micros): number
  /** Every snapshot that was loaded, sorted. */
  readonly snapshots: readonly SnapshotFacts[]
  /** The files of its address's family that the location's evidence names by source and date, sorted. Left out where they are not known. */
  citedBy?(location: Location): readonly SnapshotFacts[]
}

/** Where handshakes were measured: a rig whose latitude and longitude are known. */
export interface Vantage {
  /** The rig's id. */
  readonly rig: string
  /** Its city or country, for a sentence. */
  readonly place: string
  readonly latitude: number
  readonly longitude: number
}

/** The smallest SYN to SYN-ACK time of connections that devices opened to a port of an address, as one rig saw them. */
export interface Handshake {
  readonly vantage: Vantage
  /** null where it is not known. */
  readonly port: number | null
  /** More than 0. */
  readonly rttMs: number
}

/** A handshake with any address that a provider's published ranges put in a region: what shows whether a rig can be believed. */
export interface Control extends Handshake {
  readonly port: number
  /** `aws:us-west-1` */
  readonly region: string
}

/** What an audit saw of an address at the time of a location. */
export interface Sightings {
  /** One a vantage and port. */
  readonly handshakes: readonly Handshake[]
  /** Those that {@link Refiner.telling} picked. */
  readonly names: readonly string[]
  /** {@link Declaration.ownNetworks} */
  readonly ownNetworks: readonly string[]
}

/** A place that a handshake makes impossible. */
export interface ExcludedPlace {
  readonly place: Place
  readonly handshake: Handshake
  /** How far from the rig the place is at least. */
  readonly km: number
  /** How far the handshake reaches at most. */
  readonly reachKm: number
}

/** Holds what an audit saw of an address against its location. Pure. */
export interface Refiner {
  /** Of names, those that a device's resolver gave and whose suffix belongs to a provider that says where they are. */
  telling(names: readonly Name[]): readonly string[]
  /** The location with what was seen in its evidence; the same object where nothing was. */
  refine(location: Location, seen: Sightings): Location
  /** Whether the address cannot stand where the location has it. */
  isImpossible(location: Location, handshake: Handshake): boolean
  /** What excludes each of the places; null where any of them may be. */
  excluded(places: readonly Place[], handshakes: readonly Handshake[]): readonly ExcludedPlace[] | null
  /** What other handshakes of the same rig say of one. */
  trust(handshake: Handshake, controls: readonly Control[]): Trust
}

/** Whether a rig's other handshakes bear one of them out, and which do. */
export interface Trust {
  /**
   * `vouched` where they reached farther and took as long as they must, `answered` where they are as impossible, as behind a
   * middlebox that answers for everybody; `open` otherwise.
   */
  readonly word: 'vouched' | 'answered' | 'open'
  /** On the same port, with regions that the handshake could not have reached, in a time in which light can: the farthest first. */
  readonly farther: readonly DistantControl[]
  /** On any port, in less time than light takes: the farthest first. */
  readonly impossible: readonly DistantControl[]
}

/** A control with the distance from the rig to its region. */
export interface DistantControl {
  readonly control: Control
  readonly km: number
}

/** Reference data of one date, named by its hash. */
export interface SnapshotFacts {
  /** Such as `ranges/aws`, `database/dbip-city`. */
  readonly source: string
  /** YYYY-MM-DD. */
  readonly date: string
  readonly sha256: string
  readonly size: number
  /** Set where the file has addresses of one family alone: its publisher may hand out one for each. */
  readonly family?: 4 | 6
  /** What a page that shows this data must say, with its link. */
  readonly attribution?: { readonly text: string; readonly url: string }
}

// ── judge ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Verdict = 'compliant' | 'violation' | 'indeterminate'
export type Conclusion = 'pass' | 'fail' | 'inconclusive'

/** A rule applied to observations of one host, remote and phase. */
export interface Finding {
  /** `F-` and eight hex digits of what identifies the finding; the same in every audit that finds it. */
  readonly id: string
  /** `residency`, `undeclared-host`, `unknown-host`, `http-dns`, `consent-contact`, `consent-identifiers`, `consent-opt-out`. */
  readonly rule: string
  readonly service: string | null
  readonly phase: string | null
  readonly host: string | null
  /** How the host is known. */
  readonly via: readonly Via[]
  readonly remote: { readonly ip: string; readonly port: number | null; readonly proto: string }
  readonly verdict: Verdict
  /** Which of `locations` this rests on. */
  readonly location: LocationSummary
  /** Sentences for a person, the deciding one first. */
  readonly reasons: readonly string[]
  /** What would settle an indeterminate verdict; null where it is decided. */
  readonly settle: string | null
  readonly flows: number
  readonly bytes: { readonly out: number; readonly in: number }
  /** ISO 8601 UTC. */
  readonly first: string
  readonly last: string
  readonly sessions: readonly string[]
  readonly steps: readonly string[]
  /** SHA-256 of captures. */
  readonly captures: readonly string[]
  /** Id of the waiver that annotates it. */
  readonly waiver: string | null
}

export interface LocationSummary {
  /** Id of a location of the report, `L-` and eight hex digits. */
  readonly id: string
  readonly grade: Grade
  readonly country: string | null
  readonly subdivision: string | null
  readonly city: string | null
  readonly cloud: string | null
  readonly prefix: string | null
}

export interface Criterion {
  readonly id: string
  readonly title: string
  readonly status: 'met' | 'not-met' | 'undecided'
  readonly reason: string
}

/** How the flows to one service were judged. */
export interface ServiceSummary {
  readonly id: string
  readonly title: string | null
  readonly hosts: readonly string[]
  readonly data: readonly string[]
  readonly compliant: number
  readonly violation: number
  readonly indeterminate: number
  readonly phases: readonly {
    readonly id: string
    readonly from: string | null
    readonly until: string | null
    /** Ids of places, as the declaration has them. */
    readonly allow: readonly string[] | null
    readonly deny: readonly string[]
    /** Id of the source that says so. */
    readonly source: string | null
    readonly flows: number
    readonly compliant: number
    readonly violation: number
    readonly indeterminate: number
  }[]
}

/** Every flow is in exactly one of these: judged by verdict, or out of scope by reason. */
export interface Summary {
  readonly flows: number
  readonly judged: { readonly compliant: number; readonly violation: number; readonly indeterminate: number }
  /** Such as `remote is private-use`, `host is not the vendor's`. */
  readonly outOfScope: Readonly<Record<string, number>>
  readonly findings: { readonly compliant: number; readonly violation: number; readonly indeterminate: number }
  readonly sessions: number
  readonly captures: number
  readonly remotes: number
}

/**
 * Flows that are not judged, by reason and host, or by address where no host is known. Both are null for remotes that are no
 * place on the Internet, and in the last entry where it counts what is not listed.
 */
export interface OutOfScope {
  readonly flows: number
  readonly host: string | null
  /** A reason of {@link Summary.outOfScope}, or how many entries the last one stands for. */
  readonly reason: string
  readonly remote: string | null
}

/** How a service kept its word about consent in a session. */
export interface ConsentSummary {
  readonly service: string
  readonly session: string
  /** Whether the claim speaks of this session's device and time. */
  readonly applies: boolean
  /** ISO 8601 UTC, when the steps began; null where they were not run. */
  readonly optedIn: string | null
  readonly optedOut: string | null
  /** null where the claim does not apply. */
  readonly verdict: Verdict | null
  /** A sentence for a person; where the claim does not apply, which precondition is not met. */
  readonly reason: string
  /** Flows to the service's hosts before opting in, while it was on, and after the grace of opting out. */
  readonly flows: {
    readonly before: number
    readonly agreed: number
    readonly after: number
    readonly doubtful: number
  }
  /** Ids of its findings. */
  readonly findings: readonly string[]
}

/** Who received what: one kind of identifier (or what could not be read) that went to one host in one step and country. */
export interface InventoryEntry {
  /** null where no name is known. */
  readonly host: string | null
  readonly service: string | null
  /** null for what is opaque. */
  readonly kind: SeedKind | null
  /** Ids of seeds, sorted. */
  readonly seeds: readonly string[]
  readonly session: string
  readonly step: string | null
  /**
   * Whether the user had agreed when the flows began, by the claims that speak of the host in the session: before, while it was
   * agreed, or after opting out; `open` where that is not known, or differs from claim to claim. null where no claim does.
   */
  readonly consent: 'before' | 'agreed' | 'after' | 'open' | null
  /** ISO 3166-1; null where it is not known well enough. */
  readonly country: string | null
  readonly cloud: string | null
  readonly grade: Grade
  /** As {@link Hit.chain}, joined by ` > `, sorted; `clear` for none. Of what is opaque, how it looks. */
  readonly encodings: readonly string[]
  /** Where it stood, such as `POST /pass/register device.imei`, sorted; at most 500. */
  readonly places: readonly string[]
  /** How many places more there were. */
  readonly morePlaces: number
  /** One masked excerpt. */
  readonly excerpt: string | null
  readonly flows: number
  readonly first: string
  readonly last: string
}

/** What judging gives, in canonical order; a report adds the declaration and the accounts to it. */
export interface Judgement {
  readonly conclusion: Conclusion
  /** The day for which waivers were judged. */
  readonly asOf: Micros
  /** First and last packet of the evidence; null without any. */
  readonly period: { readonly from: Micros; readonly until: Micros } | null
  readonly summary: Summary
  readonly criteria: readonly Criterion[]
  readonly services: readonly ServiceSummary[]
  readonly findings: readonly Finding[]
  /** The locations that findings rest on. */
  readonly locations: readonly (Location & { readonly id: string })[]
  /** Flows that were not judged, the most first; their sum is that of `summary.outOfScope`. */
  readonly outOfScope: readonly OutOfScope[]
  /** By service and session, for the services of which the declaration claims consent. */
  readonly consent: readonly ConsentSummary[]
  /** Sorted by host, session, step as they were run, and kind. */
  readonly inventory: readonly InventoryEntry[]
  readonly waivers: Report['waivers']
  /** Sessions of observations that nobody described, so that their rig's clock error is not known. */
  readonly unknownSessions: readonly string[]
  /**
   * Flows of which everything, something or nothing that the device sent was read, and in which nobody looked; flows that outlived
   * the step in which they began, and that began within the clock's error of the edge of a step.
   */
  readonly reading: {
    readonly whole: number
    readonly partly: number
    readonly unread: number
    readonly unexamined: number
    readonly outlived: number
    readonly nearEdge: number
  }
  /** Judged flows of which it is not known which end is the device. */
  readonly flowsOfUnknownDevice: number
}

/** `report.json`: the truth; every other format is rendered from it. */
export interface Report {
  readonly schema: 'urn:domicile:schema:report-v1'
  readonly conclusion: Conclusion
  /** ISO 8601 UTC, of the packets; null without any. */
  readonly period: { readonly from: string | null; readonly until: string | null }
  readonly asOf: string
  readonly declaration: {
    readonly id: string
    readonly version: number
    readonly title: string
    readonly vendor: string
    readonly standard: 'strict' | 'balanced'
    readonly timezone: string
    readonly sha256: string
    readonly sources: readonly Source[]
    readonly population: { readonly description: string; readonly markets: readonly string[] }
    readonly places: readonly Place[]
    readonly deadlines: readonly {
      readonly id: string
      readonly services: readonly string[]
      readonly phase: string
      readonly at: string
      readonly source: string | null
    }[]
    readonly undeclaredHosts: Declaration['undeclaredHosts']
    /** What the vendor says about asking first, by service; left out where it says nothing. */
    readonly consent?: readonly (Omit<Consent, 'since'> & {
      readonly service: string
      /** ISO 8601 UTC. */
      readonly since: string | null
    })[]
  }
  readonly summary: Summary
  readonly criteria: readonly Criterion[]
  readonly services: readonly ServiceSummary[]
  readonly findings: readonly Finding[]
  readonly locations: readonly (Location & { readonly id: string })[]
  /** Flows that were not judged, the most first; their sum is that of `summary.outOfScope`. */
  readonly outOfScope: readonly OutOfScope[]
  /** By service and session, for the services of which the declaration claims consent. */
  readonly consent: readonly ConsentSummary[]
  /** Sorted by host, session, step as they were run, and kind. */
  readonly inventory: readonly InventoryEntry[]
  readonly ledger: readonly ReportLedger[]
  readonly sessions: readonly ReportSession[]
  readonly snapshots: readonly SnapshotFacts[]
  readonly waivers: readonly {
    readonly id: string
    readonly rule: string
    readonly reason: string
    readonly owner: string
    readonly approver: string
    readonly expires: string
    readonly expired: boolean
    readonly findings: readonly string[]
  }[]
  /** What cannot be seen from the network, and what this audit in particular could not see. */
  readonly limitations: readonly string[]
}

/** A ledger as the report prints it: `source` relative to the campaign, times ISO 8601 UTC. */
export type ReportLedger = Omit<Ledger, 'gaps' | 'first' | 'last'> & {
  readonly gaps: readonly {
    readonly from: string
    readonly until: string
    readonly reason: string
    readonly records: number
  }[]
  readonly first: string | null
  readonly last: string | null
}

export interface ReportSession {
  readonly id: string
  readonly rig: string
  readonly place: RigPlace | null
  readonly clockErrorMs: number
  readonly device: {
    readonly model: string | null
    readonly firmware: string | null
    readonly state: DeviceState | null
  }
  readonly steps: readonly { readonly id: string; readonly from: string; readonly until: string }[]
  /** This and what follows is left out where the session's record says nothing of it. */
  readonly unattended?: { readonly timeScale: number }
  /** The first 50, each of 400 characters at most. */
  readonly deviations?: readonly string[]
  /** How many deviations more there were. */
  readonly moreDeviations?: number
  /** The first 50, as deviations. */
  readonly skipped?: readonly { readonly step: string; readonly why: string }[]
  readonly moreSkipped?: number
  /** As of {@link Session}; times ISO 8601 UTC. */
  readonly uncaptured?: readonly {
    readonly from: string
    readonly until: string
    readonly after: Uncaptured['after']
  }[]
}
