/** The secrets of TLS connections, by the random of their ClientHello: from a key log that came with a capture, or in it. */
import { latin1 } from '../payload/flow-names.ts'
import type { Budget } from '../payload/held-segments.ts'
import { readKeyLog, type SecretLabel } from './key-log.ts'

/** A secret is a text with a character a byte. */
type ConnectionSecrets = Partial<Record<SecretLabel, string>>

/** Of more connections than this, those that were written down first are forgotten. */
export const MOST_CONNECTIONS = 65_536
/**
 * Connections that wait for secrets in a capture that has shown none yet: a client knows its secrets only in the middle of
 * the handshake, so that the first of a capture may stand behind the packets that they open.
 */
const FIRST_TO_WAIT = 64
/** Bytes that are kept of all connections that are opened: an account of their own, so that no hello elsewhere lacks room. */
const BUDGET = 33_554_432

export class Secrets {
  readonly budget: Budget = { left: BUDGET }
  /** Connections of which content was read; undefined where no key log was given. */
  opened: number | undefined
  #connections = new Map<string, ConnectionSecrets>()
  readonly #moreMayCome: boolean
  #toWait = FIRST_TO_WAIT

  /** @param moreMayCome whether the capture may hold secrets itself */
  constructor(keyLog: Uint8Array | undefined, moreMayCome: boolean) {
    this.#moreMayCome = moreMayCome
    if (keyLog === undefined) return
    this.opened = 0
    this.add(keyLog)
  }

  /** The same secrets, now and later, for another reader of the same capture, who counts and waits by himself. */
  shared(): Secrets {
    const other = new Secrets(undefined, this.#moreMayCome)
    other.#connections = this.#connections
    return other
  }

  /** Takes the secrets of a key log, or of a part of one. */
  add(keyLog: Uint8Array): void {
    readKeyLog(keyLog, (random, label, secret) => {
      const known = this.#connections.get(random)
      if (known) {
        known[label] = secret
        return
      }
      this.#connections.set(random, { [label]: secret })
      if (this.#connections.size <= MOST_CONNECTIONS) return
      const [first] = this.#connections.keys()
      if (first !== undefined) this.#connections.delete(first)
    })
  }

  /**
   * @param random of a ClientHello, 32 bytes
   * @returns null where the secret has not come
   */
  secret(random: Uint8Array, label: SecretLabel): Uint8Array | null {
    const secret = this.#of(random)?.[label]
    return secret === undefined ? null : Buffer.from(secret, 'latin1')
  }

  /** Whether a connection that begins now can be opened, or could be once more secrets have come. */
  mayOpen(random: Uint8Array): boolean {
    if (this.#of(random) !== undefined) return true
    if (!this.#moreMayCome) return false
    return this.#connections.size > 0 || this.#toWait-- > 0
  }

  #of(random: Uint8Array): ConnectionSecrets | undefined {
    return this.#connections.size === 0 ? undefined : this.#connections.get(latin1(random, 0, random.length))
  }
}
