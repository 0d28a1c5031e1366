/**
 * Answers of resolvers in dns events: version 1 writes an event a record, 2 and 3 an event a message.
 * https://docs.suricata.io/en/latest/output/eve/eve-json-format.html#event-type-dns
 */
import type { Micros, ParseSink } from '../../model.ts'
import { canonicalAddress, formatAddress } from '../../net/address.ts'
import { canonicalHost } from '../../net/host-name.ts'
import { ARRAY, JsonFields } from '../json-fields.ts'
import type { EveEvent } from './event.ts'
import { eveField } from './fields.ts'
import { KnownTexts } from './known-texts.ts'
import { Words } from './words.ts'

const TYPE = eveField('dns/type')
const VERSION = eveField('dns/version')
const ID = eveField('dns/id')
const RRNAME = eveField('dns/rrname')
const RRTYPE = eveField('dns/rrtype')
const TTL = eveField('dns/ttl')
const RDATA = eveField('dns/rdata')
const QUERIES = eveField('dns/queries')
const ANSWERS = eveField('dns/answers')
const GROUPED = eveField('dns/grouped')
const HTTP = eveField('http/http_method')

const TYPES = new Words('query', 'request', 'answer', 'response')

const RECORD_TYPES = new Words('A', 'AAAA', 'CNAME')

/** What is read of each record of an answer. */
const [RECORD_NAME, RECORD_TYPE, RECORD_TTL, RECORD_DATA] = [0, 1, 2, 3]
const RECORD = ['rrname', 'rrtype', 'ttl', 'rdata'] as const

/** Multicast DNS, LLMNR, NetBIOS: neighbours answer there, and not for the world's names. */
const NEIGHBOURS: ReadonlySet<number> = new Set([5353, 5355, 137])
/** Chains are short in practice, and a message holds some hundred addresses. */
const LONGEST_CHAIN = 16
const MOST_RECORDS = 1024
/** Messages of version 1 whose records may still come. */
const MOST_MESSAGES = 1024

/** One record of an answer; seconds. */
interface Resource {
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'CNAME' | null
  readonly ttl: number
  /** The address, or the host that a CNAME leads to; null where there is none, and of other types. */
  readonly data: string | null
}

/** A name that leads to another, by a CNAME record. */
interface Link {
  readonly name: string
  readonly target: string
  readonly ttl: number
}

/** A message of version 1, as far as its records have come. */
interface Message {
  readonly question: string
  readonly links: Link[]
}

export class DnsEvents {
  readonly #sink: ParseSink
  readonly #messages = new Map<string, Message>()
  readonly #record = new JsonFields(RECORD)
  readonly #hosts = new KnownTexts(canonicalHost)
  readonly #addresses = new KnownTexts(canonicalAddress)

  constructor(sink: ParseSink) {
    this.#sink = sink
  }

  /**
   * Hands on what a dns event whose ends have been read tells.
   *
   * @returns why it tells nothing, null where it does
   */
  read(event: EveEvent, at: Micros): string | null {
    const type = event.word(TYPE, TYPES)
    if (type === null) return 'eve-dns-says-no-flow'
    if (type === 'query' || type === 'request') return 'dns-query-says-no-flow'
    if (NEIGHBOURS.has(event.portA) || NEIGHBOURS.has(event.portB)) return 'dns-of-neighbours'
    const client = clientOf(event)
    const { json } = event
    if (!event.has(ANSWERS) && !event.has(GROUPED) && event.isText(RDATA)) return this.#readRecord(event, client, at)
    const question = event.isText(RRNAME)
      ? this.#hosts.of(json, event.bytes, RRNAME)
      : canonicalHost(firstQuery(json.value(QUERIES)) ?? '')
    const records = event.has(ANSWERS) ? this.#detailed(event) : grouped(json.value(GROUPED), question)
    const links = linksOf(records)
    let found = false
    for (const record of records) if (this.#hand(record, question, links, client, at)) found = true
    if (!found) return 'dns-without-address'
    return null
  }

  /** The records of an answer, of what was found to be well formed. */
  #detailed({ bytes, json: { kinds, from, end } }: EveEvent): readonly Resource[] {
    const records: Resource[] = []
    if (kinds[ANSWERS] !== ARRAY) return records
    const json = this.#record
    json.readArray(bytes, from[ANSWERS] as number, end[ANSWERS] as number, () => {
      if (records.length >= MOST_RECORDS) return
      const record = this.#resource(json, bytes, RECORD_NAME, RECORD_TYPE, RECORD_TTL, RECORD_DATA)
      if (record !== null) records.push(record)
    })
    return records
  }

  /** @returns null where it has no name */
  #resource(json: JsonFields, bytes: Uint8Array, name: number, type: number, ttl: number, data: number) {
    const host = this.#hosts.of(json, bytes, name)
    if (host === null) return null
    const { from, end } = json
    const known = json.isText(type) ? RECORD_TYPES.read(bytes, from[type] as number, end[type] as number) : null
    const texts = known === 'CNAME' ? this.#hosts : this.#addresses
    const value = known === null ? null : texts.of(json, bytes, data)
    return { name: host, type: known, ttl: ttlOf(json.number(ttl)), data: value }
  }

  /** A record of version 1: the links of its message came before it. */
  #readRecord(event: EveEvent, client: string, at: Micros): string | null {
    const { json } = event
    const record = this.#resource(json, event.bytes, RRNAME, RRTYPE, TTL, RDATA)
    if (record === null) return 'dns-without-address'
    const key = `${event.id.key} ${json.number(ID)} ${client}`
    const message = this.#messages.get(key) ?? { question: record.name, links: [] }
    const link = linkOf(record)
    if (link === null) {
      const found = this.#hand(record, message.question, message.links, client, at)
      return found ? null : 'dns-without-address'
    }
    if (this.#messages.size >= MOST_MESSAGES) this.#messages.clear()
    if (message.links.length < LONGEST_CHAIN) message.links.push(link)
    this.#messages.set(key, message)
    return null
  }

  /** Hands on a record's address with its name and those that lead to it. @returns false where it has no address */
  #hand(record: Resource, question: string | null, links: readonly Link[], client: string, time: Micros): boolean {
    const address = record.type === 'CNAME' ? null : record.data
    if (address === null) return false
    if (links.length === 0) {
      this.#answer(client, address, record.name, question, time, record.ttl)
      return true
    }
    const names = [{ name: record.name, ttl: record.ttl }]
    for (const { name, ttl } of names) {
      if (names.length > LONGEST_CHAIN) break
      for (const link of links)
        if (link.target === name && !names.some((known) => known.name === link.name))
          names.push({ name: link.name, ttl: Math.min(ttl, link.ttl) })
    }
    for (const { name, ttl } of names) this.#answer(client, address, name, question, time, ttl)
    return true
  }

  #answer(client: string, address: string, name: string, question: string | null, time: Micros, ttl: number): void {
    const via = name === question || question === null ? 'dns' : 'dns-cname'
    this.#sink.answer({ client, address, name, via, time, expires: time + ttl * 1e6 })
  }
}

/**
 * Who asked, by the ports: 53 is the resolver's. Where they do not tell, version 3 has the resolver as the source of a
 * response, and so has version 1; version 2 has the client, and so have answers over HTTP.
 */
function clientOf(event: EveEvent): string {
  const { words, family, portA, portB } = event
  const version = event.json.number(VERSION)
  const isSource = portA === 53 || portB === 53 ? portA !== 53 : version === 2 || event.has(HTTP)
  const first = isSource ? 0 : 4
  const word = (i: number) => words[first + i] as number
  return formatAddress(family, word(0), word(1), word(2), word(3))
}

const ttlOf = (seconds: unknown) =>
  typeof seconds === 'number' && seconds >= 0 && seconds <= 0x7fffffff ? Math.floor(seconds) : 0

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

function linkOf({ name, type, ttl, data }: Resource): Link | null {
  const target = type === 'CNAME' ? data : null
  return target === null ? null : { name, target, ttl }
}

function linksOf(records: readonly Resource[]): readonly Link[] {
  const links: Link[] = []
  for (const record of records) {
    const link = linkOf(record)
    if (link !== null) links.push(link)
  }
  return links
}

function firstQuery(queries: unknown): string | null {
  const [first] = Array.isArray(queries) ? queries : []
  return typeof first === 'object' && first !== null ? textOf((first as { rrname?: unknown }).rrname) : null
}

/** Answers that are only grouped by type: they keep neither time to live nor which name each is of, so that all are the question's. */
function grouped(groups: unknown, question: string | null): Resource[] {
  if (typeof groups !== 'object' || groups === null || question === null) return []
  const { A, AAAA } = groups as Record<string, unknown>
  const list = (type: 'A' | 'AAAA', values: unknown) =>
    Array.isArray(values)
      ? values
          .slice(0, MOST_RECORDS)
          .map((data) => ({ name: question, type, ttl: 0, data: canonicalAddress(textOf(data)) }))
      : []
  return [...list('A', A), ...list('AAAA', AAAA)]
}
