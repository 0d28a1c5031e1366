/**
 * HTTP-DNS: an app asks a resolver for a host over plain HTTP, at an address literal that it brought along, and so goes round
 * the resolver of its network. Two services have documented it and many apps copy them:
 *
 * - Alibaba Cloud: `/<account>/d?host=NAME`, `/<account>/sign_d`, `/<account>/resolve?host=A,B`; the answer is JSON with
 *   `host`, `ips`, `ipsv6` and `ttl`, for several names a list `dns` of these.
 * - Tencent DNSPod: `/d?dn=NAME`; the answer is text, `ADDRESS;ADDRESS`, with `,TTL` behind it where that was asked.
 */
import { canonicalAddress } from '../../net/address.ts'
import { canonicalHost } from '../../net/host-name.ts'

/** A name that an HTTP-DNS server gave an address. */
export interface HttpDnsAnswer {
  readonly name: string
  readonly address: string
  /** Seconds. */
  readonly ttl: number
}

/** Seconds that an answer lives which states no TTL. */
const DEFAULT_TTL = 60
const LONGEST_TTL = 7 * 86400
const MOST_NAMES = 64
const DEEPEST = 6

/** The last part of a path that asks for addresses. */
const QUESTION_PATH = /(?:^|\/)(?:d|sign_d|ss|resolv|resolve|sign_resolve|batch_resolve|http-?dns)\/?$/i

/** The names that a request asks for; nothing where it is no HTTP-DNS question. @param target path and query */
export function questionOf(target: string): string[] {
  const mark = target.indexOf('?')
  if (mark < 0 || !QUESTION_PATH.test(target.slice(0, mark))) return []
  const query = new URLSearchParams(target.slice(mark + 1))
  const asked = [...query.getAll('host'), ...query.getAll('dn')].flatMap((value) => value.split(/[,;]/))
  return [...new Set(asked.slice(0, MOST_NAMES).map((name) => canonicalHost(name)))].filter((name) => name !== null)
}

function ttlOf(value: unknown): number {
  const ttl = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof ttl === 'number' && ttl >= 0 ? Math.min(ttl, LONGEST_TTL) : DEFAULT_TTL
}

/** Addresses in a value: a list of texts, or one text of them. */
function addressesOf(value: unknown): string[] {
  const texts = Array.isArray(value)
    ? value.slice(0, MOST_NAMES)
    : typeof value === 'string'
      ? value.split(/[;,\s]+/)
      : []
  return texts.map((t) => (typeof t === 'string' ? canonicalAddress(t) : null)).filter((a) => a !== null)
}

/** Walks through a JSON answer: every object that has addresses, under the nearest name above it. */
function answersIn(value: unknown, name: string | null, depth: number): HttpDnsAnswer[] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return []
  if (Array.isArray(value)) return value.slice(0, MOST_NAMES).flatMap((item) => answersIn(item, name, depth + 1))
  const record: Record<string, unknown> = { ...value }
  const stated = record.host ?? record.domain ?? record.dn
  const here = typeof stated === 'string' ? canonicalHost(stated) : name
  const answers: HttpDnsAnswer[] = []
  for (const [key, inner] of Object.entries(record).slice(0, MOST_NAMES)) {
    if (/^(?:client|local|user)/i.test(key)) continue // the asking device's own address
    if (/^ips?(?:_?v?[46])?$|^addrs?$/i.test(key) && here !== null) {
      const ttl = ttlOf(record.ttl)
      for (const address of addressesOf(inner)) answers.push({ name: here, address, ttl })
    } else answers.push(...answersIn(inner, here, depth + 1))
  }
  return answers
}

/** Reads the body of an answer to a question for `asked`; nothing where it is encrypted or no answer. */
export function readHttpDnsAnswer(body: string, asked: readonly string[]): HttpDnsAnswer[] {
  const only = asked.length === 1 ? (asked[0] ?? null) : null
  try {
    return answersIn(JSON.parse(body), only, 0)
  } catch {
    // No JSON, so it is text: one line a name, led by the name where several were asked.
  }
  return body.split('\n').flatMap((line) => {
    const named = /^([a-z0-9_.-]+)\.?:(.*)$/i.exec(line.trim())
    const name = named && canonicalAddress(line.trim()) === null ? canonicalHost(named[1] ?? '') : null
    const [list = '', ttl] = (name === null ? line : (named?.[2] ?? '')).trim().split(',')
    const of = name ?? only
    if (of === null) return []
    return addressesOf(list).map((address) => ({ name: of, address, ttl: ttlOf(ttl) }))
  })
}
