/** The ServerHello: which version and which ciphers the two ends have agreed on (RFC 8446, section 4.1.3; RFC 5246, 7.4.1.3). */
import { createHash } from 'node:crypto'
import { type CipherSuite, cipherSuite } from './cipher-suites.ts'

export interface ServerHello {
  readonly version: 'tls12' | 'tls13'
  readonly random: Uint8Array
  readonly suite: CipherSuite
}

const SUPPORTED_VERSIONS = 43
const TLS12 = 0x0303
const TLS13 = 0x0304

/** The random of a ServerHello that asks for another ClientHello (RFC 8446, section 4.1.3). */
const RETRY = createHash('sha256').update('HelloRetryRequest').digest()

/**
 * Reads a ServerHello's body.
 *
 * @returns `retry` where it asks for another ClientHello; null where what follows cannot be opened: an older version, a cipher
 * without authentication of its own, compression
 */
export function readServerHello(body: Uint8Array): ServerHello | 'retry' | null {
  const u16 = (at: number) => ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0)
  if (body.length < 38) return null
  const random = new Uint8Array(body.subarray(2, 34))
  if (RETRY.equals(random)) return 'retry'
  let at = 35 + (body[34] ?? 0)
  const number = u16(at)
  const compression = body[at + 2]
  let version = u16(0)
  for (at += 5; at + 4 <= body.length; at += 4 + u16(at + 2)) if (u16(at) === SUPPORTED_VERSIONS) version = u16(at + 4)
  if (compression !== 0 || (version !== TLS12 && version !== TLS13)) return null
  const name = version === TLS13 ? 'tls13' : 'tls12'
  const suite = cipherSuite(name, number)
  return suite && { version: name, random, suite }
}
