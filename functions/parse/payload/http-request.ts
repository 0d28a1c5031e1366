/** Requests of HTTP/1 (RFC 9112): which host they are for. */

import { canonicalAddress } from '../../net/address.ts'
import { addName, latin1, type NamedFlow, shownName } from './flow-names.ts'
import { questionOf } from './http-dns.ts'
import { type HttpHead, LONGEST_HEAD, readHead } from './http-head.ts'
import { Collected, type MessageReader } from './message-reader.ts'

/** The offset behind the empty line that ends a head, or -1. */
export function endOfHead(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + 1 < end; at++) {
    if (bytes[at] !== 10) continue
    if (bytes[at + 1] === 10) return at + 2
    if (bytes[at + 1] === 13 && at + 2 < end && bytes[at + 2] === 10) return at + 3
  }
  return -1
}

/** Reads the head of a request or response. */
export class HttpHeadReader implements MessageReader {
  readonly #found: (head: HttpHead) => void
  readonly #head = new Collected(LONGEST_HEAD)
  #leading = true

  /** @param found takes the head, also one that was cut off */
  constructor(found: (head: HttpHead) => void) {
    this.#found = found
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    // Empty lines before the start line are not its end.
    while (this.#leading && at < end && (bytes[at] === 13 || bytes[at] === 10)) at++
    if (at < end) this.#leading = false
    if (this.#head.length === 0) {
      const behind = endOfHead(bytes, at, end)
      if (behind >= 0) {
        this.#found(readHead(latin1(bytes, at, behind)))
        return behind
      }
    }
    const before = this.#head.length
    const whole = this.#head.add(bytes, at, end)
    const behind = endOfHead(this.#head.bytes, Math.max(0, before - 2), this.#head.length)
    if (behind < 0 && whole) return -1
    this.#found(readHead(latin1(this.#head.bytes, 0, behind < 0 ? this.#head.length : behind)))
    return behind < 0 ? end : at + behind - before
  }

  stop(): void {
    // The last line may be cut off, and half a host would be another host.
    const text = latin1(this.#head.bytes, 0, this.#head.length)
    const lines = text.lastIndexOf('\n')
    if (lines > 0) this.#found(readHead(text.slice(0, lines)))
  }
}

/** What a request tells of its host. */
export interface RequestNames {
  readonly method: string
  /** The request names a host in any way. */
  readonly named: boolean
  /** The names that it asks of an HTTP-DNS server. */
  readonly question: readonly string[]
}

/** Puts the hosts of a request on its flow: those of its Host fields, of an absolute target, of CONNECT. */
export function nameRequest(flow: NamedFlow, head: HttpHead): RequestNames {
  const { startLine } = head
  const space = startLine.indexOf(' ')
  const method = space < 0 ? startLine : startLine.slice(0, space)
  const target = startLine.slice(method.length, Math.max(method.length, startLine.lastIndexOf(' '))).trim()
  const hosts = head.values('host').map(shownName)
  // RFC 9112, section 3.2.2: the authority of an absolute target, without what stands before its last `@`.
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(target)
  if (method === 'CONNECT') {
    const name = shownName(target)
    if (name !== null) addName(flow, name, 'http-connect')
  } else if (absolute) hosts.unshift(shownName(absolute[1] ?? ''))
  const names = hosts.filter((name) => name !== null)
  for (const name of names) addName(flow, name, 'http-host')
  const asked = questionOf(absolute ? target.slice(absolute[0].length) : target)
  const question = asked.length > 0 && names.every((name) => canonicalAddress(name) !== null) ? asked : []
  for (const name of question) addName(flow, name, 'http-dns', true)
  return { method, named: names.length > 0 || method === 'CONNECT', question }
}
