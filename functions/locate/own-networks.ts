/**
 * The vendor's own networks: what a vendor publishes of its own addresses is the vendor's word, and cannot carry the vendor's
 * own claim. It takes a source that does not copy it.
 */
import type { Evidence, Location } from '../model.ts'
import { relocated } from './relocated.ts'

/**
 * The location without the vendor's word for it; the same object where it rests on somebody else's too.
 *
 * @param ownNetworks names of providers, as in `ranges/<name>` and `geofeed/<name>`
 */
export function withoutOwnWord(location: Location, ownNetworks: readonly string[]): Location {
  const { grade, evidence } = location
  if (ownNetworks.length === 0 || (grade !== 'proven' && grade !== 'corroborated')) return location
  const published = evidence.filter((piece) => piece.supports && isPublished(piece))
  const own = published.find(({ source }) => ownNetworks.includes(publisherOf(source)))
  const others = published.filter(({ source }) => !ownNetworks.includes(publisherOf(source)))
  if (!own || others.some((piece) => namesRegion(piece, location))) return location
  const databases = new Set(databasesOfOneMind(evidence).map(({ source }) => makerOf(source)))
  const counts = databases.size > 1
  if (counts && location.cloud === null && location.subdivision === null && location.city === null) return location
  const note = (says: string): Evidence => ({
    date: own.date,
    rule: 'own-network',
    says: `By the declaration the networks of ${publisherOf(own.source)} are the vendor's own, and what ${own.source} says is the vendor's word: ${says}`,
    source: own.source,
    supports: false,
  })
  if (!counts) {
    const says = 'it takes a source that does not copy it, or handshakes that exclude other places.'
    return relocated(location, { grade: 'suspected', evidence: [...evidence, note(says)] })
  }
  const says = `the country is what ${databases.size} databases of different origin say as well, and no more than that counts.`
  const country = { subdivision: null, city: null, cloud: null }
  return relocated(location, { grade: 'corroborated', ...country, evidence: [...evidence, note(says)] })
}

const isPublished = ({ source }: Evidence) => /^(ranges|geofeed)\//.test(source)

/** Another provider's ranges that name the region itself. Anybody may publish a feed under any name, the vendor too: none counts. */
function namesRegion({ source }: Evidence, { cloud }: Location): boolean {
  return source.startsWith('ranges/') && (cloud === null || cloud.startsWith(`${publisherOf(source)}:`))
}

/** Databases, if none of them says otherwise. */
function databasesOfOneMind(evidence: readonly Evidence[]): readonly Evidence[] {
  const databases = evidence.filter(({ rule }) => rule === 'database')
  return databases.every(({ supports }) => supports) ? databases : []
}

/** `alibaba` of `ranges/alibaba`; Azure's clouds have a file each. */
const publisherOf = (source: string) => source.slice(source.indexOf('/') + 1).replace(/^azure-.*/, 'azure')

/** Who made a database, as far as its name tells: two databases of one maker are not independent. */
function makerOf(source: string): string {
  if (/dbip|db-ip/i.test(source)) return 'DB-IP'
  if (/geo(ip|lite)|maxmind/i.test(source)) return 'MaxMind'
  return /whois|delegated|asn-country/i.test(source) ? 'registries' : source
}
