/**
 * Blocks by which a list is told that does not say whose it is. A file of nothing but prefixes, or a feed, has the same form
 * whoever publishes it; but every publisher has addresses that it announced for years and that nobody else lists as its own.
 */
import { type Prefix, type PrefixTable, parsePrefix, prefixContains } from '../net/prefix.ts'

/** Of both families, because a list may come in two files. */
const blocks: Readonly<Record<string, string>> = {
  'ranges/akamai': '2.16.0.0/13 23.32.0.0/11 23.192.0.0/11 95.100.0.0/15 184.24.0.0/13 2600:1400::/24 2a02:26f0::/32',
  'ranges/alibaba': '8.208.0.0/12 47.74.0.0/15 47.88.0.0/14 47.236.0.0/14 2400:3200::/32 2404:2280::/32',
  'ranges/cloudflare': '104.16.0.0/13 162.158.0.0/15 173.245.48.0/20 2400:cb00::/32 2606:4700::/32',
  'ranges/digitalocean': '104.131.0.0/16 138.197.0.0/16 159.203.0.0/16 165.227.0.0/16 2604:a880::/32 2a03:b0c0::/32',
  'ranges/fastly': '23.235.32.0/20 151.101.0.0/16 199.232.0.0/16 2a04:4e40::/32 2a04:4e42::/32',
  'ranges/huawei': '94.74.64.0/18 114.119.128.0/18 119.8.0.0/16 159.138.0.0/16 2405:f080::/32',
  'ranges/linode': '45.79.0.0/16 139.162.0.0/16 172.104.0.0/15 2600:3c00::/30 2a01:7e00::/31',
  'ranges/tencent': '43.128.0.0/14 49.51.0.0/16 119.28.0.0/15 150.109.0.0/16 2402:4e00::/32',
  'ranges/ucloud': '106.75.0.0/16 152.32.128.0/17 165.154.0.0/16 2404:82c0::/32',
  'geofeed/aws': '52.0.0.0/11 52.64.0.0/14 52.192.0.0/11 54.144.0.0/12 2600:1f00::/24 2a05:d000::/25',
  'geofeed/google': '34.64.0.0/10 35.184.0.0/13 104.196.0.0/14 2600:1900::/28',
  // Name servers of the root and resolvers: no provider lists all of them as its own, and every list of anycast has them.
  'anycast/bgptools':
    '1.1.1.0/24 8.8.8.0/24 9.9.9.0/24 192.5.5.0/24 193.0.14.0/24 199.7.83.0/24 2001:500:2::/48 2001:500:2f::/48 2620:fe::/48',
}

const known: ReadonlyMap<string, readonly Prefix[]> = new Map(
  Object.entries(blocks).map(([source, texts]) => [
    source,
    texts.split(' ').flatMap((text) => parsePrefix(text) ?? []),
  ]),
)

/** The blocks of a source, for a message; empty where its files say themselves whose they are, or nobody knows. */
export const blocksOf = (source: string): readonly string[] => blocks[source]?.split(' ') ?? []

type Table = PrefixTable<{ readonly prefix: Prefix }>

/**
 * Whose list it is, by how many blocks of each publisher it has addresses of.
 *
 * @param source that it should be; of two with as many it is this one
 * @returns null where it has addresses of nobody's blocks
 */
export function publisherByBlocks(table: Table, source: string): string | null {
  let best: string | null = null
  let most = 0
  for (const [name, prefixes] of known) {
    const hits = prefixes.filter((block) => hasAddressOf(table, block)).length
    if (hits > most || (hits > 0 && hits === most && name === source)) [best, most] = [name, hits]
  }
  return best
}

/** Whether a prefix of the table lies in a block, or around it. */
const hasAddressOf = (table: Table, block: Prefix): boolean =>
  table
    .values(block.family)
    .some(
      ({ prefix }) =>
        prefixContains(block, prefix.family, ...prefix.words) || prefixContains(prefix, block.family, ...block.words),
    )
