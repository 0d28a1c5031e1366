/** A hash of a packet's conversation, the same from both ends. */
import type { Packet } from './packet.ts'

/** 32 bits, signed. Each end is mixed alone and the two are added, so that it does not matter which of them sent. */
export function hashOf(packet: Packet): number {
  let from = Math.imul(packet.from0 ^ Math.imul(packet.portFrom, 0x9e3779b1), 0x85ebca6b)
  let to = Math.imul(packet.to0 ^ Math.imul(packet.portTo, 0x9e3779b1), 0x85ebca6b)
  if (packet.family === 6) {
    from = Math.imul(from ^ (from >>> 15) ^ packet.from1, 0xc2b2ae35)
    from = Math.imul(from ^ (from >>> 13) ^ packet.from2, 0x27d4eb2f)
    from = Math.imul(from ^ (from >>> 15) ^ packet.from3, 0x165667b1)
    to = Math.imul(to ^ (to >>> 15) ^ packet.to1, 0xc2b2ae35)
    to = Math.imul(to ^ (to >>> 13) ^ packet.to2, 0x27d4eb2f)
    to = Math.imul(to ^ (to >>> 15) ^ packet.to3, 0x165667b1)
  }
  from ^= from >>> 15
  to ^= to >>> 15
  let hash = Math.imul((from + to) | 0, 0xc2b2ae35) ^ Math.imul(packet.protocol, 0x27d4eb2f)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
