/** Writes DHCP messages (RFC 2131, RFC 2132) of a client that asks for its first address. */
import { Buffer } from 'node:buffer'
import { addressOctets, hardwareAddress } from './ethernet.ts'

const kinds = { discover: 1, offer: 2, request: 3, ack: 5 } as const

/** One message; `offer` and `ack` come from the server. */
export function dhcpMessage(message: {
  readonly kind: keyof typeof kinds
  readonly transaction: number
  readonly clientMac: string
  /** The address that is offered, asked for or given. */
  readonly address: string
  readonly server: string
  /** Seconds. */
  readonly lease: number
}): Buffer {
  const { kind } = message
  const fromServer = kind === 'offer' || kind === 'ack'
  const fixed = Buffer.alloc(236)
  fixed.set([fromServer ? 2 : 1, 1, 6, 0])
  fixed.writeUInt32BE(message.transaction, 4)
  if (fromServer) addressOctets(message.address).copy(fixed, 16)
  hardwareAddress(message.clientMac).copy(fixed, 28)

  const option = (code: number, value: Uint8Array) => Buffer.concat([Buffer.from([code, value.length]), value])
  const lease = Buffer.alloc(4)
  lease.writeUInt32BE(message.lease)
  const server = addressOctets(message.server)
  const options = {
    discover: [option(55, Buffer.from([1, 3, 6, 51]))],
    offer: [option(54, server), option(51, lease)],
    request: [option(50, addressOctets(message.address)), option(54, server), option(55, Buffer.from([1, 3, 6, 51]))],
    ack: [
      option(54, server),
      option(51, lease),
      option(1, addressOctets('255.255.255.0')),
      option(3, server),
      option(6, server),
    ],
  }[kind]
  const magicCookie = Buffer.from([99, 130, 83, 99])
  const bytes = Buffer.concat([
    fixed,
    magicCookie,
    option(53, Buffer.from([kinds[kind]])),
    ...options,
    Buffer.from([255]),
  ])
  // BOOTP's relays want 300 octets at least (RFC 1542, 2.1).
  return bytes.length < 300 ? Buffer.concat([bytes, Buffer.alloc(300 - bytes.length)]) : bytes
}
