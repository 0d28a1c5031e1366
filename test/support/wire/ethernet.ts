/** Writes Ethernet II frames (IEEE 802.3, clause 3.2.6), 802.1Q tags, and ARP (RFC 826). */
import { Buffer } from 'node:buffer'
import { parseAddress } from '../../../functions/net/address.ts'

export const EtherType = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd, vlan: 0x8100 } as const

/** Reads `00:00:5e:00:53:01` into its six octets. */
export function hardwareAddress(text: string): Buffer {
  const octets = Buffer.from(text.replaceAll(':', ''), 'hex')
  if (octets.length !== 6)
    throw new Error(`${text} is no hardware address: write six octets, such as 00:00:5e:00:53:01`)
  return octets
}

/** Reads an IP address into its 4 or 16 octets. */
export function addressOctets(text: string): Buffer {
  const address = parseAddress(text)
  if (!address) throw new Error(`${text} is no IP address`)
  const octets = Buffer.alloc(16)
  for (const [i, word] of address.words.entries()) octets.writeUInt32BE(word, 4 * i)
  return address.family === 4 ? octets.subarray(0, 4) : octets
}

/** One frame without its check sequence, padded to the 60 octets that a wire needs at least. */
export function ethernetFrame(frame: {
  readonly source: string
  readonly destination: string
  readonly etherType: number
  /** 802.1Q tags, the outer one first. */
  readonly vlans?: readonly number[]
  readonly payload: Uint8Array
}): Buffer {
  const type = Buffer.alloc(2)
  type.writeUInt16BE(frame.etherType)
  const tags = (frame.vlans ?? []).map((vlan) => {
    const tag = Buffer.alloc(4)
    tag.writeUInt16BE(EtherType.vlan)
    tag.writeUInt16BE(vlan, 2)
    return tag
  })
  const ends = [hardwareAddress(frame.destination), hardwareAddress(frame.source)]
  const bytes = Buffer.concat([...ends, ...tags, type, frame.payload])
  return bytes.length < 60 ? Buffer.concat([bytes, Buffer.alloc(60 - bytes.length)]) : bytes
}

/** An ARP packet for IPv4 over Ethernet; `target.mac` is not known yet in a request. */
export function arpPacket(packet: {
  readonly operation: 'request' | 'reply'
  readonly sender: { readonly mac: string; readonly ip: string }
  readonly target: { readonly mac?: string; readonly ip: string }
}): Buffer {
  const head = Buffer.from([0, 1, 8, 0, 6, 4, 0, packet.operation === 'request' ? 1 : 2])
  return Buffer.concat([
    head,
    hardwareAddress(packet.sender.mac),
    addressOctets(packet.sender.ip),
    hardwareAddress(packet.target.mac ?? '00:00:00:00:00:00'),
    addressOctets(packet.target.ip),
  ])
}
