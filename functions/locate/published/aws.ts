/**
 * AWS's `ip-ranges.json` (docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html): each prefix with its region,
 * service and, since mid-2020, the border group that announces it, which names the zone.
 */
import { SnapshotError } from '../../errors.ts'
import type { Micros } from '../../model.ts'
import { type Prefix, PrefixTable, parsePrefix } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { mergeEntries } from './merge-entries.ts'
import type { Published } from './published.ts'

/**
 * Services that take traffic in at one place and hand it on to another. AWS documents their addresses without a region as
 * the ones that clients reach. The few with a region reach other servers from there: CloudFront's regional edge caches
 * (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers), and Global Accelerator's points of
 * presence, of which the region is only the area (docs.aws.amazon.com/global-accelerator/latest/dg/introduction-ip-ranges).
 */
const handingOn: Readonly<Record<string, string>> = {
  CLOUDFRONT: 'CloudFront, a content delivery network',
  CLOUDFRONT_ORIGIN_FACING: 'CloudFront, a content delivery network',
  GLOBALACCELERATOR: 'Global Accelerator, which takes traffic in near the client',
  ROUTE53: 'Route 53, name servers announced from many places',
}

/** The region of addresses that belong to none. */
const everywhere = 'GLOBAL'

/** Reads `2026-06-05-00-37-05`, which is UTC; null for any other text. */
function parseCreateDate(text: unknown): Micros | null {
  const match = typeof text === 'string' && /^(\d{4}-\d{2}-\d{2})-(\d{2})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const [, day, hour, minute, second] = match
  const time = Date.parse(`${day}T${hour}:${minute}:${second}Z`)
  // Date.parse rolls 31 June over into July; a date that does not come back is none.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? null : time * 1000
}

type Words = Omit<RangeEntry, 'prefix'>

/** Whether the value is a plain name as regions and services have them, not anything that could end up in a report. */
const isName = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,64}$/.test(value)

function wordsOf(region: unknown, service: unknown, group: unknown): Words | null {
  if (!isName(region) || !isName(service) || !isName(group)) return null
  const global = region === everywhere || group === everywhere
  const what = handingOn[service] ?? null
  return {
    regions: global ? [] : [`aws:${group}`],
    services: [service],
    edge: global ? (what ?? 'an address that AWS assigns to no region') : null,
    doubt: global ? null : what,
    stated: null,
  }
}

/** Reads the rows of one file, which say a few hundred different things of many thousand prefixes. */
class RowReader {
  readonly #words = new Map<string, Words | null>()

  /** @returns null where the row is not of the file's form */
  entryOf(row: unknown, key: 'ip_prefix' | 'ipv6_prefix'): RangeEntry | null {
    if (!isRecord(row)) return null
    const { region, service, network_border_group: group = region } = row
    const text = row[key]
    const prefix = typeof text === 'string' ? parsePrefix(text) : null
    const said = `${region} ${service} ${group}`
    let words = this.#words.get(said)
    if (words === undefined) {
      words = wordsOf(region, service, group)
      this.#words.set(said, words)
    }
    if (!words || prefix?.family !== (key === 'ip_prefix' ? 4 : 6)) return null
    return {
      prefix,
      regions: words.regions,
      services: words.services,
      edge: words.edge,
      doubt: words.doubt,
      stated: null,
    }
  }
}

/**
 * Parses and checks a whole file.
 *
 * @param source what to call it in errors
 * @throws SnapshotError that names what is wrong and where: a range left out in silence could turn a verdict
 */
export function parseAwsRanges(bytes: Uint8Array, source: string): Published & { readonly time: Micros } {
  let file: unknown
  try {
    file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SnapshotError(source, `reading AWS's ip-ranges.json: it is not JSON (${why}); download it again`, {
      cause,
    })
  }
  const { createDate, prefixes, ipv6_prefixes: prefixes6 = [] } = isRecord(file) ? file : {}
  const time = parseCreateDate(createDate)
  if (time === null || !Array.isArray(prefixes) || !Array.isArray(prefixes6))
    throw new SnapshotError(
      source,
      `reading AWS's ip-ranges.json: it needs createDate (such as 2026-06-05-00-37-05) and the lists prefixes and ipv6_prefixes; is it https://ip-ranges.amazonaws.com/ip-ranges.json?`,
    )
  const reader = new RowReader()
  const entries: (readonly [Prefix, RangeEntry])[] = []
  for (const [list, key] of [
    [prefixes, 'ip_prefix'],
    [prefixes6, 'ipv6_prefix'],
  ] as const)
    for (const [index, row] of list.entries()) {
      const entry = reader.entryOf(row, key)
      if (!entry)
        throw new SnapshotError(
          source,
          `reading AWS's ip-ranges.json: ${key} ${index + 1} of ${list.length} has no valid ${key}, region, service or network_border_group: ${JSON.stringify(row)?.slice(0, 200)}`,
        )
      entries.push([entry.prefix, entry])
    }
  if (entries.length === 0) throw new SnapshotError(source, "reading AWS's ip-ranges.json: it lists no prefix at all")
  return { time, table: new PrefixTable(entries, mergeEntries), badLines: [] }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
