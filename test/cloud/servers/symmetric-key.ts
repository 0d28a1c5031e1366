/** A stand-in for a symmetric key of KMS, made at its start: what it encrypted it decrypts for the same encryption context only. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export type EncryptionContext = Readonly<Record<string, string>>

export class SymmetricKey {
  readonly arn: string
  readonly #secret = randomBytes(32)

  constructor(arn: string) {
    this.arn = arn
  }

  encrypt(plaintext: Uint8Array, context: EncryptionContext): Uint8Array {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#secret, iv).setAAD(bytesOf(context))
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), ciphertext])
  }

  /** @returns null for what it did not encrypt for this context */
  decrypt(wrapped: Uint8Array, context: EncryptionContext): Uint8Array | null {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#secret, wrapped.subarray(0, 12))
      decipher.setAAD(bytesOf(context)).setAuthTag(wrapped.subarray(12, 28))
      return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()])
    } catch {
      return null
    }
  }
}

const bytesOf = (context: EncryptionContext) => Buffer.from(JSON.stringify(Object.entries(context).sort()))
