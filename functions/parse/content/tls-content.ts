/** A client's TLS: the name in its hello, and what is inside where its secrets are known. The rest cannot be read. */
import type { ClientHello } from '../payload/client-hello.ts'
import { recogniseHttp2 } from '../payload/http2.ts'
import { YES } from '../payload/message-reader.ts'
import { TlsHelloReader } from '../payload/tls.ts'
import type { OpenedDirection } from '../tls/opened-direction.ts'
import type { Secrets } from '../tls/secrets.ts'
import { TlsOpening } from '../tls/tls-opening.ts'
import type { ContentReading } from './content-reading.ts'
import type { Speaker } from './speaker.ts'

/** Takes what was inside, in order. */
export interface Inside {
  take(bytes: Uint8Array, offset: number, end: number): void
  end(): void
}

export class TlsContent implements ContentReading {
  readonly #speaker: Speaker
  readonly #secrets: Secrets | null
  readonly #inside: () => Inside
  readonly #hello: TlsHelloReader
  #opening: TlsOpening | null = null
  #inner: Inside | null = null
  #wasEarly = false
  #isSealed = false
  #hasHello = false
  /** Bytes behind the last that could be opened. */
  #behind = 0
  #ofHello = 0

  /** @param inside makes who takes what is inside, anew where the client begins anew */
  constructor(speaker: Speaker, secrets: Secrets | null, inside: () => Inside) {
    this.#speaker = speaker
    this.#secrets = secrets
    this.#inside = inside
    this.#hello = new TlsHelloReader((hello, bytes, body) => this.#takeHello(hello, bytes, body))
  }

  /** What is kept of records is counted elsewhere. */
  get kept(): number {
    return this.#hasHello ? 0 : this.#ofHello
  }

  /** Reads the server's records, where the client's are opened. */
  get server(): Pick<ContentReading, 'push'> | null {
    return this.#isSealed ? null : (this.#opening?.server ?? null)
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    if (!this.#hasHello) {
      at = this.#hello.push(bytes, offset, end)
      this.#ofHello += end - offset
      if (at < 0) return -1
      this.#hasHello = true
      if (this.#opening === null) this.#isSealed = true
    }
    if (at === end) return -1
    if (this.#isSealed) this.#speaker.unread += end - at
    else {
      this.#behind += end - at
      this.#opening?.client.push(bytes, at, end)
    }
    return -1
  }

  lost(): boolean {
    if (this.#hasHello) this.#seal()
    else {
      this.#hello.stop()
      this.#hasHello = true
      this.#isSealed = true
    }
    return true
  }

  stop(): void {
    if (!this.#hasHello) this.#hello.stop()
    else if (this.#opening !== null && !this.#isSealed) this.#endOpened(this.#opening.client)
    this.#inner?.end()
    this.#inner = null
  }

  /** What is left are messages of TLS itself, where anything could be opened. */
  #endOpened(client: OpenedDirection): void {
    client.resume()
    if (!client.hasOpened || client.waits > 0) this.#seal()
    this.#isSealed = true
    client.end()
    this.#opening?.server.end()
  }

  #seal(): void {
    if (!this.#isSealed) this.#speaker.unread += this.#behind
    this.#isSealed = true
  }

  #takeHello({ serverName, cut }: ClientHello, bytes: Uint8Array, body: number): void {
    if (serverName !== null) this.#speaker.say('name', Buffer.from(serverName, 'latin1'))
    // The random stands behind the version (RFC 8446, section 4.1.2).
    const random = bytes.subarray(body + 2, body + 34)
    if (this.#secrets === null || cut || !this.#secrets.mayOpen(random)) return
    this.#opening = new TlsOpening(this.#secrets, random, {
      content: (fromClient, content, early) => {
        if (fromClient) this.#takeInner(content, early)
      },
      wants: (fromClient) => fromClient,
      lost: (ofClient) => {
        if (ofClient) this.#seal()
      },
    })
  }

  #takeInner(bytes: Uint8Array, early: boolean): void {
    this.#behind = 0
    // A server that refuses early data has it sent again: HTTP/2 then begins anew.
    if (this.#wasEarly && !early && recogniseHttp2(bytes, 0, bytes.length) === YES) {
      this.#inner?.end()
      this.#inner = null
    }
    this.#wasEarly = early
    this.#inner ??= this.#inside()
    this.#inner.take(bytes, 0, bytes.length)
  }
}
