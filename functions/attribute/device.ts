/** Which end of a flow is the device under test. */
import { parseAddress } from '../net/address.ts'
import { type Prefix, parsePrefix, prefixContains } from '../net/prefix.ts'

/** A hardware address as a 48-bit integer; null where the text is none. Groups of two digits with `:` or `-`. */
export function parseHardwareAddress(text: string): number | null {
  if (!/^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text)) return null
  return Number.parseInt(text.replace(/[:-]/g, ''), 16)
}

/** How surely an end is the device: by nothing, by a prefix it shares with others, by an address of its own. */
export const NOT = 0
export const BY_PREFIX = 1
export const BY_ADDRESS = 2
export type Match = typeof NOT | typeof BY_PREFIX | typeof BY_ADDRESS

/** Knows the device by the addresses that its session gives. */
export class DeviceAddresses {
  /** Whether the session gives any address. */
  readonly given: boolean
  readonly #hardware = new Set<number>()
  readonly #hosts = new Blocks()
  readonly #prefixes = new Blocks()
  #seenAtHardware = false
  #seenAtIPv4 = false
  #seenInIPv6Prefix = false

  /** @param addresses hardware addresses, IP addresses and prefixes; others were refused when the session was read */
  constructor(addresses: readonly string[]) {
    for (const text of addresses) {
      const hardware = parseHardwareAddress(text)
      const address = parseAddress(text)
      const prefix = address ? { ...address, length: address.family === 4 ? 32 : 128 } : parsePrefix(text)
      if (hardware !== null) this.#hardware.add(hardware)
      else if (prefix) (prefix.length === (prefix.family === 4 ? 32 : 128) ? this.#hosts : this.#prefixes).add(prefix)
    }
    this.given = addresses.length > 0
  }

  /** How surely an end with this address is the device. @param hardware 48 bits, 0 where there is none */
  match(hardware: number, family: number, w0: number, w1: number, w2: number, w3: number): Match {
    if (hardware !== 0 && this.#hardware.has(hardware)) {
      this.#seenAtHardware = true
      return BY_ADDRESS
    }
    // An IPv4-mapped address (RFC 4291, section 2.5.5.2) is the IPv4 address: what a proxy writes beside a server of IPv6.
    if (family === 6 && w0 === 0 && w1 === 0 && w2 === 0xffff) return this.match(0, 4, w3, 0, 0, 0)
    // A log that does not state whose it is: the session says that it is the device's.
    if (hardware === 0 && w0 === 0 && w1 === 0 && w2 === 0 && w3 === 0) return BY_PREFIX
    const isHost = this.#hosts.contain(family, w0, w1, w2, w3)
    if (!isHost && !this.#prefixes.contain(family, w0, w1, w2, w3)) return NOT
    if (family === 4) this.#seenAtIPv4 = true
    else if (!isHost) this.#seenInIPv6Prefix = true
    return isHost ? BY_ADDRESS : BY_PREFIX
  }

  /**
   * Whether a flow of which neither end matched is surely not the device's. It is where the device was seen in this capture
   * by what would have told it here, too: an IPv4 address of which a device has one; an IPv6 prefix, because it takes new
   * addresses by the day; a hardware address, where the flow shows those of both ends.
   */
  rulesOut(family: number, hardwareA: number, hardwareB: number): boolean {
    if (this.#seenAtHardware && hardwareA !== 0 && hardwareB !== 0) return true
    return family === 4 ? this.#seenAtIPv4 : this.#seenInIPv6Prefix
  }
}

/** A few blocks of addresses. IPv4 is what millions of rows have, so it is compared as integers. */
class Blocks {
  readonly #ipv4: { readonly start: number; readonly mask: number }[] = []
  readonly #ipv6: Prefix[] = []

  add(prefix: Prefix): void {
    if (prefix.family === 6) this.#ipv6.push(prefix)
    else this.#ipv4.push({ start: prefix.words[0] | 0, mask: prefix.length === 0 ? 0 : -1 << (32 - prefix.length) })
  }

  contain(family: number, w0: number, w1: number, w2: number, w3: number): boolean {
    if (family === 6) return this.#ipv6.some((prefix) => prefixContains(prefix, 6, w0, w1, w2, w3))
    for (let i = 0; i < this.#ipv4.length; i++) {
      const block = this.#ipv4[i]
      if (block && (w0 & block.mask) === block.start) return true
    }
    return false
  }
}
