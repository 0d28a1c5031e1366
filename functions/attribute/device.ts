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

/** Blocks that a rig's own network uses (IANA's registries; `net/special-purpose.ts` has the reasons). */
const LOCAL: ReadonlySet<string | null> = new Set([
  'private-use',
  'shared-address-space',
  'link-local',
  'unique-local',
  'site-local',
  'loopback',
])
/** What is not global and yet stands for a host elsewhere. */
const STANDS_FOR_OTHERS: ReadonlySet<string | null> = new Set([null, 'documentation', 'benchmarking'])

/** Knows the device by the addresses that its session gives. */
export class DeviceAddresses {
  /** Whether the session gives any address. */
  readonly given: boolean
  readonly #hardware = new Set<number>()
  readonly #hosts: Prefix[] = []
  readonly #prefixes: Prefix[] = []

  /** @param addresses hardware addresses, IP addresses and prefixes; others were refused when the session was read */
  constructor(addresses: readonly string[]) {
    for (const text of addresses) {
      const hardware = parseHardwareAddress(text)
      const address = parseAddress(text)
      const prefix = address ? { ...address, length: address.family === 4 ? 32 : 128 } : parsePrefix(text)
      if (hardware !== null) this.#hardware.add(hardware)
      else if (prefix) (prefix.length === (prefix.family === 4 ? 32 : 128) ? this.#hosts : this.#prefixes).push(prefix)
    }
    this.given = addresses.length > 0
  }

  /** How surely an end with this address is the device. @param hardware 48 bits, 0 where there is none */
  match(hardware: number, family: number, w0: number, w1: number, w2: number, w3: number): Match {
    if (hardware !== 0 && this.#hardware.has(hardware)) return BY_ADDRESS
    for (const host of this.#hosts) if (prefixContains(host, family, w0, w1, w2, w3)) return BY_ADDRESS
    for (const prefix of this.#prefixes) if (prefixContains(prefix, family, w0, w1, w2, w3)) return BY_PREFIX
    return NOT
  }
}

/**
 * Whether of two ends the one is in a local network and the other elsewhere; neither where both are local, or both are not,
 * or the other is no host (multicast, broadcast, reserved).
 *
 * @param one reason that `specialPurpose` gives for its address
 */
export function isLocalAgainst(one: string | null, other: string | null): boolean {
  return LOCAL.has(one) && STANDS_FOR_OTHERS.has(other)
}
