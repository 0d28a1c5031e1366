/** One direction of a TLS connection, from behind its first hello: takes its records apart, and opens those that it can. */
import { Collected, type MessageReader } from '../payload/message-reader.ts'
import { CLIENT_HELLO, SERVER_HELLO } from '../payload/tls.ts'
import { type Connection, EARLY, TRAFFIC } from './connection.ts'
import { HandshakeMessages } from './handshake-messages.ts'
import { keysOfTraffic, nextTrafficSecret } from './key-schedule.ts'
import { RECORD_HEADER, RecordCipher } from './record-cipher.ts'

const KEY_UPDATE = 24
/** The last is of heartbeats (RFC 6520), which count as records of TLS 1.2. */
const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, HEARTBEAT] = [20, 21, 22, 23, 24]

/** Of the bytes of a record, with what encryption adds at most (RFC 5246, section 6.2.3). */
const LONGEST_RECORD = 16_384 + 2048
/** Records that wait for the ServerHello, or for secrets. */
const MOST_WAITING_BYTES = 32_768
/** Early data of which nobody has the secret comes before what can be opened; servers take far less. */
const MOST_PASSED_BYTES = 1 << 20
/** A KeyUpdate is shorter, with a tag and some padding; so that none is missed, short records are opened always. */
const SHORT = 64
/** Of keys, ciphers and the reader itself, in bytes. */
const OVERHEAD = 2048

export class OpenedDirection implements MessageReader {
  readonly #connection: Connection
  readonly #isClient: boolean
  readonly #handshake: HandshakeMessages
  #record = new Collected(RECORD_HEADER + LONGEST_RECORD)
  /** Bytes of a record that nobody needs, which are still to come. */
  #pass = 0
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  /** Of the budget. */
  #charged = 0
  #over = false
  /** In TLS 1.2, of the keys in use; null until they are known. */
  #cipher: RecordCipher | null = null
  /** In TLS 1.2, the direction has changed over to keys. */
  #isProtected = false
  /** In TLS 1.3, where the direction is, and the keys of each part that are known. */
  #epoch = EARLY
  readonly #epochs: (RecordCipher | null)[] = [null, null, null]
  #trafficSecret: Uint8Array | null = null
  #passedBytes = 0

  constructor(connection: Connection, isClient: boolean) {
    this.#connection = connection
    this.#isClient = isClient
    this.#handshake = new HandshakeMessages([CLIENT_HELLO, SERVER_HELLO, KEY_UPDATE], (type, body) =>
      this.#message(type, body),
    )
  }

  /** Nothing that its stream has to count: it has a budget of its own. */
  readonly kept = 0

  /** Bytes of records that wait, for their rest, the ServerHello or secrets. */
  get waits(): number {
    return this.#waitingBytes + this.#record.length
  }

  /** Whether any record could be opened. */
  get hasOpened(): boolean {
    return this.#cipher?.isUsed === true || this.#epochs.some((cipher) => cipher?.isUsed === true)
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    while (at < end && !this.#over) {
      if (this.#pass > 0) {
        const passed = Math.min(this.#pass, end - at)
        this.#pass -= passed
        at += passed
        continue
      }
      const record = this.#record
      const inHeader = record.length < RECORD_HEADER
      const wanted = inHeader ? RECORD_HEADER : RECORD_HEADER + lengthOf(record.bytes)
      const taken = Math.min(wanted - record.length, end - at)
      record.add(bytes, at, at + taken)
      at += taken
      if (record.length < wanted) break
      if (inHeader) this.#beginRecord(record.bytes)
      else this.#endRecord()
    }
    this.#charge()
    return this.#over ? end : -1
  }

  stop(): void {
    this.resume()
    this.#fail()
  }

  /** Takes the records that have waited, as far as what they waited for has come. */
  resume(): void {
    while (!this.#over) {
      const [first] = this.#waiting
      if (first === undefined || !this.#take(first)) return
      this.#waiting.shift()
      this.#waitingBytes -= first.length
    }
  }

  /** Nothing more is to be opened. */
  end(): void {
    this.#over = true
    this.#waiting = []
    this.#waitingBytes = 0
    this.#charge()
  }

  #charge(): void {
    const kept = OVERHEAD + this.#record.bytes.length + this.#waitingBytes + this.#handshake.kept
    const { budget } = this.#connection
    budget.left += this.#charged
    this.#charged = this.#over ? 0 : kept
    budget.left -= this.#charged
    if (budget.left < 0) this.#fail()
  }

  #fail(): void {
    if (this.#over) return
    this.end()
    this.#connection.lost(this.#isClient)
  }

  #beginRecord(header: Uint8Array): void {
    const [type = 0, major] = header
    const length = lengthOf(header)
    if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT || major !== 3 || length > LONGEST_RECORD) this.#fail()
    else if (length === 0) this.#endRecord()
    else if (type === APPLICATION_DATA && length > SHORT && this.#waiting.length === 0) {
      const cipher = this.#epochs[TRAFFIC] ?? this.#cipher
      if (!cipher?.isUsed || this.#connection.wants(this.#isClient)) return
      cipher.pass()
      this.#pass = length
      this.#record = new Collected(RECORD_HEADER + LONGEST_RECORD)
    }
  }

  #endRecord(): void {
    const record = this.#record.bytes.subarray(0, this.#record.length)
    this.#record = new Collected(RECORD_HEADER + LONGEST_RECORD)
    if (this.#waiting.length === 0 && this.#take(record)) return
    this.#waiting.push(record)
    this.#waitingBytes += record.length
    this.resume()
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#fail()
  }

  /** @returns false where the record has to wait */
  #take(record: Uint8Array): boolean {
    const { hello } = this.#connection
    if (hello !== null) return hello.version === 'tls13' ? this.#takeTls13(record) : this.#takeTls12(record)
    if (this.#isClient) return false
    if (record[0] === HANDSHAKE) this.#handshake.push(record.subarray(RECORD_HEADER))
    // A HelloRetryRequest is followed by one that means nothing (RFC 8446, appendix D.4).
    else if (record[0] !== CHANGE_CIPHER_SPEC) this.#fail()
    return true
  }

  #takeTls12(record: Uint8Array): boolean {
    const [type] = record
    if (type === CHANGE_CIPHER_SPEC) {
      this.#isProtected = true
      this.#cipher = null
      return true
    }
    if (!this.#isProtected) {
      if (type === HANDSHAKE) this.#handshake.push(record.subarray(RECORD_HEADER))
      else if (type !== ALERT) this.#fail()
      return true
    }
    this.#cipher ??= this.#connection.tls12Cipher(this.#isClient)
    if (this.#cipher === null) return false
    const opened = this.#cipher.open(record)
    if (opened === null) this.#fail()
    else if (type === HANDSHAKE) this.#handshake.push(opened)
    else if (type === APPLICATION_DATA) this.#connection.content(this.#isClient, opened, false)
    return true
  }

  /**
   * Tries the keys in use, and then those that follow: which they are is only to be seen by what they open, because the
   * messages that change them may be in records of which the secret is missing.
   */
  #takeTls13(record: Uint8Array): boolean {
    if (record[0] !== APPLICATION_DATA) return true
    for (let epoch = this.#epoch; epoch <= TRAFFIC; epoch++) {
      this.#epochs[epoch] ??= this.#cipherOf(epoch)
      const opened = this.#epochs[epoch]?.open(record) ?? null
      if (opened === null) continue
      this.#epoch = epoch
      this.#takeInner(opened)
      return true
    }
    if (!this.#epochs[TRAFFIC]) return false
    this.#passedBytes += record.length
    if (this.#epochs[this.#epoch]?.isUsed || this.#passedBytes > MOST_PASSED_BYTES) this.#fail()
    return true
  }

  #cipherOf(epoch: number): RecordCipher | null {
    const { hello } = this.#connection
    const secret = this.#connection.trafficSecret(this.#isClient, epoch)
    if (secret === null || hello === null) return null
    if (epoch === TRAFFIC) this.#trafficSecret = secret
    return new RecordCipher(hello.suite, keysOfTraffic(hello.suite, secret), 'tls13')
  }

  /** RFC 8446, section 4.6.3. */
  #updateKeys(): void {
    const { hello } = this.#connection
    if (hello?.version !== 'tls13' || this.#trafficSecret === null) return
    this.#trafficSecret = nextTrafficSecret(hello.suite, this.#trafficSecret)
    this.#epochs[TRAFFIC] = new RecordCipher(hello.suite, keysOfTraffic(hello.suite, this.#trafficSecret), 'tls13')
  }

  /** The type stands behind the content, and padding behind that (RFC 8446, section 5.2). */
  #takeInner(opened: Uint8Array): void {
    let end = opened.length - 1
    while (end > 0 && opened[end] === 0) end--
    const content = opened.subarray(0, end)
    if (opened[end] === APPLICATION_DATA) this.#connection.content(this.#isClient, content, this.#epoch === EARLY)
    else if (opened[end] === HANDSHAKE && this.#epoch === TRAFFIC) this.#handshake.push(content)
  }

  #message(type: number, body: Uint8Array): void {
    if (type === KEY_UPDATE) this.#updateKeys()
    else if (type === SERVER_HELLO && !this.#isClient) this.#connection.takeServerHello(body)
    else if (type === CLIENT_HELLO && this.#isClient) this.#connection.takeClientHello(body)
  }
}

const lengthOf = (header: Uint8Array) => ((header[3] ?? 0) << 8) | (header[4] ?? 0)
