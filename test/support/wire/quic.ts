/** Writes what a QUIC client says in clear: Initial packets of version 1 (RFC 9000, RFC 9001) with a TLS 1.3 ClientHello. */
import { Buffer } from 'node:buffer'
import { createCipheriv, createHmac } from 'node:crypto'

const salt = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex')
/** A client's first datagram has at least this many octets (RFC 9000, section 14.1). */
const smallest = 1200

const u16 = (value: number) => Buffer.from([value >>> 8, value & 255])
const hmac = (key: Uint8Array, bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest()

/** HKDF-Expand-Label without context, at most one block of SHA-256 (RFC 8446, section 7.1). */
function expand(secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`)
  return hmac(secret, Buffer.concat([u16(length), Buffer.from([name.length]), name, Buffer.from([0, 1])])).subarray(
    0,
    length,
  )
}

/** The first datagram of a client: one Initial packet, number 0, padded. `handshake` is the ClientHello without its record. */
export function clientInitial(connectionId: Uint8Array, handshake: Uint8Array): Buffer {
  const secret = expand(hmac(salt, connectionId), 'client in', 32)
  const before = Buffer.concat([
    Buffer.from([0xc1, 0, 0, 0, 1, connectionId.length]),
    connectionId,
    Buffer.from([0, 0]),
  ])
  const crypto = Buffer.concat([Buffer.from([6, 0]), u16(0x4000 | handshake.length), handshake])
  const bodyLength = Math.max(crypto.length, smallest - before.length - 4 - 16)
  const body = Buffer.concat([crypto, Buffer.alloc(bodyLength - crypto.length)])
  const header = Buffer.concat([before, u16(0x4000 | (2 + body.length + 16)), u16(0)])
  const cipher = createCipheriv('aes-128-gcm', expand(secret, 'quic key', 16), expand(secret, 'quic iv', 12))
  cipher.setAAD(header)
  const sealed = Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()])
  const mask = createCipheriv('aes-128-ecb', expand(secret, 'quic hp', 16), null).update(sealed.subarray(2, 18))
  const packet = Buffer.concat([header, sealed])
  packet.writeUInt8(packet.readUInt8(0) ^ (mask.readUInt8(0) & 15), 0)
  for (const i of [0, 1]) {
    const at = header.length - 2 + i
    packet.writeUInt8(packet.readUInt8(at) ^ mask.readUInt8(1 + i), at)
  }
  return packet
}

/** A packet of a connection that is established: nothing of it can be read (RFC 9000, section 17.3.1). */
export function shortPacket(connectionId: Uint8Array, sealed: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x40]), connectionId, sealed])
}
