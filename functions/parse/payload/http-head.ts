/** The head of an HTTP/1 message: start line and fields (RFC 9112, sections 2 to 6). */
import { latin1 } from './flow-names.ts'
import { NO, PERHAPS, type Recognition, YES } from './message-reader.ts'

/** Longer heads are read as far as this. */
export const LONGEST_HEAD = 65536
const LONGEST_METHOD = 32
const LONGEST_LINE = 16384

/** Characters of a token (RFC 9110, section 5.6.2). */
const TOKEN = new Uint8Array(256)
for (const c of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  TOKEN[c.charCodeAt(0)] = 1
}

/** Methods of RFC 9110, section 9.3, and RFC 5789. */
const KNOWN_METHOD = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH)(?: |\r?$)/

/**
 * Whether a request line begins here: any method, any target, `HTTP/` and a version. A line that is less than that still
 * counts where it has a known method or `HTTP/`, and a field follows: servers answer such requests too.
 */
export function recogniseRequest(bytes: Uint8Array, offset: number, end: number): Recognition {
  let at = offset
  // A server ignores an empty line before a request (RFC 9112, section 2.2).
  while (at < end && at < offset + 4 && (bytes[at] === 13 || bytes[at] === 10)) at++
  const method = at
  while (at < end && TOKEN[bytes[at] ?? 0] === 1) at++
  if (at - method > LONGEST_METHOD) return NO
  if (at === end) return PERHAPS
  if (at === method || (bytes[at] !== 32 && bytes[at] !== 13 && bytes[at] !== 10)) return NO
  const limit = Math.min(end, method + LONGEST_LINE)
  let line = at
  while (line < limit && bytes[line] !== 10) {
    // A line of text has no control characters but the one before its end.
    if ((bytes[line] ?? 0) < 32 && bytes[line] !== 13 && bytes[line] !== 9) return NO
    line++
  }
  if (line === end) return PERHAPS
  if (line === limit) return NO
  if (/ HTTP\/[01]\.\d[ \t]*\r?$/.test(latin1(bytes, Math.max(at, line - 24), line))) return YES
  const text = latin1(bytes, method, line)
  if (!KNOWN_METHOD.test(text) && !text.includes('HTTP/')) return NO
  return /^[a-z-]+:/i.test(latin1(bytes, line + 1, Math.min(end, line + 32))) ? YES : NO
}

const RESPONSE = [72, 84, 84, 80, 47, 49, 46] // HTTP/1.

/** Whether a status line begins here. */
export function recogniseResponse(bytes: Uint8Array, offset: number, end: number): Recognition {
  for (const [i, byte] of RESPONSE.entries()) {
    if (offset + i >= end) return PERHAPS
    if (bytes[offset + i] !== byte) return NO
  }
  return YES
}

export interface HttpHead {
  readonly startLine: string
  /** All values of a field, in order, one character a byte. @param name lower case */
  values(name: string): readonly string[]
}

export interface WholeHead extends HttpHead {
  /** Values by name, which is lower case. */
  readonly fields: ReadonlyMap<string, readonly string[]>
}

/** Reads a head from its text, without the empty line that ends it. Lines that are no fields are passed over. */
export function readHead(text: string): WholeHead {
  const fields = new Map<string, string[]>()
  const lineEnd = text.indexOf('\n')
  for (let at = lineEnd + 1; at > 0 && at < text.length; ) {
    const next = text.indexOf('\n', at)
    const end = next < 0 ? text.length : next
    const colon = text.indexOf(':', at)
    if (colon >= 0 && colon < end) {
      const name = text.slice(at, colon).trimEnd().toLowerCase()
      const value = text.slice(colon + 1, end).trim()
      const known = fields.get(name)
      if (known) known.push(value)
      else fields.set(name, [value])
    }
    at = end + 1
  }
  return {
    startLine: (lineEnd < 0 ? text : text.slice(0, lineEnd)).trimEnd(),
    values: (name) => fields.get(name) ?? [],
    fields,
  }
}

/**
 * How much body follows (RFC 9112, section 6.3): a number of bytes, or chunks, or nothing that the head says.
 * A length that is no number or that contradicts itself counts as not said.
 */
export function bodyOf(head: HttpHead): number | 'chunked' | null {
  if (head.values('transfer-encoding').some((v) => /(?:^|,)\s*chunked\s*$/i.test(v))) return 'chunked'
  const lengths = new Set(head.values('content-length').map((v) => (/^\d{1,15}$/.test(v) ? Number(v) : Number.NaN)))
  const [length] = lengths
  return lengths.size === 1 && length !== undefined && !Number.isNaN(length) ? length : null
}
