/** Where in a form, a multipart body, or a text with names before its values a byte stands. */
import type { Place } from './place.ts'

/** Names of fields as programs write them. */
const NAME = /^[\w.$[\]%-]{1,64}$/
/** How far before a value its name is looked for, in bytes. */
const NEAR = 128
/** The tag or attribute, or the word before `=` or `:`, that a value belongs to. */
const NAMES: readonly RegExp[] = [
  /<([A-Za-z_][\w.:-]*)(?:\s[^<>]*)?>[^<>]*$/,
  /([A-Za-z_][\w.-]{0,31})["']?\s*[=:]\s*["']?[^"'&;,=\n]*$/,
]

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** `a=1&b=2`, also behind the `?` of a path (WHATWG URL, application/x-www-form-urlencoded). */
export function formPlace(bytes: Uint8Array, at: number): Place | null {
  let from = at
  while (from > 0 && !'&?#;\n'.includes(String.fromCharCode(bytes[from - 1] as number))) from--
  const equals = bytes.indexOf(0x3d, from)
  if (equals < 0 || equals >= at) return null
  const key = latin1(bytes.subarray(from, equals)).replace(/%5b/gi, '[').replace(/%5d/gi, ']')
  if (!NAME.test(key)) return null
  const end = bytes.indexOf(0x26, at)
  return { path: [key], value: { from: equals + 1, until: end < 0 ? bytes.length : end } }
}

/** The part's name and body (RFC 7578); the boundary is the first line's. */
export function multipartPlace(bytes: Uint8Array, at: number): Place | null {
  if (bytes[0] !== 0x2d || bytes[1] !== 0x2d) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const boundary = buffer.subarray(0, Math.max(2, buffer.indexOf('\r\n')))
  const begin = buffer.lastIndexOf(boundary, at)
  const headers = buffer.indexOf('\r\n\r\n', begin)
  if (begin < 0 || headers < 0) return null
  const name = /name="?([^"\r\n;]*)/i.exec(latin1(buffer.subarray(begin, headers)))?.[1] ?? '*'
  if (headers + 4 > at) return { path: [name], value: null }
  const end = buffer.indexOf(boundary, at)
  return { path: [name], value: { from: headers + 4, until: end < 0 ? bytes.length : Math.max(at, end - 2) } }
}

/** The name that stands before a value in XML, HTML or plain text. */
export function namedPlace(bytes: Uint8Array, at: number): Place | null {
  const before = latin1(bytes.subarray(Math.max(0, at - NEAR), at))
  for (const pattern of NAMES) {
    const name = pattern.exec(before)?.[1]
    if (name !== undefined) return { path: [name], value: null }
  }
  return null
}
