/** A flow as the payload reader sees it, and a reader that remembers its answers. */
import type { Hidden, Name, NameAnswer } from '../../../functions/model.ts'
import { type PayloadFlow, PayloadReader } from '../../../functions/parse/payload/payload-reader.ts'
import type { Secrets } from '../../../functions/parse/tls/secrets.ts'

export interface TestFlow extends PayloadFlow {
  names: Name[] | undefined
  hidden: Hidden | undefined
}

export function flowOf(ends: Partial<Pick<PayloadFlow, 'protocol' | 'portA' | 'portB' | 'opener'>> = {}): TestFlow {
  return {
    protocol: 6,
    family: 4,
    addressA: [0x0a000002, 0, 0, 0],
    addressB: [0xc6336407, 0, 0, 0],
    portA: 40000,
    portB: 443,
    opener: 0,
    watch: true,
    names: undefined,
    hidden: undefined,
    state: undefined,
    ...ends,
  }
}

/** `via:name` of every name, with `?` behind those that were only asked for. */
export function namesOf(flow: TestFlow): string[] {
  return (flow.names ?? []).map(({ name, via, asked }) => `${via}:${name}${asked ? '?' : ''}`)
}

export const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'))
export const hex = (value: string): Uint8Array => new Uint8Array(Buffer.from(value.replace(/\s/g, ''), 'hex'))
export const u16 = (value: number): number[] => [value >> 8, value & 255]
export const join = (...parts: (ArrayLike<number> | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((p) => (typeof p === 'number' ? [p] : Array.from(p))))

/** Bytes with a length of two bytes before them. */
export const sized16 = (...parts: (ArrayLike<number> | number)[]): Uint8Array => {
  const inner = join(...parts)
  return join(u16(inner.length), inner)
}

/** One conversation; segments are given with their offset in their direction's stream. */
export class Conversation {
  readonly answers: NameAnswer[] = []
  readonly reader: PayloadReader
  readonly flow: TestFlow
  /** Sequence numbers of both directions' first bytes; A's wraps round soon. */
  readonly #first = { a: 0xffffff80, b: 77 }
  readonly #sent = { a: 0, b: 0 }

  constructor(ends: Parameters<typeof flowOf>[0] = {}, secrets: Secrets | null = null) {
    this.reader = new PayloadReader((answer) => this.answers.push(answer), secrets)
    this.flow = flowOf(ends)
  }

  /** Sends bytes behind those that were sent before. */
  send(from: 'a' | 'b', bytes: Uint8Array, time = 1e6): this {
    this.segment(from, this.#sent[from], bytes, time)
    this.#sent[from] += bytes.length
    return this
  }

  /** Sends bytes at an offset of the stream. */
  segment(from: 'a' | 'b', at: number, bytes: Uint8Array, time = 1e6): this {
    // Payload stands in the middle of a buffer that is overwritten afterwards, as in a capture.
    const chunk = Buffer.alloc(bytes.length + 16, 0x16)
    chunk.set(bytes, 8)
    if (this.flow.watch) {
      const sequence = (this.#first[from] + at) >>> 0
      this.reader.tcp(this.flow, from === 'a', sequence, chunk, 8, 8 + bytes.length, time)
    }
    chunk.fill(0xee)
    return this
  }

  datagram(from: 'a' | 'b', bytes: Uint8Array, time = 1e6): this {
    const chunk = Buffer.alloc(bytes.length + 16, 0xff)
    chunk.set(bytes, 8)
    if (this.flow.watch) this.reader.udp(this.flow, from === 'a', chunk, 8, 8 + bytes.length, time)
    chunk.fill(0xee)
    return this
  }

  /** Closes the flow; its names. */
  close(): string[] {
    this.reader.close(this.flow)
    return namesOf(this.flow)
  }
}
