/** Opens the records of one direction under one key, in their order (RFC 8446, section 5.2; RFC 5246, section 6.2.3.3). */
import { createDecipheriv } from 'node:crypto'
import type { CipherSuite } from './cipher-suites.ts'
import type { RecordKeys } from './key-schedule.ts'

/** Length of a record's header: its type, its version, and how many bytes follow. */
export const RECORD_HEADER = 5
/** AES in TLS 1.2 sends this much of each nonce before the encrypted bytes (RFC 5288, section 3). */
const EXPLICIT_NONCE = 8

export class RecordCipher {
  readonly #suite: CipherSuite
  readonly #keys: RecordKeys
  readonly #isTls13: boolean
  readonly #hasExplicitNonce: boolean
  /** How many records this key has opened or passed by. */
  #sequence = 0

  constructor(suite: CipherSuite, keys: RecordKeys, version: 'tls12' | 'tls13') {
    this.#suite = suite
    this.#keys = keys
    this.#isTls13 = version === 'tls13'
    this.#hasExplicitNonce = keys.iv.length < 12
  }

  /** Whether it has opened or passed by a record. */
  get isUsed(): boolean {
    return this.#sequence > 0
  }

  /** Counts a record as read that nobody needs. */
  pass(): void {
    this.#sequence++
  }

  /**
   * Opens the next record.
   *
   * @param record with its header
   * @returns what it holds, in TLS 1.3 with the true type and padding behind it; null where it does not authenticate, which
   * leaves the order as it was
   */
  open(record: Uint8Array): Uint8Array | null {
    const { cipher, tagLength } = this.#suite
    const at = RECORD_HEADER + (this.#hasExplicitNonce ? EXPLICIT_NONCE : 0)
    const end = record.length - tagLength
    if (end < at) return null
    const length = end - at
    try {
      const decipher = createDecipheriv(cipher as 'aes-128-ccm', this.#keys.key, this.#nonce(record), {
        authTagLength: tagLength,
      })
      decipher.setAuthTag(record.subarray(end))
      decipher.setAAD(this.#additionalData(record, length), { plaintextLength: length })
      const opened = decipher.update(record.subarray(at, end))
      decipher.final()
      this.#sequence++
      return opened
    } catch {
      // node:crypto has no other way of saying that a tag is wrong, or that it was built without a cipher.
      return null
    }
  }

  #nonce(record: Uint8Array): Uint8Array {
    const nonce = new Uint8Array(12)
    nonce.set(this.#keys.iv)
    if (this.#hasExplicitNonce) nonce.set(record.subarray(RECORD_HEADER, RECORD_HEADER + EXPLICIT_NONCE), 4)
    else for (const [i, byte] of this.#sequenceBytes().entries()) nonce[4 + i] = (nonce[4 + i] ?? 0) ^ byte
    return nonce
  }

  #additionalData(record: Uint8Array, length: number): Uint8Array {
    if (this.#isTls13) return record.subarray(0, RECORD_HEADER)
    return Buffer.concat([this.#sequenceBytes(), record.subarray(0, 3), Uint8Array.of(length >> 8, length & 255)])
  }

  #sequenceBytes(): Uint8Array {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(this.#sequence))
    return bytes
  }
}
