/**
 * IP packets put together from their fragments (RFC 791, section 3.2; RFC 8200, section 4.5), for those who read payloads:
 * flows count every fragment by itself. Pieces that overlap are refused with all of their packet (RFC 5722; RFC 8200, section
 * 4.5), since what the receiver made of them cannot be known; a piece that was captured twice is no overlap.
 */
import type { Micros } from '../model.ts'
import { readJoined } from './ip.ts'
import { Packet } from './packet.ts'
import type { Budget } from './payload/held-segments.ts'

/** RFC 8200, section 4.5: the pieces of a packet have a minute to arrive. */
const LONGEST_WAIT: Micros = 60e6
/** Bytes that are kept of all packets together, each piece with what it costs beside its own. */
export const FRAGMENTS_BUDGET = 4 << 20
const COST_OF_PIECE = 128
const MOST_PIECES = 512
/** Of an IP packet. */
const LONGEST_PAYLOAD = 65535

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** A packet of which a piece has arrived. */
interface Torn {
  readonly since: Micros
  /** By their offset, apart from one another. */
  readonly pieces: Piece[]
  /** Length of the whole; -1 until the last piece has arrived. */
  length: number
  have: number
  /** What the first piece says of the whole; null until it has arrived. */
  first: Packet | null
  refused: boolean
  /** Nobody wants to read it: refused for no fault of its own. */
  passed: boolean
}

export class Fragments {
  readonly #torn = new Map<string, Torn>()
  readonly #lost: (packet: Packet) => void
  readonly #budget: Budget
  readonly #whole = new Packet()

  /**
   * @param lost takes what there is from its beginning of a packet whose rest will not come, `isCut`, where its beginning has;
   *   it is only valid during the call
   */
  constructor(lost: (packet: Packet) => void, budget: Budget = { left: FRAGMENTS_BUDGET }) {
    this.#lost = lost
    this.#budget = budget
  }

  /**
   * Takes a fragment; where it is kept, its own payload is taken from it.
   *
   * @returns the whole packet where it is the last that was missing, valid until the next call
   */
  take(packet: Packet): Packet | null {
    this.#giveUpOld(packet.time)
    // What the snap length cut can never be whole.
    if (packet.isCut) return null
    const key = keyOf(packet)
    const { pieceOffset: offset, pieceAt, end, hasMorePieces } = packet
    const known = this.#torn.get(key)
    // A sender has 65,536 numbers and may need them within a minute: another beginning is another packet.
    if (known?.passed && offset === 0) this.#giveUp(key, known)
    const torn = this.#torn.get(key) ?? this.#begin(key, packet.time)
    packet.payloadAt = packet.payloadEnd = 0
    if (torn.refused) return null
    const length = end - pieceAt
    if (!isSound(torn, offset, length, hasMorePieces)) this.#refuse(torn)
    else if (this.#insert(torn, packet, offset, length)) {
      if (!hasMorePieces) torn.length = offset + length
      if (offset === 0) torn.first = copyEnds(new Packet(), packet)
    }
    this.#giveUpMost(key)
    if (torn.first === null || torn.have !== torn.length || !this.#torn.delete(key)) return null
    this.#budget.left += costOf(torn)
    return joinTo(this.#whole, torn, torn.first, packet.time)
  }

  /** Forgets the packet of a fragment that begins it, which nobody wants to read. */
  pass(packet: Packet): void {
    const key = keyOf(packet)
    const torn = this.#torn.get(key) ?? this.#begin(key, packet.time)
    torn.first = null
    torn.passed = true
    this.#refuse(torn)
  }

  /** No more fragments come. */
  finish(): void {
    for (const [key, torn] of this.#torn) this.#giveUp(key, torn)
  }

  #begin(key: string, since: Micros): Torn {
    const torn = { since, pieces: [], length: -1, have: 0, first: null, refused: false, passed: false }
    this.#torn.set(key, torn)
    this.#budget.left -= COST_OF_PIECE
    return torn
  }

  /** @returns false where the piece was there before, or is refused */
  #insert(torn: Torn, packet: Packet, offset: number, length: number): boolean {
    const { pieces } = torn
    let at = pieces.length
    while (at > 0 && (pieces[at - 1]?.offset ?? 0) >= offset) at--
    const [before, next] = [pieces[at - 1], pieces[at]]
    if (next?.offset === offset && next.bytes.length === length) return false
    const overlaps = (before && before.offset + before.bytes.length > offset) || (next && next.offset < offset + length)
    if (overlaps || pieces.length === MOST_PIECES) {
      this.#refuse(torn)
      return false
    }
    const bytes = new Uint8Array(packet.bytes.subarray(packet.pieceAt, packet.pieceAt + length))
    pieces.splice(at, 0, { offset, bytes })
    torn.have += length
    this.#budget.left -= length + COST_OF_PIECE
    return true
  }

  /** Forgets the pieces; the packet itself is remembered, so that what still comes of it begins no other. */
  #refuse(torn: Torn): void {
    this.#budget.left += costOf(torn) - COST_OF_PIECE
    torn.pieces.length = 0
    torn.have = 0
    torn.length = -1
    torn.refused = true
    if (torn.first) this.#lost(joinTo(this.#whole, torn, torn.first, torn.since))
    torn.first = null
  }

  #giveUpOld(now: Micros): void {
    for (const [key, torn] of this.#torn) {
      if (Math.abs(now - torn.since) <= LONGEST_WAIT) return
      this.#giveUp(key, torn)
    }
  }

  /** Makes room where too much is kept: those that wait the longest go, at last the one that was added to. */
  #giveUpMost(added: string): void {
    for (const [key, torn] of this.#torn) {
      if (this.#budget.left >= 0) return
      if (key !== added) this.#giveUp(key, torn)
    }
    const torn = this.#torn.get(added)
    if (torn && this.#budget.left < 0) this.#giveUp(added, torn)
  }

  #giveUp(key: string, torn: Torn): void {
    this.#torn.delete(key)
    this.#budget.left += costOf(torn)
    if (torn.first) this.#lost(joinTo(this.#whole, torn, torn.first, torn.since))
  }
}

/** RFC 8200, section 4.5: all but the last are whole units of 8 bytes, and the packet is no longer than one may be. */
function isSound(torn: Torn, offset: number, length: number, hasMore: boolean): boolean {
  if (length <= 0 || offset + length > LONGEST_PAYLOAD) return false
  if (hasMore) return length % 8 === 0 && (torn.length < 0 || offset + length < torn.length)
  const last = torn.pieces.at(-1)
  if (torn.length >= 0) return torn.length === offset + length
  return !last || last.offset + last.bytes.length <= offset
}

function costOf({ pieces }: Torn): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length + COST_OF_PIECE, COST_OF_PIECE)
}

/** Which fragments belong together (RFC 791, section 3.2; RFC 8200, section 4.5). */
function keyOf(packet: Packet): string {
  const { family, from0, from1, from2, from3, to0, to1, to2, to3, identification } = packet
  // In IPv6 only the header of the first fragment says the protocol.
  const protocol = family === 4 ? packet.pieceProtocol : 0
  const ends = family === 4 ? `${from0} ${to0}` : `${from0} ${from1} ${from2} ${from3} ${to0} ${to1} ${to2} ${to3}`
  return `${family} ${protocol} ${identification} ${ends}`
}

/** Makes a packet one of the ends, and of the flow, of another. */
function copyEnds(packet: Packet, of: Packet): Packet {
  packet.family = of.family
  packet.from0 = of.from0
  packet.from1 = of.from1
  packet.from2 = of.from2
  packet.from3 = of.from3
  packet.to0 = of.to0
  packet.to1 = of.to1
  packet.to2 = of.to2
  packet.to3 = of.to3
  packet.protocol = of.protocol
  packet.portFrom = of.portFrom
  packet.portTo = of.portTo
  packet.pieceProtocol = of.pieceProtocol
  return packet
}

/** Makes a packet of the pieces up to the first that is missing, in the flow that counts the first fragment. */
function joinTo(packet: Packet, torn: Torn, first: Packet, time: Micros): Packet {
  let length = 0
  for (const { offset, bytes } of torn.pieces) if (offset === length) length += bytes.length
  const all = new Uint8Array(length)
  for (const { offset, bytes } of torn.pieces) if (offset < length) all.set(bytes, offset)
  packet.family = first.family
  packet.bytes = all
  packet.at = 0
  packet.end = length
  packet.wireEnd = length
  packet.time = time
  readJoined(packet, first.pieceProtocol)
  copyEnds(packet, first)
  packet.isCut = length !== torn.length
  return packet
}
