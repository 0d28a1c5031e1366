/**
 * Providers' lists of nothing but prefixes: Cloudflare's `ips-v4` and `ips-v6` (a prefix a line) and its API's JSON
 * (developers.cloudflare.com/api/resources/ips), Fastly's (fastly.com/documentation/reference/api/utils/public-ip-list), Akamai's
 * text files (techdocs.akamai.com/origin-ip-acl/docs/update-your-origin-server); and for providers that publish none, what others
 * collected of their announcements.
 */
import { type Prefix, PrefixTable } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { type Blocks, blocksByLine, blocksOf, collectedJson, isJson } from './collection.ts'
import { mergeEntries } from './merge-entries.ts'
import { entryOf, nothingMore, type Published } from './published.ts'
import { objectOf, Reading } from './reading.ts'

/** A provider, and what its list is. */
export interface AddressList {
  readonly provider: string
  /** Where a person gets it. */
  readonly where: string
  /** Why no place behind the addresses is observable; null where one is. */
  readonly edge: string | null
  /** Reads the provider's own JSON; null where the file is not of that shape. */
  readonly ownJson?: (reading: Reading, file: Readonly<Record<string, unknown>>) => readonly Prefix[] | null
}

const cdn = (provider: string) => `${provider}, a content delivery network announced from many places`
const collected = (name: string) => `https://github.com/disposable/cloud-ip-ranges (csv/${name}.csv)`

export const cloudflare: AddressList = {
  provider: 'Cloudflare',
  where:
    'https://www.cloudflare.com/ips-v4, https://www.cloudflare.com/ips-v6 or https://api.cloudflare.com/client/v4/ips',
  edge: cdn('Cloudflare'),
  ownJson(reading, file) {
    const { ipv4_cidrs, ipv6_cidrs = [], jdcloud_cidrs = [] } = objectOf(file.result)
    if (ipv4_cidrs === undefined) return null
    return [
      ...blocksOf(reading, ipv4_cidrs, 'ipv4_cidrs', 4),
      ...blocksOf(reading, ipv6_cidrs, 'ipv6_cidrs', 6),
      // JD Cloud's, which run Cloudflare's network in China; only where the caller asked for them.
      ...blocksOf(reading, jdcloud_cidrs, 'jdcloud_cidrs', null),
    ]
  },
}

export const fastly: AddressList = {
  provider: 'Fastly',
  where: 'https://api.fastly.com/public-ip-list',
  edge: cdn('Fastly'),
  ownJson(reading, { addresses, ipv6_addresses = [] }) {
    if (addresses === undefined) return null
    return [...blocksOf(reading, addresses, 'addresses', 4), ...blocksOf(reading, ipv6_addresses, 'ipv6_addresses', 6)]
  },
}

export const akamai: AddressList = {
  provider: 'Akamai',
  where: 'https://techdocs.akamai.com/origin-ip-acl/docs/update-your-origin-server',
  edge: 'Akamai, a content delivery network with servers in many places',
}

export const alibaba: AddressList = { provider: 'Alibaba', where: collected('alibaba'), edge: null }
export const huawei: AddressList = { provider: 'Huawei Cloud', where: collected('huawei-cloud'), edge: null }
export const tencent: AddressList = { provider: 'Tencent', where: collected('tencent'), edge: null }
export const ucloud: AddressList = { provider: 'UCloud', where: collected('ucloud'), edge: null }

/** Reads a list in the provider's shape, or a collection's. */
export function parseAddressList(bytes: Uint8Array, name: string, list: AddressList): Published {
  const reading = new Reading(bytes, name, `${list.provider}'s addresses`, list.where)
  return publishBlocks(reading, readBlocks(reading, list), list.edge)
}

function readBlocks(reading: Reading, { provider, ownJson }: AddressList): Blocks {
  const text = reading.text()
  if (!isJson(text)) return blocksByLine(reading, text, provider)
  const file = reading.json()
  const own = ownJson?.(reading, file)
  const blocks = own ? { time: null, prefixes: own } : collectedJson(reading, file, provider)
  if (!blocks) throw reading.error(`it is JSON, but no list of ${provider}'s`)
  return blocks
}

/** Blocks of which no more is known than whose they are. */
export function publishBlocks(reading: Reading, { time, prefixes }: Blocks, edge: string | null): Published {
  if (prefixes.length === 0) throw reading.error('it lists no prefix at all')
  const words = { ...nothingMore, edge }
  const entries: (readonly [Prefix, RangeEntry])[] = prefixes.map((prefix) => entryOf(prefix, words))
  return { time, table: new PrefixTable(entries, mergeEntries), badLines: [], leftOut: {} }
}
