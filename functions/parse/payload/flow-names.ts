/** Puts names on flows: in one spelling, without doubles, and in no more number or length than a report can bear. */

import type { Name, Via } from '../../model.ts'
import { canonicalAddress } from '../../net/address.ts'
import { canonicalHost } from '../../net/host-name.ts'

/** What a name is put on. */
export interface NamedFlow {
  names: Name[] | undefined
  /** Set once a name was left away because there were too many. */
  lacksNames?: boolean
}

/** More names than this are no longer kept of one flow: a proxy's connection may ask for any number of hosts. */
const MOST_NAMES = 256
/** Longer names are cut: a DNS name has at most 253 characters (RFC 1035, section 2.3.4). */
const LONGEST_NAME = 255

/**
 * What a client called its server, as it is shown: a host name in canonical spelling, or an address literal without brackets
 * and port. Anything else is kept as evidence of what was sent, one character a byte (ISO 8859-1, so that no text direction
 * mark can stand in it), lower case, control characters and blanks as `%` and two hex digits, cut after 255 characters. What stands
 * before the last `@` is a user's name and password, and never shown.
 *
 * @param text the bytes as they were sent, one character a byte
 * @returns null where nothing was sent but blanks or a user's name
 */
export function shownName(text: string): string | null {
  const trimmed = text.slice(text.lastIndexOf('@') + 1).trim()
  if (trimmed === '') return null
  const host = canonicalHost(trimmed)
  if (host !== null) return host
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(trimmed)?.[1]
  const address = canonicalAddress(bracketed ?? trimmed) ?? canonicalAddress(trimmed.replace(/:\d{1,5}$/, ''))
  if (address !== null) return address
  return trimmed
    .slice(0, LONGEST_NAME)
    .replace(/:\d{1,5}$/, '')
    .toLowerCase()
    .replace(/[^!-~\u00a1-\u00ac\u00ae-\u00ff]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .slice(0, LONGEST_NAME)
}

/** Adds a name that {@link shownName} or `canonicalHost` gave, unless the flow has it already by the same way. */
export function addName(flow: NamedFlow, name: string, via: Via, asked = false, inside = false): void {
  const flags = { ...(asked ? { asked } : {}), ...(inside ? { inside } : {}) }
  const added: Name = asked || inside ? { name, via, ...flags } : { name, via }
  // Most flows have one name: an array that begins empty would have room for seventeen.
  if (flow.names === undefined) flow.names = [added]
  else if (flow.names.some((n) => n.name === name && n.via === via && (n.inside ?? false) === inside)) return
  else if (flow.names.length < MOST_NAMES) flow.names.push(added)
  else flow.lacksNames = true
}

/** The memory that text was read from last, as Node's own type: captures are read into the same again and again. */
let memory: Buffer = Buffer.alloc(0)

/** Bytes as text, one character a byte (ISO 8859-1). */
export function latin1(bytes: Uint8Array, offset: number, end: number): string {
  if (memory.buffer !== bytes.buffer) memory = Buffer.from(bytes.buffer)
  return memory.toString('latin1', bytes.byteOffset + offset, bytes.byteOffset + Math.max(offset, end))
}
