/** Writes TLS 1.2 whose content can be opened: AES-128-GCM (RFC 5288) under a master secret that the caller knows. */
import { Buffer } from 'node:buffer'
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { Version } from './tls.ts'

/** TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 */
export const aes128Gcm = 0xc02f

export interface Session12 {
  /** 48 octets. */
  readonly master: Uint8Array
  /** 32 octets each. */
  readonly clientRandom: Uint8Array
  readonly serverRandom: Uint8Array
}

/** The line of a key log (RFC 9850) that opens the session. */
export const keyLogLine = ({ clientRandom, master }: Session12) =>
  `CLIENT_RANDOM ${Buffer.from(clientRandom).toString('hex')} ${Buffer.from(master).toString('hex')}\n`

/** The pseudo-random function of TLS 1.2 (RFC 5246, section 5). */
function prf(secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
  const hmac = (bytes: Uint8Array) => createHmac('sha256', secret).update(bytes).digest()
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed])
  const blocks: Buffer[] = []
  for (let chained = hmac(labelled); blocks.length * 32 < length; chained = hmac(chained))
    blocks.push(hmac(Buffer.concat([chained, labelled])))
  return Buffer.concat(blocks).subarray(0, length)
}

/** Encrypts what one end says, record by record. */
export class Records12 {
  readonly #key: Uint8Array
  readonly #salt: Uint8Array
  readonly #finished: Uint8Array
  #sequence = 0n

  constructor(session: Session12, from: 'client' | 'server') {
    const { master, clientRandom, serverRandom } = session
    const block = prf(master, 'key expansion', Buffer.concat([serverRandom, clientRandom]), 40)
    const [key, salt] = from === 'client' ? [0, 32] : [16, 36]
    this.#key = block.subarray(key, key + 16)
    this.#salt = block.subarray(salt, salt + 4)
    // Of a transcript that nobody checks: whoever only listens has no use for it.
    const transcript = createHash('sha256').update(clientRandom).update(serverRandom).digest()
    this.#finished = prf(master, `${from} finished`, transcript, 12)
  }

  /** What stands in the record of this end's Finished. */
  finished(): Buffer {
    return this.#fragment(22, Buffer.concat([Buffer.from([20, 0, 0, 12]), this.#finished]))
  }

  /** What stands in a record of application data: at most 2^14 octets. */
  data(plain: Uint8Array): Buffer {
    return this.#fragment(23, plain)
  }

  #fragment(type: number, plain: Uint8Array): Buffer {
    const sequence = Buffer.alloc(8)
    sequence.writeBigUInt64BE(this.#sequence++)
    const cipher = createCipheriv('aes-128-gcm', this.#key, Buffer.concat([this.#salt, sequence]))
    const version = [Version.tls12 >> 8, Version.tls12 & 255]
    cipher.setAAD(Buffer.concat([sequence, Buffer.from([type, ...version, plain.length >> 8, plain.length & 255])]))
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([sequence, encrypted, cipher.getAuthTag()])
  }
}
