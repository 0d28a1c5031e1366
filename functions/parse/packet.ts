/**
 * One packet on its way through the layers: a scratch record that the next packet overwrites, so that none costs an object.
 * Every field but `time` holds a 32-bit integer; addresses and numbers that need all 32 bits are signed here (`| 0`), which
 * V8 keeps without a box, and are made unsigned where they leave the parser.
 */
import type { Micros } from '../model.ts'

/** Which part of a fragmented IP packet this is. */
export const WHOLE = 0
export const FIRST_FRAGMENT = 1
export const LATER_FRAGMENT = 2

/** TCP flags (RFC 9293, section 3.1). */
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const ACK = 0x10

export class Packet {
  bytes: Uint8Array = new Uint8Array(0)
  /** Where the layer that is read next begins. */
  at = 0
  /** Where the captured bytes end, or the payload of the layer that is read. */
  end = 0
  /** Where the packet ended on the wire: past `end` where a snap length cut it. */
  wireEnd = 0
  /** Begins with a fraction so that V8 never takes the field for a small integer. */
  time: Micros = 0.5

  /** How many layers below IP have been stepped over. */
  layers = 0
  /** Where the sender's and the receiver's 48-bit hardware addresses stand, -1 where there is none. */
  macFrom = -1
  macTo = -1

  /** 4 or 6, of the outermost IP header. */
  family = 0
  from0 = 0
  from1 = 0
  from2 = 0
  from3 = 0
  to0 = 0
  to1 = 0
  to2 = 0
  to3 = 0
  protocol = 0
  /** Header and payload of the outermost IP header, as it states them. */
  ipBytes = 0
  fragment = WHOLE
  /** What the fragments of one packet have in common. */
  identification = 0
  /** Of a fragment: where its piece begins in `bytes` and in the packet's payload, up to `end`, and whether more follow. */
  pieceAt = 0
  pieceOffset = 0
  hasMorePieces = false
  /** What the payload that was fragmented begins with, an IANA protocol number. */
  pieceProtocol = 0

  /** -1 where the protocol has none or they were not captured. */
  portFrom = -1
  portTo = -1
  tcpFlags = 0
  sequence = 0
  acknowledged = 0
  /** The protocol of the tunnel that begins at `payloadAt`, an IANA number; 0 where none does. Those over UDP have ports. */
  tunnel = 0
  /** What TCP, UDP or a tunnel carries, as far as captured; empty where `payloadAt` is not below `payloadEnd`. */
  payloadAt = 0
  payloadEnd = 0
  /** Whether the packet goes on behind what was captured of it. */
  isCut = false
  /** Bytes of the data of TCP, UDP and SCTP on the wire, of other protocols all that stands above IP; -1 where unknown. */
  payloadBytes = 0
}

/** Reads a 32-bit number in network order, signed. */
export function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

/** Reads a 16-bit number in network order. */
export function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}
