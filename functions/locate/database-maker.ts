/** Who makes geolocation databases. Two of one maker are one voice. */
import type { SnapshotFacts } from '../model.ts'

/** The publisher of every database of what the five regional registries delegated to which country. */
export const REGISTRIES = 'registries'

/** Stands for everybody whose databases cannot be told by their name: any of them may be a copy of another. */
export const UNKNOWN_MAKER = 'unknown'

/** Who made a database, from what it calls itself: GeoIP2 and GeoLite2 of any kind are one publisher's. */
export function publisherOf(type: string, source: string): string {
  if (/^geo(ip|lite)/i.test(type)) return 'MaxMind'
  if (/dbip|db-ip/i.test(`${type} ${source}`)) return 'DB-IP'
  if (/ip2(location|lite)/i.test(type)) return 'IP2Location'
  if (/ipinfo/i.test(type)) return 'IPinfo'
  if (/whois|registr|delegat(ed|ions)|asn-country/i.test(source)) return REGISTRIES
  return UNKNOWN_MAKER
}

/** What the licences of free databases ask every page to say that shows their data. */
export function attributionOf(publisher: string): SnapshotFacts['attribution'] {
  if (publisher === 'DB-IP') return { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' }
  if (publisher === 'MaxMind') return { text: 'GeoLite data created by MaxMind', url: 'https://www.maxmind.com' }
  return undefined
}
