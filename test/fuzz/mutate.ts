/** Damages captures, in the ways in which disks, programs and adversaries do. */
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Random } from './random.ts'

const LARGEST = 256 * 1024

/** What parsers look for, and what they do not expect. */
const TOKENS = [
  ...[
    '-',
    '(empty)',
    '""',
    "''",
    'null',
    'true',
    'NaN',
    'Infinity',
    '{}',
    '[]',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\t',
    '\n',
  ],
  ...[
    '0',
    '-1',
    '1e999',
    '65536',
    '4294967296',
    '9223372036854775808',
    '0.0.0.0',
    '::',
    '::ffff:1.2.3.4',
    '1.2.3.256',
    'fe80::1%0',
  ],
  ...[
    '\\u0000',
    '\\ud800',
    '#fields',
    '#separator \\x09',
    'OK',
    'NODATA',
    'SKIPDATA',
    '1970-01-01T00:00:00Z',
    'a.b.',
    'XN--',
  ],
].map((token) => new Uint8Array(Buffer.from(token)))
const NUMBERS = [0, 1, -1, 2, 4, 127, 128, 255, 256, 32767, 32768, 65535, 2 ** 31 - 1, -(2 ** 31), 0x1000]

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array

const replaced = (bytes: Uint8Array, from: number, end: number, by: Uint8Array) =>
  new Uint8Array(Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(Math.max(from, end))]))

const anyLength = (random: Random, most: number) => 1 + random.below(random.below(4) === 0 ? Math.max(1, most) : 16)

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    return bytes
  },
  function setByte(bytes, random) {
    bytes[random.below(bytes.length)] = random.of([0, 1, 10, 32, 34, 127, 128, 255, random.below(256)])
    return bytes
  },
  function fillRun(bytes, random) {
    const at = random.below(bytes.length)
    return bytes.fill(random.of([0, 255, 32, random.below(256)]), at, at + anyLength(random, 200))
  },
  function setNumber(bytes, random) {
    const at = random.below(bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const isLittle = random.below(2) === 0
    const wide = random.below(2) === 0 && at + 4 <= bytes.length
    if (!wide && at + 2 > bytes.length) return bytes
    const old = wide ? view.getInt32(at, isLittle) : view.getInt16(at, isLittle)
    const value = random.below(3) === 0 ? old + random.of([-1, 1, 4, -4]) : random.of([...NUMBERS, bytes.length])
    if (wide) view.setInt32(at, value, isLittle)
    else view.setInt16(at, value, isLittle)
    return bytes
  },
  function setDigits(bytes, random) {
    const begin = random.below(bytes.length)
    const from = bytes.findIndex((byte, i) => i >= begin && byte >= 48 && byte <= 57)
    if (from < 0) return bytes
    let end = from
    while (end < bytes.length && (bytes[end] as number) >= 48 && (bytes[end] as number) <= 57) end++
    const value = random.of([...NUMBERS, 2 ** 53, 2 ** 64, 1e30, random.below(2 ** 31)])
    return replaced(bytes, from, end, new Uint8Array(Buffer.from(String(value))))
  },
  function putToken(bytes, random) {
    const at = random.below(bytes.length + 1)
    return replaced(bytes, at, at + random.of([0, 0, 1, 4, anyLength(random, 60)]), random.of(TOKENS))
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length + 1))
  },
  function cutOut(bytes, random) {
    const at = random.below(bytes.length)
    return replaced(bytes, at, at + anyLength(random, bytes.length), new Uint8Array(0))
  },
  function repeat(bytes, random) {
    const at = random.below(bytes.length)
    const run = bytes.slice(at, at + anyLength(random, bytes.length))
    const times = random.below(8) === 0 ? Math.min(200, Math.floor(LARGEST / 4 / run.length)) : 1
    return replaced(bytes, at, at, new Uint8Array(Buffer.concat(Array.from({ length: times }, () => run))))
  },
  function splice(bytes, random, other) {
    const from = random.below(other.length)
    const at = random.below(bytes.length)
    const part = other.slice(from, from + anyLength(random, other.length))
    return replaced(bytes, at, random.of([at, at + part.length, bytes.length]), part)
  },
  function swapLines(bytes, random) {
    const lines = Buffer.from(bytes).toString('latin1').split('\n')
    if (lines.length < 3) return bytes
    const [i, j] = [random.below(lines.length), random.below(lines.length)]
    const [left = '', right = ''] = [lines[i], lines[j]]
    lines[i] = right
    if (random.below(2) === 0) lines[j] = left
    return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'))
  },
]

/** @param other another capture, of which pieces may be put in */
export function mutate(seed: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const unpacked = random.below(4) > 0 ? unzipped(seed) : null
  let bytes = (unpacked ?? seed).slice()
  for (let left = 1 + random.below(random.below(2) === 0 ? 2 : 8); left > 0 && bytes.length > 0; left--)
    bytes = random
      .of(mutations)(bytes, random, other.length > 0 ? other : bytes)
      .slice(0, LARGEST)
  const isPacked = unpacked !== null ? random.below(2) === 0 : random.below(60) === 0
  return isPacked ? new Uint8Array(gzipSync(bytes)) : bytes
}

function unzipped(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return null
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: LARGEST }))
  } catch {
    return null
  }
}
