/** JSON documents of the evidence bucket: canonical (RFC 8785), so that the same value always has the same bytes. */
import canonicalize from 'canonicalize'

export function documentBytes(document: object): Uint8Array {
  return new TextEncoder().encode(`${canonicalize(document)}\n`)
}
