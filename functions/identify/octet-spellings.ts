/** Identifiers as the numbers and octets that they are, the way binary formats and protocol buffers hold them. */
import type { Seed } from '../model.ts'
import type { Flank, Spelling } from './needle.ts'

/** Fewer octets are met by chance in what is no number: six are at one place in 2^48. */
const LEAST = 6

export function octetSpellings(seed: Seed, forms: readonly string[]): readonly Spelling[] {
  return forms.flatMap((form) => [...numberOctets(seed, form), ...hexOctets(seed, form)])
}

/** A decimal number as 64 bits of either order, and as a varint (protocol buffers, encoding: base 128 varints). */
function numberOctets(seed: Seed, form: string): readonly Spelling[] {
  if (!/^\d{10,19}$/.test(form)) return []
  const number = BigInt(form)
  if (number >= 2n ** 63n || number < 2n ** 32n) return []
  const [big, little] = [Buffer.alloc(8), Buffer.alloc(8)]
  big.writeBigUInt64BE(number)
  little.writeBigUInt64LE(number)
  return [
    spelling(seed, big, 'int64-be', 'none'),
    spelling(seed, little, 'int64-le', 'none'),
    spelling(seed, varint(number), 'varint', 'varint'),
  ].filter(({ bytes }) => bytes.length >= LEAST)
}

/** Hexadecimal text (hardware addresses, UUIDs, Android ids, what a SIM card stores) as the octets that it writes. */
function hexOctets(seed: Seed, form: string): readonly Spelling[] {
  const isHex = /^([0-9a-f]{2}){6,}$/i.test(form)
  const isNumber = /^\d+$/.test(form)
  if (!isHex || (isNumber && seed.kind !== 'imsi' && seed.kind !== 'iccid' && !seed.kind.endsWith('-id'))) return []
  const octets = Buffer.from(form, 'hex')
  const both = [spelling(seed, octets, 'octets', 'none')]
  if (octets.length === 8) both.push(spelling(seed, Buffer.from(octets).reverse(), 'octets-le', 'none'))
  return both
}

function spelling(seed: Seed, bytes: Uint8Array, coding: string, flank: Flank): Spelling {
  return { is: 'spelling', seed, bytes, folds: false, chain: [coding], flank, unit: 1 }
}

function varint(number: bigint): Uint8Array {
  const bytes: number[] = []
  for (let rest = number; rest > 0n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
  return Uint8Array.from(bytes)
}
