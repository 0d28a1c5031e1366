/** Writes DNS messages (RFC 1035, section 4; AAAA: RFC 3596) with compressed names. */
import { Buffer } from 'node:buffer'
import { addressOctets } from './ethernet.ts'

export const RecordType = { a: 1, cname: 5, aaaa: 28 } as const

export interface DnsRecord {
  readonly name: string
  /** Seconds. */
  readonly ttl: number
  readonly data: { readonly cname: string } | { readonly address: string }
}

export interface DnsMessage {
  readonly id: number
  readonly question: { readonly name: string; readonly type: number }
  /** null makes the message a query. */
  readonly answers: readonly DnsRecord[] | null
  /** 0 no error, 3 no such name. */
  readonly rcode?: number
}

/** A message as it stands in a UDP datagram. */
export function dnsMessage(message: DnsMessage): Buffer {
  const { answers, question } = message
  const header = Buffer.alloc(12)
  header.writeUInt16BE(message.id)
  // Recursion is asked for (0x0100); an answer says that it is one and that recursion is to be had (0x8180).
  header.writeUInt16BE((answers === null ? 0x0100 : 0x8180) | (message.rcode ?? 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(answers?.length ?? 0, 6)
  const writer = new MessageWriter(header)
  writer.name(question.name)
  writer.u16(question.type)
  writer.u16(1)
  for (const { name, ttl, data } of answers ?? []) {
    writer.name(name)
    writer.u16('cname' in data ? RecordType.cname : data.address.includes(':') ? RecordType.aaaa : RecordType.a)
    writer.u16(1)
    writer.u16(ttl >>> 16)
    writer.u16(ttl & 0xffff)
    writer.data(data)
  }
  return writer.bytes
}

/** Appends to a message and remembers where every name stands, so that later ones point back (RFC 1035, 4.1.4). */
class MessageWriter {
  bytes: Buffer
  readonly #names = new Map<string, number>()

  constructor(header: Buffer) {
    this.bytes = header
  }

  u16(value: number): void {
    this.#append(Buffer.from([value >>> 8, value & 255]))
  }

  name(name: string): void {
    const labels = name.split('.')
    for (const [i, label] of labels.entries()) {
      const rest = labels.slice(i).join('.')
      const known = this.#names.get(rest)
      if (known !== undefined) {
        this.u16(0xc000 | known)
        return
      }
      this.#names.set(rest, this.bytes.length)
      this.#append(Buffer.from([label.length]))
      this.#append(Buffer.from(label, 'latin1'))
    }
    this.#append(Buffer.from([0]))
  }

  data(data: DnsRecord['data']): void {
    const lengthAt = this.bytes.length
    this.u16(0)
    if ('cname' in data) this.name(data.cname)
    else this.#append(addressOctets(data.address))
    this.bytes.writeUInt16BE(this.bytes.length - lengthAt - 2, lengthAt)
  }

  #append(bytes: Uint8Array): void {
    this.bytes = Buffer.concat([this.bytes, bytes])
  }
}
