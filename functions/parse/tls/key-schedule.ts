/** From a connection's secrets to the keys of its records. */
import { createHmac } from 'node:crypto'
import type { CipherSuite } from './cipher-suites.ts'

export interface RecordKeys {
  readonly key: Uint8Array
  /** 12 bytes; of AES in TLS 1.2 only the first four, to which each record adds its own eight. */
  readonly iv: Uint8Array
}

const hmac = (hash: string, key: Uint8Array, ...parts: Uint8Array[]) => {
  const mac = createHmac(hash, key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

const ascii = (text: string) => Buffer.from(text, 'latin1')

/** HKDF-Expand-Label without a context (RFC 8446, section 7.1). */
function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Uint8Array {
  const named = ascii(`tls13 ${label}`)
  const info = Buffer.concat([Uint8Array.of(length >> 8, length & 255, named.length), named, Uint8Array.of(0)])
  // One block of the hash is more than any key, and as much as a secret.
  return hmac(hash, secret, info, Uint8Array.of(1)).subarray(0, length)
}

/** The keys of a traffic secret of TLS 1.3 (section 7.3). */
export function keysOfTraffic({ hash, keyLength }: CipherSuite, secret: Uint8Array): RecordKeys {
  return { key: expandLabel(hash, secret, 'key', keyLength), iv: expandLabel(hash, secret, 'iv', 12) }
}

/** The traffic secret after a KeyUpdate (section 7.2). */
export function nextTrafficSecret({ hash }: CipherSuite, secret: Uint8Array): Uint8Array {
  return expandLabel(hash, secret, 'traffic upd', secret.length)
}

/** The keys of one direction from the master secret of TLS 1.2 (RFC 5246, section 6.3). */
export function keysOfMaster(
  { cipher, hash, keyLength }: CipherSuite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  ofClient: boolean,
): RecordKeys {
  const ivLength = cipher === 'chacha20-poly1305' ? 12 : 4
  const seed = Buffer.concat([ascii('key expansion'), serverRandom, clientRandom])
  const blocks: Uint8Array[] = []
  let length = 0
  for (let chained: Uint8Array = seed; length < 2 * (keyLength + ivLength); ) {
    chained = hmac(hash, master, chained)
    const block = hmac(hash, master, chained, seed)
    blocks.push(block)
    length += block.length
  }
  const all = Buffer.concat(blocks)
  const [keyAt, ivAt] = ofClient ? [0, 2 * keyLength] : [keyLength, 2 * keyLength + ivLength]
  return { key: all.subarray(keyAt, keyAt + keyLength), iv: all.subarray(ivAt, ivAt + ivLength) }
}
