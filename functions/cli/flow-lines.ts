/** Flows as JSON lines: the public form of what parse and attribute make of a capture. */
import type { Attribution, FlowBatch, Micros } from '../model.ts'
import { formatAddress } from '../net/address.ts'
import { formatTime } from '../net/time.ts'

/** Protocols that go by IANA's keyword; the others go by their number, which every reader knows how to look up. */
const KEYWORDS: ReadonlyMap<number, string> = new Map([
  [1, '"icmp"'],
  [6, '"tcp"'],
  [17, '"udp"'],
  [58, '"ipv6-icmp"'],
])

/** The account of a file as its ledger line prints it. */
export interface LedgerLine {
  readonly source: string
  readonly format: string
  /** null where the file could not even be opened. */
  readonly sha256: string | null
  readonly size: number
  readonly records: number
  readonly used: number
  readonly leftOut: Readonly<Record<string, number>>
  readonly error: string | null
  readonly flows: number
  readonly gaps: readonly {
    readonly from: Micros
    readonly until: Micros
    readonly reason: string
    readonly records: number
  }[]
}

/** Every flow of a batch, a JSON line each. @param source the file's path as it was given */
export function flowLines(source: string, batch: FlowBatch, attribution: Attribution): string {
  const prefix = `{"source":${JSON.stringify(source)},"proto":`
  // Joined, because a text that was added up piece by piece keeps every piece in memory until it is written.
  const lines: string[] = []
  for (let row = 0; row < batch.length; row++) lines.push(flowLine(prefix, batch, attribution, row))
  return lines.join('')
}

function flowLine(prefix: string, batch: FlowBatch, attribution: Attribution, row: number): string {
  const protocol = batch.protocol[row] ?? -1
  const proto = protocol < 0 ? 'null' : (KEYWORDS.get(protocol) ?? String(protocol))
  const a = end(batch, row, batch.addressA, batch.portA)
  const b = end(batch, row, batch.addressB, batch.portB)
  const aOpened = attribution.initiator[row] !== 2
  const deviceEnd = attribution.device[row] ?? 0
  const device =
    deviceEnd !== 1 && deviceEnd !== 2 ? 'null' : (deviceEnd === 1) === aOpened ? '"initiator"' : '"responder"'
  const names = attribution.names[row] ?? []
  const rtt = batch.handshakeRttMs[row] ?? Number.NaN
  const packets = pair(aOpened, batch.packetsA[row], batch.packetsB[row])
  const bytes = pair(aOpened, batch.bytesA[row], batch.bytesB[row])
  return (
    `${prefix}${proto},"initiator":${aOpened ? a : b},"responder":${aOpened ? b : a},"device":${device},` +
    `"packets":${packets},"bytes":${bytes},` +
    `"start":${time(batch.start[row])},"end":${time(batch.end[row])},` +
    `"names":${names.length === 0 ? '[]' : JSON.stringify(names)},` +
    `"handshakeRttMs":${Number.isNaN(rtt) ? 'null' : rtt}}\n`
  )
}

/** A log may name ends and counters without saying when. */
function time(at: Micros = Number.NaN): string {
  return Number.isNaN(at) ? 'null' : `"${timeText(at)}"`
}

function end(batch: FlowBatch, row: number, addresses: Uint32Array, ports: Int32Array): string {
  const w = row * 4
  const ip = formatAddress(
    batch.family[row] ?? 0,
    addresses[w] ?? 0,
    addresses[w + 1] ?? 0,
    addresses[w + 2] ?? 0,
    addresses[w + 3] ?? 0,
  )
  const port = ports[row] ?? -1
  return `{"ip":"${ip}","port":${port < 0 ? 'null' : port}}`
}

const MOST_SECONDS = 4096
/** Flows crowd into the same seconds: the text of each is made once. */
const seconds = new Map<number, string>()

/** As {@link formatTime}, several times faster for many times close together. */
function timeText(at: Micros): string {
  const second = Math.floor(at / 1e6)
  let text = seconds.get(second)
  if (text === undefined) {
    if (seconds.size === MOST_SECONDS) seconds.clear()
    text = formatTime(second * 1e6).slice(0, -1)
    seconds.set(second, text)
  }
  const micros = at - second * 1e6
  return micros === 0 ? `${text}Z` : `${text}.${String(micros).padStart(6, '0')}Z`
}

function pair(aFirst: boolean, a: number | undefined, b: number | undefined): string {
  return aFirst ? `[${a ?? 0},${b ?? 0}]` : `[${b ?? 0},${a ?? 0}]`
}

/** The account of a file, as one JSON line. */
export function ledgerLine(ledger: LedgerLine): string {
  const gaps = ledger.gaps.map((gap) => ({ ...gap, from: formatTime(gap.from), until: formatTime(gap.until) }))
  return `${JSON.stringify({ ledger: { ...ledger, gaps } })}\n`
}
