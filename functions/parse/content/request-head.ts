/** What the head of a request says, of HTTP in every version and from every source: its URL, its fields, its cookies. */
import { shownName } from '../payload/flow-names.ts'
import type { Request, Speaker } from './speaker.ts'

export interface RequestHead {
  readonly method: string
  /** In any form of RFC 9112, section 3.2. */
  readonly target: string
  /** Of HTTP/2, or of a URL; null where the target or the fields have it. */
  readonly authority: string | null
  /** In the order in which they were sent, names in any spelling. */
  readonly fields: Iterable<readonly [name: string, value: string]>
}

/** What a head says of the body behind it. */
export interface BodyFacts {
  readonly request: Request
  readonly mediaType: string | null
  readonly codings: readonly string[]
  /** NaN where it is not said. */
  readonly contentLength: number
}

/**
 * Hands a head on.
 *
 * @param encoding of the texts: a character a byte as on the wire, or what a log decoded
 */
export function sayHead(speaker: Speaker, head: RequestHead, encoding: 'latin1' | 'utf8'): BodyFacts {
  const { method, fields } = head
  const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, encoding))
  const all = [...fields].map(([name, value]) => [name.toLowerCase(), value] as const)
  const valueIn = (wanted: string) => all.find(([name]) => name === wanted)?.[1] ?? null
  const { authority, url } = partsOf(head)
  const sentTo = authority ?? valueIn('host')
  const host = sentTo === null ? null : shownName(sentTo)
  const request: Request = { method, host, path: /^[^?#]*/.exec(url)?.[0] ?? '' }
  if (method === 'CONNECT') speaker.say('name', bytesOf(host ?? ''), { request })
  else speaker.say('url', bytesOf(url), { request })
  // A name and password are no part of the path.
  const user = authority?.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : ''
  speaker.say('header', bytesOf(user), { request, field: ':authority' })
  for (const [field, value] of all) {
    if (field === 'cookie') sayCookies(speaker, value, request, bytesOf)
    else if (!field.startsWith(':')) speaker.say('header', bytesOf(value), { request, field })
  }
  const codings = [...all]
    .filter(([name]) => name === 'content-encoding' || name === 'transfer-encoding')
    // Those of the transfer were applied last (RFC 9112, section 6.1).
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'chunked' && coding !== 'identity')
  const contentLength = Number(/^\d{1,15}$/.exec(valueIn('content-length') ?? '')?.[0] ?? 'none')
  return { request, mediaType: valueIn('content-type'), codings, contentLength }
}

/** Authority and what stands behind it, of a target. */
function partsOf({ method, target, authority }: RequestHead): { authority: string | null; url: string } {
  if (method === 'CONNECT') return { authority: authority ?? target, url: '' }
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)
  if (!absolute) return { authority, url: target }
  return { authority: absolute[1] ?? '', url: target.slice(absolute[0].length) }
}

/** RFC 6265, section 4.2.1. */
function sayCookies(speaker: Speaker, value: string, request: Request, bytesOf: (text: string) => Uint8Array): void {
  for (const pair of value.split(';')) {
    const equals = pair.indexOf('=')
    const field = equals < 0 ? '' : pair.slice(0, equals).trim().toLowerCase()
    speaker.say('cookie', bytesOf(pair.slice(equals + 1).trim()), { request, field })
  }
}
