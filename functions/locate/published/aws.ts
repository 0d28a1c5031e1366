/**
 * AWS's `ip-ranges.json` (docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html): each prefix with its region,
 * service and, since mid-2020, the border group that announces it, which names the zone.
 */
import type { Micros } from '../../model.ts'
import { type Prefix, PrefixTable, parsePrefix } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { mergeEntries } from './merge-entries.ts'
import { entryOf, type Published, type Words } from './published.ts'
import { isTooShort, objectOf, quote, Reading } from './reading.ts'

/**
 * Services that take traffic in at one place and hand it on to another. AWS documents their addresses without a region as
 * the ones that clients reach. The few with a region reach other servers from there: CloudFront's regional edge caches
 * (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers), and Global Accelerator's points of
 * presence, of which the region is only the area (docs.aws.amazon.com/global-accelerator/latest/dg/introduction-ip-ranges).
 */
const handingOn: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CLOUDFRONT: 'CloudFront, a content delivery network',
    CLOUDFRONT_ORIGIN_FACING: 'CloudFront, a content delivery network',
    GLOBALACCELERATOR: 'Global Accelerator, which takes traffic in near the client',
    ROUTE53: 'Route 53, name servers announced from many places',
  }),
)

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

/** Whether the text is a plain name as regions and services have them, not anything that could end up in a report. */
const isName = (text: string): boolean => /^[\w-]{1,64}$/.test(text)

function wordsOf(region: string, service: string, group: string): Words | null {
  if (!isName(region) || !isName(service) || !isName(group)) return null
  const global = region === everywhere || group === everywhere
  const what = handingOn.get(service) ?? null
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
  entryOf(row: unknown, key: 'ip_prefix' | 'ipv6_prefix'): readonly [Prefix, RangeEntry] | null {
    const { region, service, network_border_group: group = region, [key]: text } = objectOf(row)
    const prefix = typeof text === 'string' ? parsePrefix(text) : null
    if (typeof region !== 'string' || typeof service !== 'string' || typeof group !== 'string') return null
    const said = `${region} ${service} ${group}`
    let words = this.#words.get(said)
    if (words === undefined) {
      words = wordsOf(region, service, group)
      this.#words.set(said, words)
    }
    if (!words || prefix?.family !== (key === 'ip_prefix' ? 4 : 6) || isTooShort(prefix)) return null
    return entryOf(prefix, words)
  }
}

/**
 * Parses and checks a whole file.
 *
 * @param source what to call it in errors
 * @throws SnapshotError that names what is wrong and where: a range left out in silence could turn a verdict
 */
export function parseAwsRanges(bytes: Uint8Array, source: string): Published & { readonly time: Micros } {
  const reading = new Reading(bytes, source, "AWS's ip-ranges.json", 'https://ip-ranges.amazonaws.com/ip-ranges.json')
  const { createDate, prefixes, ipv6_prefixes: prefixes6 = [] } = reading.json()
  const time = parseCreateDate(createDate)
  if (time === null || !Array.isArray(prefixes) || !Array.isArray(prefixes6))
    throw reading.error('it needs createDate (such as 2026-06-05-00-37-05) and the lists prefixes and ipv6_prefixes')
  const rows = new RowReader()
  const entries: (readonly [Prefix, RangeEntry])[] = []
  for (const [list, key] of [
    [prefixes, 'ip_prefix'],
    [prefixes6, 'ipv6_prefix'],
  ] as const)
    for (const [index, row] of list.entries()) {
      const entry = rows.entryOf(row, key)
      if (!entry)
        throw reading.error(
          `${key} ${index + 1} of ${list.length} has no valid ${key}, region, service or network_border_group: ${quote(row)}`,
        )
      entries.push(entry)
    }
  if (entries.length === 0) throw reading.error('it lists no prefix at all')
  return { time, table: new PrefixTable(entries, mergeEntries), badLines: [], leftOut: {} }
}
