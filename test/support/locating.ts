/** Small snapshots for tests about locating. */
import { createHash } from 'node:crypto'
import { openDatabase } from '../../functions/locate/database.ts'
import { parseAwsRanges } from '../../functions/locate/published/aws.ts'
import { type DatabaseSnapshot, dayOf, type RangeEntry, type RangeSnapshot } from '../../functions/locate/snapshots.ts'
import type { Micros } from '../../functions/model.ts'
import { type Prefix, PrefixTable, parsePrefix } from '../../functions/net/prefix.ts'
import { mmdb } from './mmdb.ts'

/** `prefix region service [border group]`, separated by spaces; IPv6 prefixes have a colon. */
export function awsJson(createDate: string, lines: readonly string[]): Buffer {
  const rows = lines.map((line) => {
    const [prefix = '', region, service, group] = line.split(' ')
    const key = prefix.includes(':') ? 'ipv6_prefix' : 'ip_prefix'
    return { [key]: prefix, region, service, ...(group ? { network_border_group: group } : {}) }
  })
  return Buffer.from(
    JSON.stringify({
      syncToken: '0',
      createDate,
      prefixes: rows.filter((row) => 'ip_prefix' in row),
      ipv6_prefixes: rows.filter((row) => 'ipv6_prefix' in row),
    }),
  )
}

export function rangesOf(bytes: Buffer): RangeSnapshot {
  const source = 'ranges/aws'
  const { time, table } = parseAwsRanges(bytes, source)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    source,
    time,
    date: dayOf(time),
    table,
    facts: () => ({ source, date: dayOf(time), sha256, size: bytes.length }),
  }
}

/** @param day YYYY-MM-DD */
export const ranges = (day: string, lines: readonly string[]): RangeSnapshot =>
  rangesOf(awsJson(`${day}-00-00-00`, lines))

export function databaseOf(source: string, bytes: Buffer): DatabaseSnapshot {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const database: DatabaseSnapshot = openDatabase({
    source,
    bytes,
    facts: () => ({ source, date: dayOf(database.time), sha256, size: bytes.length }),
  })
  return database
}

/** @param day YYYY-MM-DD of its build */
export function database(
  source: string,
  day: string,
  records: Parameters<typeof mmdb>[0],
  options: { readonly type?: string; readonly ipVersion?: 4 | 6 } = {},
): DatabaseSnapshot {
  return databaseOf(source, mmdb(records, { built: Date.parse(day) / 1000, ...options }))
}

export const at = (time: string): Micros => Date.parse(time) * 1000

/** What a row of {@link listed} says of its prefix. */
interface Row {
  readonly region?: string
  readonly service?: string
  readonly edge?: string
  /** Country, subdivision, city. */
  readonly stated?: readonly [country: string | null, subdivision?: string | null, city?: string]
}

/** A snapshot of any source, as its parser would give it. */
export function listed(source: string, day: string, rows: Readonly<Record<string, Row>>): RangeSnapshot {
  const entries = Object.entries(rows).map(([text, { region, service, edge, stated }]): [Prefix, RangeEntry] => {
    const prefix = parsePrefix(text)
    if (!prefix) throw new Error(text)
    const [country = null, subdivision = null, city = null] = stated ?? []
    return [
      prefix,
      {
        prefix,
        regions: region ? [region] : [],
        services: service ? [service] : [],
        edge: edge ?? null,
        doubt: null,
        stated: stated ? { country, subdivision, city } : null,
      },
    ]
  })
  const sha256 = createHash('sha256')
    .update(`${source} ${day} ${JSON.stringify(rows)}`)
    .digest('hex')
  const facts = () => ({ source, date: day, sha256, size: 1 })
  return { source, time: Date.parse(day) * 1000, date: day, table: new PrefixTable(entries, (one) => one), facts }
}
