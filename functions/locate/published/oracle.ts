/**
 * Oracle Cloud's `public_ip_ranges.json` (docs.oracle.com/iaas/Content/General/Concepts/addressranges.htm): the commercial
 * realm's regions, each with its blocks and what they are for (`OCI` customers' networks, `OSN` Oracle's services,
 * `OBJECT_STORAGE`).
 */
import { type Prefix, PrefixTable } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { parseIsoTime } from './iso-time.ts'
import { mergeEntries, union } from './merge-entries.ts'
import { entryOf, nothingMore, type Published } from './published.ts'
import { isName, objectOf, parseBlock, quote, Reading } from './reading.ts'

/** Reads the file; its time has no zone and is UTC, or copies that others dated would be older than the original. */
export function parseOracleRanges(bytes: Uint8Array, name: string): Published {
  const url = 'https://docs.oracle.com/iaas/tools/public_ip_ranges.json'
  const reading = new Reading(bytes, name, "Oracle Cloud's public_ip_ranges.json", url)
  const { last_updated_timestamp: updated, regions } = reading.json()
  const time = parseIsoTime(updated)
  if (time === null || !Array.isArray(regions))
    throw reading.error('it needs last_updated_timestamp (such as 2025-07-21T07:13:25.457838) and the list regions')
  const entries: (readonly [Prefix, RangeEntry])[] = []
  for (const [index, row] of regions.entries()) {
    const { region, cidrs } = objectOf(row)
    if (!isName(region) || !Array.isArray(cidrs))
      throw reading.error(`region ${index + 1} of ${regions.length} has no valid region or list cidrs: ${quote(row)}`)
    for (const block of cidrs) {
      const { cidr, tags = [] } = objectOf(block)
      const prefix = parseBlock(cidr)
      if (!prefix || !Array.isArray(tags) || !tags.every(isName))
        throw reading.error(`a block of ${region} has no valid cidr or tags: ${quote(block)}`)
      const services = union(tags)
      entries.push(entryOf(prefix, { ...nothingMore, regions: [`oracle:${region}`], services }))
    }
  }
  if (entries.length === 0) throw reading.error('it lists no block at all')
  return { time, table: new PrefixTable(entries, mergeEntries), badLines: [], leftOut: {} }
}
