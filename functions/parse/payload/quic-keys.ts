/**
 * The keys of QUIC's Initial packets, which anybody can derive who sees the first of them (RFC 9001, section 5.2): they
 * protect against accidents, not against readers. Only the client's direction, which carries the ClientHello.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

const V2 = 0x6b3343cf

const SALTS: readonly (readonly [first: number, last: number, salt: string])[] = [
  [1, 1, '38762cf7f55934b34d179ae6a4c80cadccbb7f0a'], // RFC 9001, section 5.2
  [V2, V2, '0dede3def700a6db819381be6e269dcbf9bd2ed9'], // RFC 9369, section 3.3.1
  // draft-ietf-quic-tls-21 and -22, -23 to -28, -29 to -34, section 5.2 of each.
  [0xff000015, 0xff000016, '7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a'],
  [0xff000017, 0xff00001c, 'c3eef712c72ebb5a11a7d2432bb46365bef9f502'],
  [0xff00001d, 0xff000022, 'afbfec289993d24c9e9786f19c6111e04390a899'],
  // mvfst's versions follow the drafts of their time.
  [0xfaceb000, 0xfaceb001, '7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a'],
  [0xfaceb002, 0xfaceb00f, 'c3eef712c72ebb5a11a7d2432bb46365bef9f502'],
  // Q050, T050 and T051: quiche, quic/core/crypto/crypto_utils.cc.
  [0x51303530, 0x51303530, '504574efd066fe2f9d945cfcdbd3a7f0d3b56b45'],
  [0x54303530, 0x54303530, '7ff579e5acd072915580304c43a2367c60488310'],
  [0x54303531, 0x54303531, '7a4edef4e7ccee5fa4506c19124fc8ccda6e033d'],
]

/** HKDF-Expand-Label of TLS 1.3 without context (RFC 8446, section 7.1), for at most one block of SHA-256. */
function expand(secret: Uint8Array, label: string, length: number): Buffer {
  const full = `tls13 ${label}`
  const info = Buffer.concat([Buffer.from([0, length, full.length]), Buffer.from(full), Buffer.from([0, 1])])
  return createHmac('sha256', secret).update(info).digest().subarray(0, length)
}

/** Opens the packets that a client protected with the keys of one destination connection id. */
export class InitialKeys {
  readonly #key: Uint8Array
  readonly #iv: Uint8Array
  readonly #header: Uint8Array

  private constructor(secret: Uint8Array, prefix: string) {
    this.#key = expand(secret, `${prefix} key`, 16)
    this.#iv = expand(secret, `${prefix} iv`, 12)
    this.#header = expand(secret, `${prefix} hp`, 16)
  }

  /** @returns null for versions whose salt is not known */
  static of(version: number, connectionId: Uint8Array): InitialKeys | null {
    const salt = SALTS.find(([first, last]) => first <= version && version <= last)?.[2]
    if (salt === undefined) return null
    const initial = createHmac('sha256', Buffer.from(salt, 'hex')).update(connectionId).digest()
    return new InitialKeys(expand(initial, 'client in', 32), version === V2 ? 'quicv2' : 'quic')
  }

  /**
   * Opens a packet (RFC 9001, sections 5.3 and 5.4).
   *
   * @param packet from its first byte to its end; `numberAt` is the offset of its packet number
   * @returns the frames, or null where the packet was not protected with these keys
   */
  open(packet: Uint8Array, numberAt: number): Uint8Array | null {
    const sampleAt = numberAt + 4
    if (sampleAt + 16 > packet.length) return null
    const cipher = createCipheriv('aes-128-ecb', this.#header, null).setAutoPadding(false)
    const mask = cipher.update(packet.subarray(sampleAt, sampleAt + 16))
    const header = new Uint8Array(packet.subarray(0, numberAt + 4))
    header[0] = (header[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f)
    const numberLength = ((header[0] ?? 0) & 3) + 1
    const nonce = new Uint8Array(this.#iv)
    for (let i = 0; i < numberLength; i++) {
      const byte = (header[numberAt + i] ?? 0) ^ (mask[1 + i] ?? 0)
      header[numberAt + i] = byte
      // Early packet numbers are small, so their upper bytes are 0 (RFC 9000, appendix A.3).
      nonce[12 - numberLength + i] = (nonce[12 - numberLength + i] ?? 0) ^ byte
    }
    const bodyAt = numberAt + numberLength
    const decipher = createDecipheriv('aes-128-gcm', this.#key, nonce)
    decipher.setAAD(header.subarray(0, bodyAt))
    decipher.setAuthTag(packet.subarray(packet.length - 16))
    try {
      const frames = decipher.update(packet.subarray(bodyAt, packet.length - 16))
      decipher.final()
      return frames
    } catch {
      return null
    }
  }
}
