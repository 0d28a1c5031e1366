/**
 * Exchanges of messages, as browsers and proxies log them, made flows: those for one host over one connection become one.
 * Bytes are those of the messages; packets are not known.
 */
import type { FlowBatch, Micros, Name, ParseSink } from '../model.ts'
import type { Address } from '../net/address.ts'
import { reachedAddress, specialPurpose } from '../net/special-purpose.ts'
import { clearContent, LogContent, type Says } from './content/log-content.ts'
import { createFlowBatch } from './flow-batch.ts'
import { clearRow } from './flow-writer.ts'
import { addName, type NamedFlow } from './payload/flow-names.ts'

/** Connections that are held to be joined; beyond, all are handed on, and later exchanges of theirs are flows of their own. */
const CAPACITY = 4096
export const TCP = 6
export const UDP = 17
/** A connection without an exchange for so long is two flows, as in a packet capture. */
const idleOf = (protocol: number): Micros => (protocol === TCP ? 3600e6 : 600e6)
/** With more names than this a flow takes no more exchanges, so that it lacks none. */
const MOST_NAMES = 64

/** One exchange, as its log states it. */
export interface Exchange {
  /** The end that asked; null where the log does not say. */
  readonly client: Address | null
  /** -1 where the log does not say. */
  readonly clientPort: number
  readonly server: Address
  readonly serverPort: number
  readonly protocol: number
  /** NaN where the log does not say. */
  readonly start: Micros
  readonly end: Micros
  /** Bytes of the messages of the client, of the server. */
  readonly sent: number
  readonly received: number
  readonly names: readonly Name[]
  /** Exchanges of the same connection have the same; null where the log does not tell connections apart. */
  readonly connection: string | null
}

export class Exchanges {
  readonly #sink: ParseSink
  readonly #batch: FlowBatch = createFlowBatch(CAPACITY)
  readonly #content: LogContent | null
  /** The newest row of a connection. */
  readonly #rows = new Map<string, number>()

  constructor(sink: ParseSink) {
    this.#sink = sink
    this.#content = LogContent.of(sink)
  }

  /** Whether what is said is asked for. */
  get asksContent(): boolean {
    return this.#content !== null
  }

  /** @param says what was said in it, where that is asked for: end A is the client */
  add(exchange: Exchange, says: Says | null = null): void {
    const key = keyOf(exchange)
    const known = key === null ? undefined : this.#rows.get(key)
    const continues = known !== undefined && this.#continues(known, exchange)
    const row = continues ? known : this.#begin(exchange, key)
    this.#join(row, exchange)
    if (says !== null) this.#content?.add(this.#batch, row, exchange.start, says)
  }

  /** Hands on what was added. */
  flush(): void {
    if (this.#batch.length === 0) return
    this.#sink.flows(this.#batch)
    this.#batch.length = 0
    this.#rows.clear()
  }

  /** A single clock's times, apart from one another by less than a connection lasts without traffic. */
  #continues(row: number, { start, end, protocol }: Exchange): boolean {
    const { start: starts, end: ends, names } = this.#batch
    const idle = idleOf(protocol)
    if ((names[row]?.length ?? 0) >= MOST_NAMES) return false
    return start - (ends[row] as number) <= idle && (starts[row] as number) - end <= idle
  }

  /** @returns its row */
  #begin(exchange: Exchange, key: string | null): number {
    if (this.#batch.length === CAPACITY) this.flush()
    const batch = this.#batch
    const row = batch.length++
    clearRow(batch, row)
    clearContent(batch, row)
    setEnds(batch, row, exchange.client, exchange.server)
    batch.portA[row] = exchange.clientPort
    batch.portB[row] = exchange.serverPort
    batch.protocol[row] = exchange.protocol
    batch.payloadA[row] = batch.payloadB[row] = 0
    batch.start[row] = exchange.start
    batch.end[row] = exchange.end
    // The log says who asked whom.
    batch.opener[row] = 1
    if (key !== null) this.#rows.set(key, row)
    return row
  }

  #join(row: number, { start, end, sent, received, names }: Exchange): void {
    const batch = this.#batch
    if (start < (batch.start[row] as number)) batch.start[row] = start
    if (end > (batch.end[row] as number)) batch.end[row] = end
    batch.bytesA[row] = batch.payloadA[row] = (batch.bytesA[row] as number) + sent
    batch.bytesB[row] = batch.payloadB[row] = (batch.bytesB[row] as number) + received
    if (names.length === 0) return
    const flow: NamedFlow = { names: batch.names[row] === undefined ? undefined : [...batch.names[row]] }
    // What the log calls the server says nothing where a message has called it the same.
    for (const { name, via } of names)
      if (via !== 'log' || !flow.names?.some((known) => known.name === name)) addName(flow, name, via)
    batch.names[row] = flow.names
  }
}

/** Of one connection to one end, for one host: bytes for two hosts could not be told apart in one flow. */
function keyOf({ connection, start, server, serverPort, protocol, names }: Exchange): string | null {
  if (connection === null || Number.isNaN(start)) return null
  return `${protocol} ${serverPort} ${server.words.join('.')} ${names[0]?.name ?? ''} ${connection}`
}

/**
 * Writes both ends, in one family: an IPv4-mapped address (RFC 4291, section 2.5.5.2) is the IPv4 address that it maps. Where
 * the families differ still, as behind a proxy, a client on the proxy's own machine is at that family's loopback address, and
 * else the IPv4 address is written as mapped. A client that the log does not state is the unspecified address, which stands
 * for the host itself (RFC 1122, section 3.2.1.3).
 */
function setEnds(batch: FlowBatch, row: number, client: Address | null, server: Address): void {
  const b = unmapped(server)
  const a = client === null ? { family: b.family, words: NOBODY } : loopbackOf(b.family, unmapped(client))
  const family = a.family === 6 || b.family === 6 ? 6 : 4
  batch.family[row] = family
  batch.addressA.set(family === a.family ? a.words : mapped(a), row * 4)
  batch.addressB.set(family === b.family ? b.words : mapped(b), row * 4)
}

const NOBODY = [0, 0, 0, 0] as const
const LOOPBACK = { 4: [0x7f000001, 0, 0, 0], 6: [0, 0, 0, 1] } as const
const MAPPED = 0xffff

/** The IPv4 address that an IPv4-mapped one is; any other as it is. */
export function unmapped(address: Address): Address {
  const [w0, w1, w2] = address.words
  return address.family === 6 && w0 === 0 && w1 === 0 && w2 === MAPPED ? reachedAddress(address) : address
}

const mapped = ({ words }: Address) => [0, 0, MAPPED, words[0]]

/** An address of the own machine in the family wanted; any other as it is. */
function loopbackOf(family: 4 | 6, address: Address): Address {
  if (address.family === family || specialPurpose(address.family, ...address.words) !== 'loopback') return address
  return { family, words: LOOPBACK[family] }
}
