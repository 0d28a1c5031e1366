/**
 * Canonical JSON (RFC 8785: UTF-8, members in order of their keys' code units, numbers and escapes as ECMAScript has them):
 * the platform's own JSON where members are in order already, canonicalize's where they are not. A report of hundred thousands
 * of findings is too long for one text, so long lists are written in pieces.
 */
import canonicalize from 'canonicalize'

/** Values of a list that are written at a time. */
const AT_A_TIME = 500

type Members = Readonly<Record<string, unknown>>

/**
 * Writes one value. Text that is no Unicode (half a surrogate pair) is written as U+FFFD: JSON cannot carry it (RFC 8785,
 * section 3.2.2.2).
 *
 * @param value plain objects, lists, text, numbers, booleans and null; members that are undefined are left out
 * @returns bytes in pieces, one behind the other
 * @throws RangeError for a number that is not finite
 */
export function* canonicalJson(value: unknown): Generator<Uint8Array> {
  if (Array.isArray(value)) yield* list(value)
  else if (typeof value === 'object' && value !== null) yield* object(value as Members)
  else yield bytesOf(value)
}

function* list(values: readonly unknown[]): Generator<Uint8Array> {
  if (values.length <= AT_A_TIME) {
    yield bytesOf(values)
    return
  }
  for (let from = 0; from < values.length; from += AT_A_TIME) {
    const some = bytesOf(values.slice(from, from + AT_A_TIME))
    // The bracket that opens becomes the comma between two pieces; only the last piece keeps the one that closes.
    if (from > 0) some[0] = COMMA
    yield from + AT_A_TIME < values.length ? some.subarray(0, -1) : some
  }
}

function* object(members: Members): Generator<Uint8Array> {
  let before = '{'
  for (const [key, value] of entriesOf(members)) {
    yield encoder.encode(`${before}${textOf(key)}:`)
    yield* canonicalJson(value)
    before = ','
  }
  yield encoder.encode(before === '{' ? '{}' : '}')
}

const COMMA = 0x2c
const encoder = new TextEncoder()

function bytesOf(value: unknown): Uint8Array {
  return encoder.encode(textOf(value))
}

function textOf(value: unknown): string {
  const inOrder = isInOrder(value)
  const text = inOrder ? JSON.stringify(value) : ''
  // JSON.stringify writes half a pair as an escape; text may have the same letters, so what looks like one is asked closely.
  return inOrder && !text.includes('\\ud') ? text : (canonicalize(wellFormed(value)) ?? 'null')
}

/** Whether members stand in canonical order, as those of reports mostly do: then the platform's JSON is canonical. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`writing JSON, which has no ${value}`)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isInOrder)
  let last = ''
  for (const key in value) {
    if (key < last || !isInOrder((value as Members)[key])) return false
    last = key
  }
  return true
}

/** Members that have a value, in order of their keys. */
function entriesOf(members: Members): [string, unknown][] {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Without halves of surrogate pairs. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd')
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  return Object.fromEntries(entriesOf(value as Members).map(([key, one]) => [wellFormed(key), wellFormed(one)]))
}
