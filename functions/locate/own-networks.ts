/**
 * The vendor's own networks: what a vendor publishes of its own addresses is the vendor's word, and cannot carry the vendor's
 * own claim. It takes a source that does not copy it.
 */
import type { Evidence, Location } from '../model.ts'
import { independent, voiceMicros } from './database-evidence.ts'
import { publisherOf } from './database-maker.ts'
import { bracketMicros, nearMicros } from './provider-evidence.ts'
import { providerOf } from './published/publishers.ts'
import { relocated } from './relocated.ts'
import { dayOf } from './snapshots.ts'

/**
 * The location without the vendor's word for it; the same object where it rests on somebody else's too.
 *
 * @param ownNetworks providers, as {@link providerOf} has them
 */
export function withoutOwnWord(location: Location, ownNetworks: readonly string[]): Location {
  const { grade, evidence } = location
  if (ownNetworks.length === 0 || (grade !== 'proven' && grade !== 'corroborated')) return location
  const published = evidence.filter((piece) => piece.supports && isPublished(piece))
  const own = published.find(({ source }) => ownNetworks.includes(providerOf(source)))
  const others = published.filter(({ source }) => !ownNetworks.includes(providerOf(source)))
  if (!own || others.some((piece) => namesRegion(piece, location))) return location
  const voices = independent(databasePublishers(location))
  const counts = voices > 1
  if (counts && location.cloud === null && location.subdivision === null && location.city === null) return location
  const note = (says: string): Evidence => ({
    date: own.date,
    rule: 'own-network',
    says: `By the declaration the networks of ${providerOf(own.source)} are the vendor's own, and what ${own.source} says is the vendor's word: ${says}`,
    source: own.source,
    supports: false,
  })
  if (!counts) {
    const says = 'it takes a source that does not copy it, or handshakes that exclude other places.'
    return relocated(location, { grade: 'suspected', evidence: [...evidence, note(says)] })
  }
  const says = `the country is what ${voices} databases of different origin say as well, and no more than that counts.`
  const country = { subdivision: null, city: null, cloud: null }
  return relocated(location, { grade: 'corroborated', ...country, evidence: [...evidence, note(says)] })
}

const isPublished = ({ source }: Evidence) => /^(ranges|geofeed)\//.test(source)

/** A provider's ranges that name the region itself. Anybody may publish a feed under any name, the vendor too: none counts. */
function namesRegion({ source }: Evidence, { cloud }: Location): boolean {
  return source.startsWith('ranges/') && cloud?.startsWith(`${providerOf(source)}:`) === true
}

/** Who made the databases that speak of the packet's time (docs/decisions/0010), as far as their names tell; nobody where one says otherwise. */
function databasePublishers(location: Location): readonly string[] {
  const databases = location.evidence.filter(({ rule }) => rule === 'database')
  if (databases.some(({ supports }) => !supports)) return []
  const days = daysOfPacket(location)
  const isNear = ({ date }: Evidence) => days?.every((day) => within(voiceMicros, day, date))
  const isBothSides = ({ date, source }: Evidence) =>
    databases.some((other) => other.source === source && other.date !== date && within(bracketMicros, other.date, date))
  const counted = databases.filter((piece) => isNear(piece) || isBothSides(piece))
  return [...new Set(counted.map(({ source }) => publisherOf(source.slice('database/'.length), source)))]
}

const within = (micros: number, day: string | null, other: string | null) =>
  day !== null && other !== null && Math.abs(Date.parse(day) - Date.parse(other)) * 1000 <= micros

/**
 * The days between which the packet was seen, as far as the evidence tells; null where it does not. Of each source evidence
 * speaks only of the snapshots nearest to the packet, one on either side: two dates of one source have it between them. What a
 * single list proves was seen within 35 days of it.
 */
function daysOfPacket({ grade, evidence }: Location): readonly [from: string, until: string] | null {
  const around = evidence.flatMap(({ source, date }) =>
    evidence.flatMap((other) =>
      other.source === source && date !== null && other.date !== null && date < other.date
        ? [{ from: date, until: other.date }]
        : [],
    ),
  )
  const proving = new Set(
    evidence.flatMap(({ rule, supports, date }) => (rule === 'provider-range' && supports && date ? date : [])),
  )
  const [only] = proving
  if (grade === 'proven' && only && proving.size === 1)
    around.push({ from: dayAt(only, -nearMicros), until: dayAt(only, nearMicros) })
  const [from] = around.map((days) => days.from).sort((a, b) => (a > b ? -1 : 1))
  const [until] = around.map((days) => days.until).sort()
  return from && until ? [from, until] : null
}

const dayAt = (day: string, micros: number) => dayOf(Date.parse(day) * 1000 + micros)
