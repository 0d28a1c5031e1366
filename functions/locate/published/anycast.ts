/**
 * Lists of prefixes that are announced from many places, as bgp.tools finds them (github.com/bgptools/anycast-prefixes,
 * bgp.tools/kb/anycatch): `prefix,address that was measured` a line in the CSV, a prefix a line in the text file.
 */
import { parseAddress } from '../../net/address.ts'
import { type Prefix, PrefixTable, prefixContains } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { mergeEntries } from './merge-entries.ts'
import { entryOf, nothingMore, type Published } from './published.ts'
import { parseBlock, quote, Reading } from './reading.ts'

/**
 * A list names the whole announced prefix although one address of it was measured, and providers announce a hundred thousand
 * unicast addresses in one. So only prefixes near the longest that is routed world-wide count: /24 in IPv4, /48 in IPv6, and up to
 * two bits shorter, four such blocks announced as one.
 */
const SHORTEST = { 4: 22, 6: 46 } as const

const LEFT_OUT = `shorter than /${SHORTEST[4]} (IPv4) or /${SHORTEST[6]} (IPv6)`

const words = { ...nothingMore, edge: 'announced from many places (anycast)' }

/** Reads a list of either form. */
export function parseAnycastList(bytes: Uint8Array, name: string): Published {
  const where = 'https://github.com/bgptools/anycast-prefixes'
  const reading = new Reading(bytes, name, 'a list of anycast prefixes', where)
  const entries: (readonly [Prefix, RangeEntry])[] = []
  let short = 0
  for (const [index, whole] of reading
    .text()
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = whole.trim()
    if (line === '' || line.startsWith('#')) continue
    const prefix = prefixOf(line)
    if (!prefix)
      throw reading.error(`line ${index + 1} is not a prefix, or a prefix and an address in it: ${quote(line)}`)
    if (prefix.length < SHORTEST[prefix.family]) short++
    else entries.push(entryOf(prefix, words))
  }
  if (entries.length === 0) throw reading.error(`it lists no prefix but ${short} ${LEFT_OUT}`)
  const leftOut = short === 0 ? {} : { [LEFT_OUT]: short }
  return { time: null, table: new PrefixTable(entries, mergeEntries), badLines: [], leftOut }
}

function prefixOf(line: string): Prefix | null {
  const comma = line.indexOf(',')
  if (comma < 0) return parseBlock(line)
  const prefix = parseBlock(line.slice(0, comma).trim())
  const address = parseAddress(line.slice(comma + 1).trim())
  return prefix && address && prefixContains(prefix, address.family, ...address.words) ? prefix : null
}
