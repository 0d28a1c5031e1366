/** A stand-in for KMS: Sign and GetPublicKey of one ECC P-256 key, made at its start, and Decrypt of a symmetric one. */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Call, callerOf } from './calls.ts'
import { type HttpServer, serveHttp } from './http.ts'
import type { EncryptionContext, SymmetricKey } from './symmetric-key.ts'

export interface SigningKey extends HttpServer {
  /** PEM of the SubjectPublicKeyInfo. */
  readonly publicKey: string
}

interface DecryptRequest {
  readonly CiphertextBlob: string
  readonly EncryptionContext?: EncryptionContext
}

interface SignRequest {
  readonly KeyId: string
  readonly Message: string
  readonly MessageType?: 'RAW' | 'DIGEST'
  readonly SigningAlgorithm: string
}

/** The longest message that KMS hashes itself, in bytes. */
const longestRawMessage = 4096

/**
 * @param keyArn what the service answers as the key's name, whichever alias it was asked by
 * @param seedKey decrypts
 * @param calls takes what functions ask
 */
export async function serveSigningKey(keyArn: string, seedKey: SymmetricKey, calls: Call[]): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const json = (status: number, body: unknown) => ({
    status,
    type: 'application/x-amz-json-1.1',
    body: JSON.stringify(body),
  })
  const refuse = (type: string, message: string) => json(400, { __type: type, message })

  const signMessage = ({ Message, MessageType = 'RAW', SigningAlgorithm }: SignRequest) => {
    const message = Buffer.from(Message, 'base64')
    if (SigningAlgorithm !== 'ECDSA_SHA_256') return refuse('InvalidKeyUsageException', SigningAlgorithm)
    if (MessageType === 'RAW' && message.length > longestRawMessage)
      return refuse('ValidationException', `a RAW message has at most ${longestRawMessage} bytes`)
    if (MessageType === 'DIGEST' && message.length !== 32)
      return refuse('ValidationException', 'a digest of SHA-256 has 32 bytes')
    const signature = MessageType === 'RAW' ? sign('sha256', message, privateKey) : signDigest(message, privatePem)
    return json(200, { KeyId: keyArn, Signature: signature.toString('base64'), SigningAlgorithm })
  }

  const decrypt = ({ CiphertextBlob, EncryptionContext = {} }: DecryptRequest) => {
    const plaintext = seedKey.decrypt(Buffer.from(CiphertextBlob, 'base64'), EncryptionContext)
    if (plaintext === null) return refuse('InvalidCiphertextException', '')
    return json(200, { KeyId: seedKey.arn, Plaintext: Buffer.from(plaintext).toString('base64') })
  }

  const server = await serveHttp((request, body) => {
    const action = String(request.headers['x-amz-target']).replace('TrentService.', '')
    const caller = callerOf(request)
    if (caller !== null) {
      const { SigningAlgorithm = '', EncryptionContext = {} } = JSON.parse(body)
      const named = Object.entries(EncryptionContext).map(([name, value]) => [`kms:EncryptionContext:${name}`, value])
      const context =
        action === 'Decrypt'
          ? { ...Object.fromEntries(named), 'kms:EncryptionContextKeys': Object.keys(EncryptionContext) }
          : { 'kms:SigningAlgorithm': SigningAlgorithm }
      calls.push({ caller, action: `kms:${action}`, resource: action === 'Decrypt' ? seedKey.arn : keyArn, context })
    }
    if (action === 'Decrypt') return decrypt(JSON.parse(body))
    if (action === 'Sign') return signMessage(JSON.parse(body))
    if (action !== 'GetPublicKey') return refuse('UnsupportedOperationException', action)
    return json(200, {
      KeyId: keyArn,
      PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: ['ECDSA_SHA_256'],
    })
  })
  return { ...server, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

/** Signs a digest that was made elsewhere, which node:crypto does not offer. */
function signDigest(digest: Buffer, privatePem: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-key-'))
  try {
    const key = join(folder, 'key.pem')
    writeFileSync(key, privatePem, { mode: 0o600 })
    return execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', key], { input: digest, timeout: 10_000 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
