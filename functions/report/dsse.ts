/** Signed envelopes: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
import canonicalize from 'canonicalize'

export interface Envelope {
  readonly payloadType: string
  /** Base64. */
  readonly payload: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

/** What is signed in place of the payload, so that a signature holds for no other type and no other length. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `
  return Buffer.concat([Buffer.from(head), payload])
}

/**
 * Renders an envelope as canonical JSON and a line feed.
 *
 * @param signature over {@link preAuthEncoding} of the payload
 * @param keyId names the key to whoever knows it; it is not signed, and proves nothing
 */
export function renderEnvelope(payloadType: string, payload: Uint8Array, signature: Uint8Array, keyId: string): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const envelope: Envelope = {
    payloadType,
    payload: base64(payload),
    signatures: [{ keyid: keyId, sig: base64(signature) }],
  }
  return `${canonicalize(envelope)}\n`
}
