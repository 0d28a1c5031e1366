/** Writes TCP (RFC 9293): single segments, and whole conversations with handshake, acknowledgements and close. */
import { Buffer } from 'node:buffer'
import { type Ends, internetChecksum, Protocol, pseudoHeader } from './ip.ts'

export const Flag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const

export interface Segment {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  readonly acknowledgement: number
  readonly flags: number
  readonly window?: number
  /** Padded to whole words by the caller. */
  readonly options?: Uint8Array
  readonly payload?: Uint8Array
}

/** One segment with its checksum. */
export function tcpSegment(ends: Ends, segment: Segment): Buffer {
  const options = segment.options ?? Buffer.alloc(0)
  const payload = segment.payload ?? Buffer.alloc(0)
  const header = Buffer.alloc(20)
  header.writeUInt16BE(segment.sourcePort)
  header.writeUInt16BE(segment.destinationPort, 2)
  header.writeUInt32BE(segment.sequence >>> 0, 4)
  header.writeUInt32BE(segment.acknowledgement >>> 0, 8)
  header.writeUInt8(((20 + options.length) / 4) << 4, 12)
  header.writeUInt8(segment.flags, 13)
  header.writeUInt16BE(segment.window ?? 29_200, 14)
  const pseudo = pseudoHeader(ends, Protocol.tcp, 20 + options.length + payload.length)
  header.writeUInt16BE(internetChecksum(pseudo, header, options, payload), 16)
  return Buffer.concat([header, options, payload])
}

/** One thing that an end says; it is cut into segments of at most the maximum segment size. */
export interface Utterance {
  readonly from: 'client' | 'server'
  readonly bytes: Uint8Array
  /** Microseconds of silence before it, beyond the way of the packets. */
  readonly after?: number
}

export interface Conversation {
  readonly client: { readonly ip: string; readonly port: number; readonly sequence: number }
  readonly server: { readonly ip: string; readonly port: number; readonly sequence: number }
  /** When the client's SYN passes the tap, microseconds since the epoch. */
  readonly start: number
  /** From the tap to the server and back, microseconds; the client stands beside the tap. */
  readonly roundTrip: number
  readonly says: readonly Utterance[]
  /** `rst` is the client's abrupt end, `none` leaves the conversation open. Default `fin`. */
  readonly close?: 'fin' | 'rst' | 'none'
  readonly maximumSegment?: number
}

/** A segment of a conversation as it passes the tap. */
export interface TimedSegment {
  readonly time: number
  readonly from: 'client' | 'server'
  readonly ends: Ends
  readonly segment: Buffer
}

/** Microseconds between the tap and the client, and between two segments of one flight. */
const clientSide = 900
const spacing = 120

/** Options of a SYN: maximum segment size, SACK permitted, window scale (RFC 9293, 3.2; RFC 7323; RFC 2018). */
const synOptions = (maximumSegment: number) =>
  Buffer.from([2, 4, maximumSegment >>> 8, maximumSegment & 255, 1, 1, 4, 2, 1, 3, 3, 6])

/** Writes a conversation segment by segment, in the order in which they pass the tap. */
export function tcpConversation(conversation: Conversation): TimedSegment[] {
  const { client, server, says, roundTrip } = conversation
  const maximumSegment = conversation.maximumSegment ?? 1400
  const passed: TimedSegment[] = []
  const next = { client: client.sequence, server: server.sequence }
  let time = conversation.start

  /** Lets one segment pass the tap, and counts its sequence space: a SYN or FIN takes one number. */
  const pass = (from: 'client' | 'server', flags: number, payload: Uint8Array = Buffer.alloc(0)) => {
    const [me, you] = from === 'client' ? [client, server] : [server, client]
    const ends = { source: me.ip, destination: you.ip }
    const syn = (flags & Flag.syn) !== 0
    const segment = tcpSegment(ends, {
      sourcePort: me.port,
      destinationPort: you.port,
      sequence: next[from],
      acknowledgement: flags & Flag.ack ? next[from === 'client' ? 'server' : 'client'] : 0,
      flags,
      payload,
      ...(syn ? { options: synOptions(maximumSegment) } : {}),
    })
    passed.push({ time, from, ends, segment })
    next[from] = (next[from] + payload.length + (flags & (Flag.syn | Flag.fin) ? 1 : 0)) >>> 0
  }
  /** The time until the other end's answer to what just passed is seen at the tap. */
  const answerTo = (from: 'client' | 'server') => (from === 'client' ? roundTrip : clientSide)

  pass('client', Flag.syn)
  time += roundTrip
  pass('server', Flag.syn | Flag.ack)
  time += clientSide
  pass('client', Flag.ack)
  for (const { from, bytes, after } of says) {
    const other = from === 'client' ? 'server' : 'client'
    time += after ?? spacing
    for (let at = 0; at < bytes.length; at += maximumSegment) {
      const payload = bytes.subarray(at, at + maximumSegment)
      if (at > 0) time += spacing
      pass(from, at + payload.length === bytes.length ? Flag.ack | Flag.psh : Flag.ack, payload)
    }
    time += answerTo(from)
    pass(other, Flag.ack)
  }
  const close = conversation.close ?? 'fin'
  time += spacing
  if (close === 'rst') pass('client', Flag.rst | Flag.ack)
  if (close === 'fin') {
    pass('client', Flag.fin | Flag.ack)
    time += roundTrip
    pass('server', Flag.fin | Flag.ack)
    time += clientSide
    pass('client', Flag.ack)
  }
  return passed
}
