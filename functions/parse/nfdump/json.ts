/** nfdump's JSON (`nfdump -o json`, an array of objects) and NDJSON (`-o ndjson`, an object a line), an object a flow. */
import type { CaptureReading, Name, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { readAddress } from '../address-bytes.ts'
import { ABSENT, JsonFields, NUMBER, TEXT } from '../json-fields.ts'
import { shownName } from '../payload/flow-names.ts'
import { isRealEnd } from '../translated-end.ts'
import { FlowText, flagsOf, macOf } from './flow-text.ts'
import { ObjectCutter } from './object-cutter.ts'
import { protocolNumber } from './protocol-names.ts'

/** As versions 1.6 to 1.7.8 name them. */
const FIELDS = [
  'first',
  'last',
  't_first',
  't_last',
  'in_packets',
  'in_bytes',
  'out_packets',
  'out_bytes',
  'proto',
  'tcp_flags',
  'src_port',
  'dst_port',
  'src4_addr',
  'dst4_addr',
  'src6_addr',
  'dst6_addr',
  'tun_proto',
  'tun proto',
  'src4_tun_ip',
  'dst4_tun_ip',
  'src6_tun_ip',
  'dst6_tun_ip',
  'dst4_xlt_ip',
  'dst6_xlt_ip',
  'dst_xlt_port',
  'in_src_mac',
  'out_src_mac',
  'in_dst_mac',
  'out_dst_mac',
  'in_sni',
  'out_sni',
  'sni',
  'sampled',
] as const
type Field = (typeof FIELDS)[number]
const INDEX = Object.fromEntries(FIELDS.map((field, i) => [field, i])) as Readonly<Record<Field, number>>

const MALFORMED = 'malformed-json'
/** An object of nfdump with every extension is shorter. */
const LONGEST_MENDED = 1 << 13

export class NfdumpJsonParser implements Parser {
  readonly #objects: ObjectCutter
  readonly #text: FlowText
  readonly #fields = new JsonFields(FIELDS)
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(sink: ParseSink, reading: CaptureReading) {
    this.#text = new FlowText(sink, reading)
    this.#objects = new ObjectCutter(
      (bytes, from, end) => this.#take(bytes, from, end),
      (text) => {
        if (text !== 'No matching flows') this.#text.records.leaveOut(MALFORMED)
      },
    )
  }

  push(chunk: Uint8Array): void {
    this.#objects.push(chunk)
  }

  end(): void {
    this.#objects.end()
    this.#text.finish()
    this.#objects.assertWhole()
  }

  account(): ParseAccount {
    return this.#text.account()
  }

  #take(bytes: Uint8Array, from: number, end: number): void {
    this.#bytes = bytes
    if (!this.#fields.read(bytes, from, end) && !this.#readMended(bytes, from, end)) {
      this.#text.records.leaveOut(MALFORMED)
      return
    }
    const reason = this.#takeFields()
    if (reason === '') this.#text.take(this.#objects.line)
    else this.#text.records.leaveOut(reason)
  }

  /** @returns whether the object can be read once its texts have quotes */
  #readMended(bytes: Uint8Array, from: number, end: number): boolean {
    if (end - from > LONGEST_MENDED) return false
    this.#bytes = withQuotes(bytes.subarray(from, end))
    return this.#fields.read(this.#bytes, 0, this.#bytes.length)
  }

  /** @returns why the object is no flow, an empty text where it is one */
  #takeFields(): string {
    const text = this.#text
    const line = text.begin()
    const isTunnel = this.#takeEnds('src4_tun_ip', 'dst4_tun_ip') || this.#takeEnds('src6_tun_ip', 'dst6_tun_ip')
    const hasEnds = isTunnel || this.#takeEnds('src4_addr', 'dst4_addr') || this.#takeEnds('src6_addr', 'dst6_addr')
    if (!hasEnds) return 'no-address'
    line.packets = this.#number('in_packets', 0)
    line.bytes = this.#number('in_bytes', 0)
    line.backPackets = this.#number('out_packets', 0)
    line.backBytes = this.#number('out_bytes', 0)
    line.protocol = this.#protocol()
    if (isTunnel) line.protocol = this.#number('tun_proto', this.#number('tun proto', -1))
    else {
      line.fromPort = this.#number('src_port', -1)
      line.toPort = this.#number('dst_port', -1)
      this.#takeTranslation()
      line.flags = this.#has('tcp_flags', TEXT) ? this.#value('tcp_flags', flagsOf) : 0
    }
    line.macFrom = this.#mac('in_src_mac') || this.#mac('out_src_mac')
    line.macTo = this.#mac('out_dst_mac') || this.#mac('in_dst_mac')
    line.names = this.#names()
    text.isSampled = this.#number('sampled', 0) === 1
    line.start = this.#time('first', 't_first')
    line.end = this.#time('last', 't_last')
    return Number.isNaN(line.packets + line.bytes + line.backPackets + line.backBytes + line.protocol) ? MALFORMED : ''
  }

  /** @returns whether both addresses stand there, of one family */
  #takeEnds(from: Field, to: Field): boolean {
    if (!this.#has(from, TEXT) || !this.#has(to, TEXT)) return false
    const { line } = this.#text
    line.family = this.#address(from, line.words, 0)
    return line.family !== 0 && line.family === this.#address(to, line.words, 4)
  }

  /** The destination behind its translation, where that is the real one, as of datagrams. */
  #takeTranslation(): void {
    const { line } = this.#text
    const field = line.family === 4 ? 'dst4_xlt_ip' : 'dst6_xlt_ip'
    if (!this.#has(field, TEXT)) return
    const words = new Uint32Array(4)
    if (this.#address(field, words, 0) !== line.family) return
    if (!isRealEnd(line.family, line.words, 0, line.words, 4, words, 0)) return
    line.words.set(words, 4)
    const port = this.#number('dst_xlt_port', 0)
    if (port > 0) line.toPort = port
  }

  #protocol(): number {
    if (this.#has('proto', TEXT)) return protocolNumber(this.#fields.text(INDEX.proto)?.trim() ?? '')
    return this.#number('proto', -1)
  }

  #names(): readonly Name[] | undefined {
    const names: Name[] = []
    for (const field of ['sni', 'in_sni', 'out_sni'] as const) {
      const name = this.#has(field, TEXT) ? shownName(this.#fields.text(INDEX[field]) ?? '') : null
      if (name !== null) names.push({ name, via: 'tls-sni' })
    }
    return names.length === 0 ? undefined : names
  }

  #time(field: Field, olderField: Field): number {
    const { from, end } = this.#fields
    const at = INDEX[this.#has(field, ABSENT) ? olderField : field]
    return this.#text.time(this.#bytes, from[at] as number, end[at] as number)
  }

  #has(field: Field, kind: number): boolean {
    return this.#fields.kinds[INDEX[field]] === kind
  }

  /** A whole number from 0, also where it stands in quotes, as events' do up to 1.7; NaN where it is none. */
  #number(field: Field, otherwise: number): number {
    const at = INDEX[field]
    if (this.#has(field, NUMBER)) {
      const number = this.#fields.number(at)
      return number >= 0 && number % 1 === 0 ? number : Number.NaN
    }
    if (!this.#has(field, TEXT)) return otherwise
    const text = this.#fields.text(at) ?? ''
    return /^\d{1,20}$/.test(text) ? Number(text) : Number.NaN
  }

  #value(field: Field, read: (bytes: Uint8Array, from: number, end: number) => number): number {
    const at = INDEX[field]
    return read(this.#bytes, this.#fields.from[at] as number, this.#fields.end[at] as number)
  }

  #mac(field: Field): number {
    return this.#has(field, TEXT) ? this.#value(field, macOf) : 0
  }

  #address(field: Field, words: Uint32Array, to: number): number {
    return this.#value(field, (bytes, from, end) => readAddress(bytes, from, end, words, to))
  }
}

/**
 * nfdump writes some texts without quotes, such as the version of TLS and, up to 1.7, JA3.
 *
 * @param object is one of nfdump's by its length: a longer one is not worth the time
 */
function withQuotes(object: Uint8Array): Uint8Array {
  const text = Buffer.from(object).toString('latin1')
  const quoted = text.replace(/(" ?: ?)([0-9A-Za-z.]+)(?=,?\s*[\n"}])/g, (all, before: string, value: string) =>
    /^\d+$/.test(value) ? all : `${before}"${value}"`,
  )
  return new Uint8Array(Buffer.from(quoted, 'latin1'))
}
