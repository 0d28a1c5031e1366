/** What the two directions of a TLS connection share, and who takes what is opened of it. */
import type { Budget } from '../payload/held-segments.ts'
import type { RecordCipher } from './record-cipher.ts'
import type { ServerHello } from './server-hello.ts'

/** The keys of TLS 1.3, in the order in which a direction goes through them; those of the handshake stand between. */
export const [EARLY, TRAFFIC] = [0, 2]

/** Takes what was in the records. */
export interface ContentSink {
  /** @param early sent before the server had answered (RFC 8446, section 2.3); the bytes are only valid during the call */
  content(fromClient: boolean, bytes: Uint8Array, early: boolean): void
  /** Whether what a direction says is of use. */
  wants(fromClient: boolean): boolean
  /** Nothing more can be opened: of the server's direction, or of both where it is the client's. */
  lost(ofClient: boolean): void
}

export interface Connection extends ContentSink {
  /** What is kept of records is counted here. */
  readonly budget: Budget
  /** null until the server has answered. */
  readonly hello: ServerHello | null
  /** @param body of another ClientHello within the connection */
  takeClientHello(body: Uint8Array): void
  takeServerHello(body: Uint8Array): void
  /** The cipher of TLS 1.2 that the hellos give; null where the secret has not come. */
  tls12Cipher(ofClient: boolean): RecordCipher | null
  /** The secret of a direction in TLS 1.3; null where it has not come. */
  trafficSecret(ofClient: boolean, epoch: number): Uint8Array | null
}
