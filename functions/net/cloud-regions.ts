/**
 * Where the regions and zones of clouds stand, by keys that carry their provider: `aws:us-west-1`, `google:us-west1`,
 * `azure:westus`, `oracle:us-ashburn-1`, `alibaba:us-west-1`, `tencent:ap-beijing`. Each provider's file under cloud-regions/ names its sources.
 */
import { alibabaRegions } from './cloud-regions/alibaba.ts'
import { awsRegions, awsUnplaced } from './cloud-regions/aws.ts'
import { listedStretches, lookedThrough, type Stretch } from './cloud-regions/aws-listed.ts'
import { azureNames, azureRegions, azureUnplaced } from './cloud-regions/azure.ts'
import { googleRegions } from './cloud-regions/google.ts'
import { oracleRegions } from './cloud-regions/oracle.ts'
import type { RegionFacts } from './cloud-regions/region-facts.ts'
import { tencentRegions } from './cloud-regions/tencent.ts'

export type { RegionFacts } from './cloud-regions/region-facts.ts'

const facts: ReadonlyMap<string, RegionFacts> = new Map(
  [...awsRegions, ...googleRegions, ...azureRegions, ...oracleRegions, ...alibabaRegions, ...tencentRegions].map(
    (region) => [region.key, region],
  ),
)

/** Keys of every region and zone whose place is known, AWS's first. */
export const regionKeys: readonly string[] = [...facts.keys()]

/** Keys of regions and zones that their providers publish, and of which nothing public tells even the country. */
export const unplacedRegions: readonly string[] = [...awsUnplaced, ...azureUnplaced]

/** The provider's other spellings of a key, such as `azure:norwayeast` for the `azure:norwaye` of its ranges. */
export const regionAliases: ReadonlyMap<string, string> = azureNames

/**
 * What is known of a region or zone, by its key or another spelling of it; null where nothing is, and then nothing may be
 * guessed. The `key` of the facts is the one spelling that locations and places are compared by.
 */
export function regionFacts(key: string): RegionFacts | null {
  return facts.get(regionAliases.get(key) ?? key) ?? null
}

const zones = new Map<string, RegionFacts[]>()
for (const one of facts.values())
  if (one.zoneOf !== null) zones.set(one.zoneOf, [...(zones.get(one.zoneOf) ?? []), one])

/** The zones of a region of which the place is known, wherever they stand. */
export function zonesOf(region: string): readonly RegionFacts[] {
  return zones.get(region) ?? []
}

/** The days on which what {@link wasListed} says may change, YYYY-MM-DD; a day on which a name was last listed stands as the one after. */
export const listingChanges: readonly string[] = [
  ...Object.values(listedStretches),
  [[null, lookedThrough] as const],
].flatMap((stretches) =>
  stretches.flatMap(([from, until]) => [...(from ? [from] : []), ...(until ? [dayAfter(until)] : [])]),
)

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400e3).toISOString().slice(0, 10)
}

/**
 * Whether its provider's lists of a day named a region or zone at all: until a zone has a name, its addresses are listed
 * under the region that it belongs to.
 *
 * @param day YYYY-MM-DD, UTC
 * @returns null where that is not known
 */
export function wasListed(key: string, day: string): boolean | null {
  return stretchesOf(key, day)?.some((stretch) => isWithin(stretch, day)) ?? null
}

/**
 * Between which days the lists did not name it, around a day on which they did not: `before 2020-04-07`, `after 2023-04-26 and
 * before 2026-05-13`. The same for every such day.
 */
export function unlistedWords(key: string, day: string): string {
  const stretches = stretchesOf(key, day) ?? []
  const last = stretches.findLast(([, until]) => until !== null && until < day)?.[1]
  const next = stretches.find(([from]) => from > day)?.[0]
  if (!last) return next ? `before ${next}` : 'then'
  return next ? `after ${last} and before ${next}` : `after ${last}`
}

/** The day from which on the lists named it, up to a day on which they did; null where that is not known. */
export function namedSince(key: string, day: string): string | null {
  return stretchesOf(key, day)?.find((stretch) => isWithin(stretch, day))?.[0] ?? null
}

function stretchesOf(key: string, day: string): readonly Stretch[] | null {
  const name = key.startsWith('aws:') ? key.slice('aws:'.length) : ''
  return day > lookedThrough ? null : (listedStretches[name] ?? null)
}

function isWithin([from, until]: Stretch, day: string): boolean {
  return day >= from && (until === null || day <= until)
}
