/**
 * Providers who publish their ranges as a geofeed: DigitalOcean (digitalocean.com/geo/google.csv), and Linode
 * (geoip.linode.com), now part of Akamai. Each line states a place, without a region's name.
 */
import type { Micros } from '../../model.ts'
import { publishBlocks } from './address-lists.ts'
import { type Blocks, blocksByLine, collectedJson, isCollected, isJson } from './collection.ts'
import { readFeed } from './geofeed.ts'
import { parseIsoTime } from './iso-time.ts'
import type { Published } from './published.ts'
import { Reading } from './reading.ts'

export interface ProviderFeed {
  readonly provider: string
  readonly where: string
}

export const digitalocean: ProviderFeed = {
  provider: 'DigitalOcean',
  where: 'https://digitalocean.com/geo/google.csv',
}
export const linode: ProviderFeed = { provider: 'Linode', where: 'https://geoip.linode.com/' }

/** Reads the provider's feed, or what a collection took from it: addresses without a place. */
export function parseProviderFeed(bytes: Uint8Array, name: string, { provider, where }: ProviderFeed): Published {
  const reading = new Reading(bytes, name, `${provider}'s addresses`, where)
  const text = reading.text()
  if (!isJson(text) && !isCollected(text)) return readFeed(reading, text, lastModified)
  const blocks: Blocks | null = isJson(text)
    ? collectedJson(reading, reading.json(), provider)
    : blocksByLine(reading, text, provider)
  if (!blocks) throw reading.error(`it is JSON, but no list of ${provider}'s`)
  return publishBlocks(reading, blocks, null)
}

/**
 * Linode's `# Last modified: 2025-07-24 10:00:06.525037`. It names no zone; copies that others took and dated within half a
 * minute show that it is UTC.
 */
function lastModified(comment: string): Micros | null {
  return parseIsoTime(/^#\s*Last modified:\s*(\S+ \S+)\s*$/i.exec(comment)?.[1])
}
