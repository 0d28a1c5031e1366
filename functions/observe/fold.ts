/** Folds attributed flows into observations, and draws up the account of the capture. */
import type {
  Attribution,
  CaptureObservations,
  Examined,
  FlowBatch,
  Hidden,
  Ledger,
  Micros,
  Name,
  Observation,
  ParseAccount,
  Session,
} from '../model.ts'
import { formatAddress } from '../net/address.ts'
import { mergedExamined } from './examined.ts'
import { mergeObservations } from './merge.ts'
import { NameSets } from './name-sets.ts'
import { keyLength, ObservationTable, recordLength } from './observation-table.ts'

/** What {@link ObservationFold} must know of how a capture was read. */
export interface ReadAccount extends ParseAccount {
  readonly sha256: string
  readonly size: number
  readonly error: string | null
  readonly readWith?: readonly string[]
}

/** Keys that are folded at a time, about 40 MB; past it, they are set aside and fold again at the end. */
export const mostKeys = 1 << 18

const hourLength = 3_600_000_000
const hiddenOrder: readonly (Hidden | null)[] = [
  null,
  'tls-without-sni',
  'tls-ech',
  'quic',
  'http-without-host',
  'tunnel',
]

const noNames: readonly Name[] = []

/** What stands where in a key. */
const hourAt = 4
const portAt = 5
const kindAt = 6
const stepAt = 7
const namesAt = 8

/** Bits of a key's kind: the protocol plus one, then these. */
const hiddenShift = 9
const deviceKnownBit = 1 << 12
const family6Bit = 1 << 13
const bystanderBit = 1 << 14
const stepDoubtBit = 1 << 15

/** Of {@link Attribution.device}. */
const neither = 3

/** Folds the flows of one capture. */
export class ObservationFold {
  readonly #session: Session
  readonly #mostKeys: number
  readonly #table = new ObservationTable()
  readonly #names = new NameSets()
  /** Of the flows of a batch: keys, rows (those of device B as `~row`), and numbers in the table. */
  #keys = new Int32Array(0)
  #rows = new Int32Array(0)
  #numbers = new Int32Array(0)
  /** What was found in the flows of keys in the table, by their numbers. */
  #examined = new Map<number, Examined>()
  readonly #setAside: { readonly table: ObservationTable; readonly examined: ReadonlyMap<number, Examined> }[] = []
  /** Flows without a host name, by the place of their reason in `hiddenOrder`. */
  readonly #unnamed = new Float64Array(hiddenOrder.length)
  readonly #addresses = new Map<number, string>()
  #flows = 0
  #first: Micros = Number.POSITIVE_INFINITY
  #last: Micros = Number.NEGATIVE_INFINITY

  /** @param limit keys that are folded at a time */
  constructor(session: Session, limit = mostKeys) {
    this.#session = session
    this.#mostKeys = limit
  }

  /**
   * Adds the flows of a batch. A flow without a usable time (NaN) cannot be held against a declaration: the parser has
   * counted its records among those left out, and it is not observed.
   *
   * @param examined what was found in what the device sent, row for row; null where nothing was looked for
   */
  add(batch: FlowBatch, attribution: Attribution, examined: readonly Examined[] | null = null): void {
    const count = this.#keysOf(batch, attribution)
    this.#table.findAll(this.#keys, count, this.#numbers)
    this.#sum(batch, attribution.outlives, count)
    if (examined !== null) this.#addExamined(examined, count)
    this.#flows += count
    if (this.#table.size <= this.#mostKeys) return
    this.#setAside.push({ table: this.#table.take(), examined: this.#examined })
    this.#examined = new Map()
  }

  #addExamined(examined: readonly Examined[], count: number): void {
    for (let i = 0; i < count; i++) {
      const signed = this.#rows[i] as number
      const found = examined[signed >= 0 ? signed : ~signed]
      if (found === undefined) continue
      const number = this.#numbers[i] as number
      const known = this.#examined.get(number)
      this.#examined.set(number, known === undefined ? found : mergedExamined([known, found]))
    }
  }

  /** Writes the key of every flow that has a time. @returns how many there are */
  #keysOf(batch: FlowBatch, attribution: Attribution): number {
    if (this.#rows.length < batch.length) this.#makeRoom(batch.capacity)
    const { addressA, addressB, portA, portB, start, family, protocol } = batch
    const { initiator, device, near, step, stepDoubt } = attribution
    const keys = this.#keys
    let count = 0
    for (let row = 0; row < batch.length; row++) {
      if (Number.isNaN(start[row] as number)) continue
      const known = device[row] as number
      const opener = initiator[row] as number
      const deviceIsA = near[row] === 1
      const remoteOpened = opener !== near[row]
      const remote = deviceIsA ? addressB : addressA
      const hides = batch.hidden[row]
      const hidden = hides === undefined ? 0 : hiddenOrder.indexOf(hides)
      const names = this.#names.numberOf(attribution.names[row] ?? noNames)
      const named = hides === 'tls-ech' ? this.#names.isNamedBesideHello(names) : this.#names.isNamed(names)
      if (!named) this.#unnamed[hidden] = (this.#unnamed[hidden] as number) + 1

      const at = count * keyLength
      for (let word = 0; word < 4; word++) keys[at + word] = remote[row * 4 + word] as number
      keys[at + hourAt] = Math.floor((start[row] as number) / hourLength)
      keys[at + portAt] = remoteOpened ? -1 : ((deviceIsA ? portB[row] : portA[row]) as number)
      keys[at + kindAt] =
        ((protocol[row] as number) + 1) |
        (hidden << hiddenShift) |
        (known === 1 || known === 2 ? deviceKnownBit : known === neither ? bystanderBit : 0) |
        (family[row] === 6 ? family6Bit : 0) |
        (stepDoubt[row] === 1 ? stepDoubtBit : 0)
      keys[at + stepAt] = step[row] as number
      keys[at + namesAt] = names
      this.#rows[count] = deviceIsA ? row : ~row
      count++
    }
    return count
  }

  #sum(batch: FlowBatch, outlives: Uint8Array, count: number): void {
    const { packetsA, packetsB, bytesA, bytesB, payloadA, payloadB, start, end, handshakeRttMs } = batch
    const { sums } = this.#table
    let earliest = this.#first
    let latest = this.#last
    for (let i = 0; i < count; i++) {
      const at = (this.#numbers[i] as number) * recordLength
      const signed = this.#rows[i] as number
      const deviceIsA = signed >= 0
      const row = deviceIsA ? signed : ~signed
      const first = start[row] as number
      let last = first
      if ((end[row] as number) > first) last = end[row] as number
      sums[at] = (sums[at] as number) + 1
      sums[at + 1] = (sums[at + 1] as number) + ((deviceIsA ? packetsA : packetsB)[row] as number)
      sums[at + 2] = (sums[at + 2] as number) + ((deviceIsA ? packetsB : packetsA)[row] as number)
      sums[at + 3] = (sums[at + 3] as number) + ((deviceIsA ? bytesA : bytesB)[row] as number)
      sums[at + 4] = (sums[at + 4] as number) + ((deviceIsA ? bytesB : bytesA)[row] as number)
      sums[at + 5] = (sums[at + 5] as number) + ((deviceIsA ? payloadA : payloadB)[row] as number)
      if (first < (sums[at + 6] as number)) sums[at + 6] = first
      if (last > (sums[at + 7] as number)) sums[at + 7] = last
      const handshake = handshakeRttMs[row] as number
      if (handshake < (sums[at + 8] as number)) sums[at + 8] = handshake
      sums[at + 9] = (sums[at + 9] as number) + (outlives[row] as number)
      if (first < earliest) earliest = first
      if (last > latest) latest = last
    }
    this.#first = earliest
    this.#last = latest
  }

  #makeRoom(flows: number): void {
    this.#keys = new Int32Array(flows * keyLength)
    this.#rows = new Int32Array(flows)
    this.#numbers = new Int32Array(flows)
  }

  /**
   * Ends the fold.
   *
   * @param source the capture's path as the report names it
   * @param read how the capture was read
   * @returns the capture's ledger, and its observations in canonical order
   */
  finish(source: string, read: ReadAccount): CaptureObservations {
    const observations = this.#observations(read.sha256)
    const ledger: Ledger = {
      source,
      format: read.format,
      sha256: read.sha256,
      size: read.size,
      records: read.records,
      used: read.used,
      leftOut: read.leftOut,
      error: read.error,
      flows: this.#flows,
      unnamed: this.#unnamedByReason(),
      gaps: read.gaps,
      first: this.#flows === 0 ? null : this.#first,
      last: this.#flows === 0 ? null : this.#last,
      session: this.#session.id,
      ...(read.readWith === undefined ? {} : { readWith: read.readWith }),
    }
    return { ledger, observations }
  }

  #unnamedByReason(): Record<string, number> {
    const counts = hiddenOrder.map((hidden, i) => [hidden ?? 'no-name-seen', this.#unnamed[i] ?? 0] as const)
    return Object.fromEntries(counts.filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #observations(capture: string): Observation[] {
    const observations: Observation[] = []
    for (const { table, examined } of [...this.#setAside, { table: this.#table, examined: this.#examined }])
      for (let number = 0; number < table.size; number++)
        observations.push(this.#observation(table, number, examined.get(number), capture))
    return mergeObservations(observations)
  }

  #observation(table: ObservationTable, number: number, examined: Examined | undefined, capture: string): Observation {
    const integers = table.key(number)
    const key = (i: number) => integers[i] as number
    const sum = (i: number) => table.sums[number * recordLength + i] as number
    const kind = key(kindAt)
    const family = kind & family6Bit ? 6 : 4
    const deviceKnown = (kind & deviceKnownBit) !== 0
    return {
      session: this.#session.id,
      step: this.#session.steps[key(stepAt)]?.id ?? null,
      hour: key(hourAt) * hourLength,
      names: this.#names.names(key(namesAt)),
      hidden: hiddenOrder[(kind >> hiddenShift) & 7] ?? null,
      deviceKnown,
      ...((kind & bystanderBit) === 0 ? {} : { bystander: true as const }),
      remote: this.#addressText(family, key(0) >>> 0, key(1) >>> 0, key(2) >>> 0, key(3) >>> 0),
      port: key(portAt) < 0 ? null : key(portAt),
      protocol: (kind & ((1 << hiddenShift) - 1)) - 1,
      flows: sum(0),
      packetsOut: sum(1),
      packetsIn: sum(2),
      bytesOut: sum(3),
      bytesIn: sum(4),
      payloadOut: deviceKnown && !Number.isNaN(sum(5)) ? sum(5) : null,
      first: sum(6),
      last: sum(7),
      handshakeRttMs: sum(8) === Number.POSITIVE_INFINITY ? null : sum(8),
      ...((kind & stepDoubtBit) === 0 ? {} : { stepDoubt: true as const }),
      ...(sum(9) === 0 ? {} : { outlived: sum(9) }),
      ...(examined === undefined ? {} : { examined }),
      capture,
    }
  }

  /** Most remotes are seen in many hours: those of IPv4 share their text. */
  #addressText(family: number, w0: number, w1: number, w2: number, w3: number): string {
    const known = family === 4 ? this.#addresses.get(w0) : undefined
    if (known !== undefined) return known
    const text = formatAddress(family, w0, w1, w2, w3)
    if (family === 4) this.#addresses.set(w0, text)
    return text
  }
}
