/** Rows of ssl, http, quic and dns logs: what they say of a connection's names, and what resolvers answered. */
import type { NameAnswer } from '../../model.ts'
import { canonicalAddress } from '../../net/address.ts'
import { canonicalHost } from '../../net/host-name.ts'
import type { LogTimes } from '../log-time.ts'
import { addName, shownName } from '../payload/flow-names.ts'
import { nameRequest } from '../payload/http-request.ts'
import { fieldNumber } from './fields.ts'
import type { ZeekJoin } from './join.ts'
import type { LogAccount } from './log-account.ts'
import { rowEnds, uidOf } from './row-ends.ts'
import type { RowFields } from './row-fields.ts'

const SERVER_NAME = fieldNumber('server_name')
const METHOD = fieldNumber('method')
const HOST = fieldNumber('host')
const URI = fieldNumber('uri')
const ORIG_H = fieldNumber('id.orig_h')
const RESP_P = fieldNumber('id.resp_p')
const QUERY = fieldNumber('query')
const QTYPE = fieldNumber('qtype')
const QTYPE_NAME = fieldNumber('qtype_name')
const ANSWERS = fieldNumber('answers')
const TTLS = fieldNumber('TTLs')
const REJECTED = fieldNumber('rejected')
const RTT = fieldNumber('rtt')

/** Chains are short in practice, and a message holds some hundred addresses. */
const LONGEST_CHAIN = 16
const MOST_ADDRESSES = 512
/** A, AAAA, HTTPS: what is asked before a connection. */
const ASKED = new Map([
  [1, 'A'],
  [28, 'AAAA'],
  [65, 'HTTPS'],
])
/** Multicast DNS, LLMNR, NetBIOS: neighbours answer there, and not for the world's names. */
const NEIGHBOURS: ReadonlySet<number> = new Set([5353, 5355, 137])

/** Takes a row that tells of a connection. */
export function readNamingRow(
  which: 'ssl' | 'http' | 'quic',
  fields: RowFields,
  times: LogTimes,
  log: LogAccount,
  join: ZeekJoin,
): void {
  const uid = uidOf(fields)
  if (uid === '') {
    log.settled.leaveOut('no-uid')
    return
  }
  const naming = join.names.note(uid, rowEnds(fields), log, fields.time(times))
  if (which === 'http') {
    const method = fields.text(METHOD)
    const host = fields.text(HOST)
    // A reply whose request was not seen names nothing, and hides nothing.
    if (method === null && host === null) return
    const startLine = `${method ?? 'GET'} ${fields.text(URI) ?? '/'} HTTP/1.1`
    const { named } = nameRequest(naming, {
      startLine,
      values: (name) => (name === 'host' && host !== null ? [host] : []),
    })
    if (!named) naming.hidden ??= 'http-without-host'
    return
  }
  if (which === 'quic') naming.quic = true
  const name = shownName(fields.text(SERVER_NAME) ?? '')
  if (name !== null) addName(naming, name, which === 'quic' ? 'quic-sni' : 'tls-sni')
  else if (which === 'quic') naming.hidden = 'quic'
  else naming.hidden ??= 'tls-without-sni'
}

/** Takes a row of a dns log: what was answered is handed on by the join, or the row left out. */
export function readDnsRow(fields: RowFields, times: LogTimes, log: LogAccount, join: ZeekJoin): void {
  const reason = answer(fields, times, log, join)
  if (reason === null) log.answering++
  else log.settled.leaveOut(reason)
}

/** @returns why the row gives no answers, null where it does */
function answer(fields: RowFields, times: LogTimes, log: LogAccount, join: ZeekJoin): string | null {
  const qtype = fields.count(QTYPE)
  const asked = qtype >= 0 ? ASKED.has(qtype) : [...ASKED.values()].includes(fields.word(QTYPE_NAME) ?? '')
  if (!asked) return 'dns-of-other-types'
  if (NEIGHBOURS.has(fields.count(RESP_P))) return 'dns-of-neighbours'
  if ((fields.first(REJECTED) | 32) === 116) return 'dns-rejected'
  const client = canonicalAddress(fields.word(ORIG_H) ?? '')
  const query = canonicalHost(fields.text(QUERY) ?? '')
  if (client === null) return 'malformed-row'
  const found = query === null ? [] : resolved(query, fields.list(ANSWERS), fields.list(TTLS))
  if (found.length === 0) return 'dns-without-address'
  const sent = fields.time(times)
  if (Number.isNaN(sent)) return fields.timeFault ?? 'no-time'
  const rtt = fields.interval(RTT)
  const time = rtt > 0 ? sent + rtt : sent
  const answers = found.map(({ ttl, ...rest }) => ({ client, ...rest, time, expires: time + ttl * 1e6 }))
  join.answered({ uid: uidOf(fields), ends: rowEnds(fields), log, answers })
  return null
}

type Resolved = Pick<NameAnswer, 'name' | 'address' | 'via'> & { readonly ttl: number }

/**
 * Every name from the question on, with every address. The log keeps the order of the answers and not what each belongs to:
 * names are the links of one chain that begins at the question, and addresses stand at its end.
 */
function resolved(query: string, answers: readonly string[], ttls: readonly string[]): Resolved[] {
  const chain: { name: string; ttl: number }[] = [{ name: query, ttl: Number.POSITIVE_INFINITY }]
  const found: { address: string; ttl: number }[] = []
  for (const [index, text] of answers.entries()) {
    const seconds = Number(ttls[index])
    const ttl = seconds >= 0 && seconds <= 0x7fffffff ? seconds : 0
    const address = canonicalAddress(text)
    if (address !== null) {
      if (found.length < MOST_ADDRESSES) found.push({ address, ttl })
      continue
    }
    const name = canonicalHost(text)
    const last = chain.at(-1)
    if (name === null || last === undefined || chain.length > LONGEST_CHAIN) continue
    if (chain.some((link) => link.name === name)) continue
    // The record that leads from a link to the next lives this long.
    last.ttl = ttl
    chain.push({ name, ttl: Number.POSITIVE_INFINITY })
  }
  return chain.flatMap(({ name }, index) => {
    const least = Math.min(...chain.slice(index).map((link) => link.ttl))
    const via = index === 0 ? ('dns' as const) : ('dns-cname' as const)
    return found.map(({ address, ttl }) => ({ name, address, via, ttl: Math.min(ttl, least) }))
  })
}
