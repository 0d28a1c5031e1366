/**
 * A TLS connection whose content is read, because one of its ends wrote its secrets down: TLS 1.2 (RFC 5246) and 1.3
 * (RFC 8446) with ciphers that authenticate. Secrets may come later than the records that they open.
 */
import type { Budget } from '../payload/held-segments.ts'
import type { Connection, ContentSink } from './connection.ts'
import { keysOfMaster } from './key-schedule.ts'
import { OpenedDirection } from './opened-direction.ts'
import { RecordCipher } from './record-cipher.ts'
import type { Secrets } from './secrets.ts'
import { readServerHello, type ServerHello } from './server-hello.ts'

/** Of each part of TLS 1.3, in order. */
const OF_CLIENT = ['CLIENT_EARLY_TRAFFIC_SECRET', 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0'] as const
const OF_SERVER = [null, 'SERVER_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0'] as const

export class TlsOpening implements Connection {
  readonly budget: Budget
  hello: ServerHello | null = null
  readonly client = new OpenedDirection(this, true)
  readonly server = new OpenedDirection(this, false)
  readonly #secrets: Secrets
  readonly #sink: ContentSink
  #clientRandom: Uint8Array
  #isOpened = false

  /** @param clientRandom of the ClientHello, copied */
  constructor(secrets: Secrets, clientRandom: Uint8Array, sink: ContentSink) {
    this.budget = secrets.budget
    this.#secrets = secrets
    this.#sink = sink
    this.#clientRandom = new Uint8Array(clientRandom)
  }

  content(fromClient: boolean, bytes: Uint8Array, early: boolean): void {
    if (!this.#isOpened && this.#secrets.opened !== undefined) this.#secrets.opened++
    this.#isOpened = true
    this.#sink.content(fromClient, bytes, early)
  }

  wants(fromClient: boolean): boolean {
    return this.#sink.wants(fromClient)
  }

  lost(ofClient: boolean): void {
    if (ofClient || this.hello === null) this.end()
    this.#sink.lost(ofClient || this.hello === null)
  }

  /** Nothing more is to be opened. */
  end(): void {
    this.client.end()
    this.server.end()
  }

  takeServerHello(body: Uint8Array): void {
    const hello = readServerHello(body)
    if (hello === 'retry') return
    if (hello === null) {
      this.lost(true)
      return
    }
    this.hello = hello
    this.client.resume()
  }

  /** Only TLS 1.2 negotiates again within a connection; both ends change over to the new keys in their own time. */
  takeClientHello(body: Uint8Array): void {
    if (body.length >= 34) this.#clientRandom = new Uint8Array(body.subarray(2, 34))
  }

  tls12Cipher(ofClient: boolean): RecordCipher | null {
    const master = this.#secrets.secret(this.#clientRandom, 'CLIENT_RANDOM')
    if (master === null || this.hello === null) return null
    const { suite, random } = this.hello
    return new RecordCipher(suite, keysOfMaster(suite, master, this.#clientRandom, random, ofClient), 'tls12')
  }

  trafficSecret(ofClient: boolean, epoch: number): Uint8Array | null {
    const label = (ofClient ? OF_CLIENT : OF_SERVER)[epoch]
    return label ? this.#secrets.secret(this.#clientRandom, label) : null
  }
}
