/** What the ends of a flow say in datagrams: questions of DNS, the names in hellos of QUIC and DTLS, and what else is readable. */
import { DtlsHello, recogniseDtls } from '../payload/dtls.ts'
import { gquicVersion, readGquicName } from '../payload/gquic.ts'
import { YES } from '../payload/message-reader.ts'
import { recogniseQuic } from '../payload/quic.ts'
import { QuicHello } from '../payload/quic-hello.ts'
import { sayDns } from './dns-content.ts'
import type { Speaker } from './speaker.ts'

const DNS_PORT = 53

export class DatagramContent {
  readonly #isDns: boolean
  #quic: QuicHello | null = null
  #dtls: DtlsHello | null = null
  /** The name in the hello was handed on. */
  #isNamed = false

  constructor({ portA, portB }: { readonly portA: number; readonly portB: number }) {
    this.#isDns = portA === DNS_PORT || portB === DNS_PORT
  }

  /** Takes a datagram, which is only valid during the call. */
  take(speaker: Speaker, datagram: Uint8Array): void {
    if (this.#isDns) sayDns(speaker, datagram)
    else if (this.#isQuic(datagram)) {
      speaker.unread += datagram.length
      if (!this.#isNamed) this.#takeQuic(speaker, datagram)
    } else if (isDtls(datagram)) {
      speaker.unread += datagram.length
      if (!this.#isNamed && recogniseDtls(datagram, 0, datagram.length) === YES) this.#takeDtls(speaker, datagram)
    } else speaker.say('stream', datagram)
  }

  /** After a first packet, those with the short header are of the same connection (RFC 9000, section 17.3). */
  #isQuic(datagram: Uint8Array): boolean {
    const first = datagram[0] as number
    if (this.#quic !== null && (first & 0x40) !== 0) return true
    const isLong = first >= 0x80
    const is = isLong ? recogniseQuic(datagram, 0, datagram.length) : gquicVersion(datagram, 0, datagram.length) >= 0
    if (is) this.#quic ??= new QuicHello()
    return is
  }

  #takeQuic(speaker: Speaker, datagram: Uint8Array): void {
    const legacy = readGquicName(datagram, 0, datagram.length)
    if (legacy !== null) this.#name(speaker, legacy)
    else if ((datagram[0] as number) >= 0x80 && !this.#quic?.over) {
      const hello = this.#quic?.take(datagram, 0, datagram.length)
      if (hello) this.#name(speaker, hello.serverName)
    }
  }

  #takeDtls(speaker: Speaker, datagram: Uint8Array): void {
    this.#dtls ??= new DtlsHello()
    const hello = this.#dtls.take(datagram, 0, datagram.length)
    if (hello) this.#name(speaker, hello.serverName)
  }

  #name(speaker: Speaker, name: string | null): void {
    this.#isNamed = true
    if (name !== null) speaker.say('name', Buffer.from(name, 'latin1'))
  }
}

/** Whether a record of DTLS stands here (RFC 6347, section 4.1; RFC 9147, section 4). */
function isDtls(datagram: Uint8Array): boolean {
  const [type = 0, major = 0, minor = 0] = datagram
  return datagram.length >= 13 && type >= 20 && type <= 26 && major === 0xfe && (minor === 0xff || minor === 0xfd)
}
