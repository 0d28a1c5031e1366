/** Signatures by a key that never leaves KMS. */
import { createHash } from 'node:crypto'
import { KMSClient, SignCommand } from '@aws-sdk/client-kms'

export interface Signature {
  /** ECDSA over P-256, ASN.1 DER (RFC 3279, section 2.2.3). */
  readonly bytes: Uint8Array
  /** What names the key: its ARN. */
  readonly keyId: string
}

export type Sign = (message: Uint8Array) => Promise<Signature>

/**
 * Signs by KMS with SHA-256. KMS is given the digest: it takes no message of more than 4096 bytes.
 *
 * @param key id, ARN or alias of a key of the type ECC_NIST_P256
 */
export function signWith(
  key: string,
  client = new KMSClient({ requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000 } }),
): Sign {
  return async (message) => {
    const digest = createHash('sha256').update(message).digest()
    const { Signature: bytes, KeyId: keyId } = await client.send(
      new SignCommand({ KeyId: key, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
    )
    if (!bytes || !keyId) throw new Error(`signing with the key ${key}: KMS answered without a signature`)
    return { bytes, keyId }
  }
}
