/**
 * What geolocation databases say of an address, whatever the shape of their records: MaxMind's nested ones
 * (`country.iso_code`, `subdivisions[].iso_code`, `city.names.en`) and flat ones (`country_code`, `state1`, `city`, as the
 * ip-location-db packages of DB-IP and the registries have them; a missing field is empty text).
 */
import { SnapshotError } from '../errors.ts'
import type { SnapshotFacts } from '../model.ts'
import type { Address } from '../net/address.ts'
import { isCountry } from '../net/country.ts'
import { formatPrefix } from '../net/prefix.ts'
import { Mmdb } from './mmdb.ts'
import { type DatabaseAnswer, type DatabaseFinding, type DatabaseSnapshot, dayOf } from './snapshots.ts'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
/** Text of a field, without control characters and no longer than a place's name; null for anything else. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = /[^ -~]/.test(value) ? value.replace(/\p{C}+/gu, ' ').trim() : value.trim()
  return text === '' ? null : text.slice(0, 100)
}
const englishName = (value: unknown) => textOf(fieldsOf(fieldsOf(value).names).en)

/** Reads a record of either shape; null where it names no country, which is all that a verdict can rest on. */
export function readRecord(record: unknown): DatabaseAnswer | null {
  const fields = fieldsOf(record)
  const nested = fieldsOf(fields.country)
  const code = textOf(nested.iso_code) ?? textOf(fields.country_code) ?? textOf(fields.country)
  // Where a block is registered is kept apart: it says who holds it, not where it is used.
  const registered = textOf(fieldsOf(fields.registered_country).iso_code)
  if (!code && !registered) return null
  const first = fieldsOf(Array.isArray(fields.subdivisions) ? fields.subdivisions[0] : undefined)
  const part = textOf(first.iso_code)
  const region = englishName(first) ?? textOf(fields.state1) ?? textOf(fields.region)
  const city = englishName(fields.city) ?? textOf(fields.city)
  const country = code && isCountry(code) ? code : null
  const place = [city, region, code].filter((name, i, all) => name && name !== all[i - 1]).join(', ')
  return {
    country,
    subdivision: country && part && /^[A-Z0-9]{1,3}$/.test(part) ? `${country}-${part}` : null,
    city,
    words: !code
      ? `no country, only where the block is registered (${registered})`
      : country
        ? place
        : `${place}, which is no country of ISO 3166-1`,
  }
}

/** Who made a database, from what it calls itself: GeoIP2 and GeoLite2 of any kind are one publisher's. */
function publisherOf(type: string, source: string): string {
  if (/^geo(ip|lite)/i.test(type)) return 'MaxMind'
  if (/dbip|db-ip/i.test(`${type} ${source}`)) return 'DB-IP'
  return source
}

/** What the licences of free databases ask every page to say that shows their data. */
export function attributionOf(publisher: string): SnapshotFacts['attribution'] {
  if (publisher === 'DB-IP') return { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' }
  if (publisher === 'MaxMind') return { text: 'GeoLite data created by MaxMind', url: 'https://www.maxmind.com' }
  return undefined
}

export interface DatabaseFile {
  /** Such as `database/dbip-city`. */
  readonly source: string
  readonly bytes: Buffer
  facts(): SnapshotFacts
}

/**
 * Opens a database.
 *
 * @throws SnapshotError where the file is none; records that cannot be decoded only give no answer
 */
export function openDatabase({ source, bytes, facts }: DatabaseFile): DatabaseSnapshot {
  const mmdb = new Mmdb(bytes, source)
  const answers = new Map<number, DatabaseAnswer | null>()
  /** Answers kept; a country database has a few hundred records, a city database some hundred thousand. */
  const kept = 100_000
  const answerOf = (record: number, address: Address): DatabaseAnswer | null => {
    const known = answers.get(record)
    if (known !== undefined) return known
    if (answers.size >= kept) answers.clear()
    const answer = readRecord(mmdb.decode(address))
    answers.set(record, answer)
    return answer
  }
  return {
    source,
    time: mmdb.built,
    date: dayOf(mmdb.built),
    families: mmdb.ipVersion === 4 ? [4] : [4, 6],
    publisher: publisherOf(mmdb.type, source),
    facts,
    find(address: Address): DatabaseFinding | null {
      const leaf = mmdb.find(address)
      if (!leaf) return null
      const prefix = networkOf(address, leaf.length)
      try {
        const answer = answerOf(leaf.record, address)
        return answer && { prefix, answer }
      } catch (error) {
        if (error instanceof SnapshotError) return { prefix, answer: null }
        throw error
      }
    },
  }
}

function networkOf(address: Address, length: number): string {
  const words: [number, number, number, number] = [...address.words]
  for (let i = 0; i < 4; i++) {
    const bits = Math.min(32, Math.max(0, length - 32 * i))
    words[i] = bits === 0 ? 0 : ((words[i] ?? 0) & (0xffffffff << (32 - bits))) >>> 0
  }
  return formatPrefix({ family: address.family, words, length })
}

/** Records looked at before a database is taken in. */
const sampled = 200

/**
 * Makes sure that a file is a geolocation database before it is taken in: its tree can be walked, records all over it can
 * be decoded, and some of them name a country.
 *
 * @throws SnapshotError that says what is wrong
 */
export function checkDatabase(bytes: Buffer, source: string): void {
  const mmdb = new Mmdb(bytes, source)
  const addresses = sampleAddresses(mmdb)
  if (addresses.length === 0)
    throw new SnapshotError(source, 'opening it as a MaxMind-style database: it has no records')
  const answers = addresses.map((address) => readRecord(mmdb.decode(address)))
  if (!answers.some((answer) => answer?.country))
    throw new SnapshotError(
      source,
      `of ${answers.length} records that were looked at none names a country; only geolocation databases can be used`,
    )
}

/** Addresses that have a record, found by going through the tree breadth first. */
function sampleAddresses(mmdb: Mmdb): Address[] {
  const family = mmdb.ipVersion
  const bits = family === 4 ? 32 : 128
  const found: Address[] = []
  let level: { node: number; words: [number, number, number, number] }[] = [{ node: 0, words: [0, 0, 0, 0] }]
  for (let depth = 0; depth < bits && level.length > 0 && found.length < sampled; depth++) {
    const next: typeof level = []
    for (const { node, words } of level)
      for (const side of [0, 1]) {
        const child = mmdb.child(node, side)
        const path: [number, number, number, number] = [...words]
        path[depth >> 5] = ((path[depth >> 5] ?? 0) | (side << (31 - (depth & 31)))) >>> 0
        if (child > mmdb.nodeCount) found.push({ family, words: path })
        else if (child < mmdb.nodeCount && next.length < 4096) next.push({ node: child, words: path })
      }
    level = next
  }
  return found.slice(0, sampled)
}
