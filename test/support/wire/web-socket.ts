/** Frames of WebSockets (RFC 6455, section 5.2), as a client masks them. */
import { Buffer } from 'node:buffer'

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export function clientFrame(frame: {
  readonly opcode: number
  readonly payload: Uint8Array
  readonly isLast?: boolean
  /** RSV1: the message is compressed (RFC 7692). */
  readonly isDeflated?: boolean
  readonly mask?: readonly [number, number, number, number]
}): Buffer {
  const { opcode, payload, isLast = true, isDeflated = false, mask = [0x37, 0xfa, 0x21, 0x3d] } = frame
  const first = (isLast ? 0x80 : 0) | (isDeflated ? 0x40 : 0) | opcode
  const { length } = payload
  const size = Buffer.alloc(length < 126 ? 0 : length < 0x1_0000 ? 2 : 8)
  if (size.length === 2) size.writeUInt16BE(length)
  if (size.length === 8) size.writeBigUInt64BE(BigInt(length))
  const short = size.length === 0 ? length : size.length === 2 ? 126 : 127
  const masked = payload.map((byte, i) => byte ^ (mask[i & 3] as number))
  return Buffer.concat([Buffer.from([first, 0x80 | short]), size, Buffer.from(mask), masked])
}
