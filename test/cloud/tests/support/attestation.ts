/** Verifies an attestation by openssl alone, as an outsider would. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Envelope {
  readonly payloadType: string
  readonly payload: string
  readonly signatures: readonly { readonly sig: string; readonly keyid?: string }[]
}

/** in-toto Statement v1: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export interface Statement {
  readonly _type: string
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly predicateType: string
  readonly predicate: Readonly<Record<string, unknown>>
}

/**
 * The statement of a DSSE envelope (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md).
 *
 * @param publicKey PEM
 * @throws Error where openssl does not verify the signature
 */
export function verifiedStatement(envelope: Buffer, publicKey: string): Statement {
  const { payloadType, payload, signatures } = JSON.parse(envelope.toString()) as Envelope
  const body = Buffer.from(payload, 'base64')
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `),
    body,
  ])
  const folder = mkdtempSync(join(tmpdir(), 'domicile-attestation-'))
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  try {
    const key = file('key.pem', publicKey)
    const signature = file('signature', Buffer.from(signatures[0]?.sig ?? '', 'base64'))
    const verify = ['dgst', '-sha256', '-verify', key, '-signature', signature, file('signed', signed)]
    execFileSync('openssl', verify, { stdio: 'pipe', timeout: 10_000 })
  } finally {
    rmSync(folder, { recursive: true })
  }
  return JSON.parse(body.toString()) as Statement
}
