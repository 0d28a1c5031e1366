/** Values of a mitmproxy dump that stand whole in memory: numbers, and lists and dictionaries of a few. */
import type { Micros } from '../../model.ts'
import { type Address, parseAddress } from '../../net/address.ts'
import { unmapped } from '../exchanges.ts'
import { LETTERS, textOf, type Value } from './tnetstring.ts'

const FLOAT = 94
const INTEGER = 35
const BOOLEAN = 33
const LIST = 93
const DICT = 125
const COLON = 58

/** The number that a value is, NaN where it is none. */
export function numberOf(value: Value | undefined): number {
  if (!value || value.bytes === null || (value.letter !== INTEGER && value.letter !== FLOAT)) return Number.NaN
  return Number(String.fromCharCode(...value.bytes.subarray(0, 40)) || 'none')
}

/** Seconds since the epoch as a time, NaN where there are none. */
export function timeOf(value: Value | undefined): Micros {
  const seconds = numberOf(value)
  const whole = Math.floor(seconds)
  // Apart from the seconds, a fraction of them is exact enough to be rounded.
  const fraction = /\.(\d{1,15})$/.exec(String(seconds))?.[1]
  if (fraction === undefined || seconds < 0) return Math.round(seconds * 1e6)
  return whole * 1e6 + Math.round(Number(`0.${fraction}`) * 1e6)
}

export function isTrue(value: Value | undefined): boolean {
  return value?.letter === BOOLEAN && value.length === 4
}

/** What was read of a dictionary, empty where there is none. */
export function dictOf(value: Value | undefined): ReadonlyMap<string, Value> {
  return value?.letter === DICT && value.dict !== null ? value.dict : NOTHING
}

const NOTHING: ReadonlyMap<string, Value> = new Map()

/** The elements of a list, or the keys and values of a dictionary, that was wanted as a whole; null where it is neither. */
function partsOf(value: Value | undefined): Value[] | null {
  if (!value || value.bytes === null || (value.letter !== LIST && value.letter !== DICT)) return null
  const { bytes } = value
  const parts: Value[] = []
  for (let at = 0; at < bytes.length; ) {
    const colon = bytes.indexOf(COLON, at)
    const digits = String.fromCharCode(...bytes.subarray(at, Math.min(colon, at + 12)))
    const end = colon + 1 + Number(/^\d{1,7}$/.test(digits) ? digits : 'none')
    const letter = bytes[end]
    if (colon < 0 || letter === undefined || !LETTERS.has(letter)) return null
    parts.push({ letter, length: end - colon - 1, bytes: bytes.subarray(colon + 1, end), dict: null, list: null })
    at = end + 1
  }
  return parts
}

/** What stands under a key of a dictionary that was wanted as a whole. */
export function memberOf(value: Value | undefined, key: string): Value | undefined {
  if (value?.letter !== DICT) return undefined
  const parts = partsOf(value) ?? []
  for (let i = 0; i + 1 < parts.length; i += 2) if (textOf(parts[i]) === key) return parts[i + 1]
  return undefined
}

/** Host and port; the host may be a name, and empty. */
export interface HostPort {
  readonly host: string
  /** -1 where there is none. */
  readonly port: number
  /** Null where the host is no address. */
  readonly address: Address | null
}

/** `[host, port]`, of IPv6 with two more, or as versions before 2 have it `{address: [host, port]}`; null where there is none. */
export function hostPortOf(value: Value | undefined): HostPort | null {
  const parts = partsOf(value?.letter === DICT ? memberOf(value, 'address') : value)
  const host = textOf(parts?.[0])
  if (host === null) return null
  const port = numberOf(parts?.[1])
  // Addresses of one link carry their zone.
  const address = parseAddress(host.replace(/%.*$/, ''))
  return {
    host,
    port: Number.isInteger(port) && port >= 1 && port <= 65535 ? port : -1,
    address: address && unmapped(address),
  }
}

/** A list that is no dictionary and not nothing. */
export function isList(value: Value | undefined): boolean {
  return value?.letter === LIST
}
