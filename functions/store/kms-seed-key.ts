/** Seed keys and AWS KMS: encrypted and decrypted by a key that never leaves it. */
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { InputError } from '../errors.ts'
import { SEED_KEY_CONTEXT } from './seed-key-place.ts'

export const createKmsClient = (region?: string): KMSClient =>
  new KMSClient({
    requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000 },
    ...(region === undefined ? {} : { region }),
  })

/** @param key id, ARN or alias of a symmetric key. @throws what KMS says against it */
export async function wrapSeedKey(client: KMSClient, key: string, secret: Uint8Array): Promise<Uint8Array> {
  const command = new EncryptCommand({ KeyId: key, Plaintext: secret, EncryptionContext: SEED_KEY_CONTEXT })
  const { CiphertextBlob: wrapped } = await client.send(command)
  if (!wrapped) throw new Error(`encrypting with the key ${key}: KMS answered without a ciphertext`)
  return wrapped
}

/** What KMS answers where the ciphertext is at fault, and asking again is of no use. */
const BROKEN = ['InvalidCiphertextException', 'IncorrectKeyException', 'ValidationException']

/**
 * @throws InputError where KMS cannot decrypt this: it was altered, or encrypted for something else; what else KMS says (a right
 * that is missing, a key that is switched off) as it says it
 */
export async function unwrapSeedKey(client: KMSClient, wrapped: Uint8Array): Promise<Uint8Array> {
  const command = new DecryptCommand({ CiphertextBlob: wrapped, EncryptionContext: SEED_KEY_CONTEXT })
  try {
    const { Plaintext: secret } = await client.send(command)
    if (!secret) throw new Error('decrypting a seed key: KMS answered without one')
    return secret
  } catch (error) {
    if (!(error instanceof Error && BROKEN.includes(error.name))) throw error
    throw new InputError(
      `KMS cannot decrypt it (${error.name}): it was altered, or is no seed key that \`domicile rig key --kms\` made`,
    )
  }
}
