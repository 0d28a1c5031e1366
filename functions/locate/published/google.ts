/**
 * Google's lists (cloud.google.com/appengine/docs/standard/outbound-ip-addresses): `cloud.json` has the external addresses of
 * Google Cloud's customers, regional ones with the region as `scope`, global ones; `goog.json` has every address of Google's,
 * without a scope.
 */
import type { Micros } from '../../model.ts'
import { type Prefix, PrefixTable } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { parseIsoTime } from './iso-time.ts'
import { mergeEntries } from './merge-entries.ts'
import { entryOf, nothingMore, type Published, type Words } from './published.ts'
import { isName, objectOf, parseBlock, quote, Reading } from './reading.ts'

/** The scope of addresses that belong to no region: those of global load balancers, which are anycast. */
const EVERYWHERE = 'global'

const DAY: Micros = 86_400e6

/**
 * `syncToken` is the time of publication in milliseconds of Unix time. `creationTime` tells the same instant by the clock of
 * California, without saying so: in the files of 2022-07-01, 2023-07-01 and 2025-07-24 it is seven hours behind the token.
 * Alone it is taken for UTC, and then up to eight hours early.
 */
function timeOf({ syncToken, creationTime }: Readonly<Record<string, unknown>>): Micros | null {
  const created = parseIsoTime(creationTime)
  const token = typeof syncToken === 'string' && /^\d{13}$/.test(syncToken) ? Number(syncToken) * 1000 : null
  return created !== null && token !== null && Math.abs(token - created) <= DAY ? token : created
}

/** Reads `cloud.json`. */
export function parseGoogleCloud(bytes: Uint8Array, name: string): Published {
  const reading = new Reading(bytes, name, "Google Cloud's cloud.json", 'https://www.gstatic.com/ipranges/cloud.json')
  const words = new Map<string, Words>()
  return parse(reading, ({ service, scope }) => {
    if (!isName(service) || !isName(scope)) return null
    const said = `${scope} ${service}`
    const known = words.get(said) ?? wordsOf(service, scope)
    words.set(said, known)
    return known
  })
}

function wordsOf(service: string, scope: string): Words {
  if (scope !== EVERYWHERE) return { ...nothingMore, regions: [`google:${scope}`], services: [service] }
  return { ...nothingMore, services: [service], edge: 'an address that Google Cloud assigns to no region (global)' }
}

/** Reads `goog.json`. */
export function parseGoogleAll(bytes: Uint8Array, name: string): Published {
  const reading = new Reading(bytes, name, "Google's goog.json", 'https://www.gstatic.com/ipranges/goog.json')
  return parse(reading, ({ scope }) => (scope === undefined ? nothingMore : null))
}

/** @param wordsOfRow null where the row is not of the file's form */
function parse(reading: Reading, wordsOfRow: (row: Readonly<Record<string, unknown>>) => Words | null): Published {
  const file = reading.json()
  const time = timeOf(file)
  const { prefixes } = file
  if (time === null || !Array.isArray(prefixes))
    throw reading.error('it needs creationTime (such as 2025-07-24T19:16:28.780563) and the list prefixes')
  const entries: (readonly [Prefix, RangeEntry])[] = []
  for (const [index, row] of prefixes.entries()) {
    const fields = objectOf(row)
    const words = wordsOfRow(fields)
    const prefix = parseBlock(fields.ipv4Prefix ?? fields.ipv6Prefix)
    if (!words || prefix?.family !== (fields.ipv4Prefix === undefined ? 6 : 4))
      throw reading.error(
        `prefix ${index + 1} of ${prefixes.length} has no valid ipv4Prefix or ipv6Prefix, or not the service and scope that this file has: ${quote(row)}`,
      )
    entries.push(entryOf(prefix, words))
  }
  if (entries.length === 0) throw reading.error('it lists no prefix at all')
  return { time, table: new PrefixTable(entries, mergeEntries), badLines: [], leftOut: {} }
}
