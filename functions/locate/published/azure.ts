/**
 * Azure's service tags, `ServiceTags_*.json` (learn.microsoft.com/azure/virtual-network/service-tags-overview): what each
 * service's addresses are, in all regions and once more in each. `AzureCloud.<region>` has the addresses of a data centre's
 * region. The file has no date.
 */
import { type Prefix, PrefixTable } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { union } from './merge-entries.ts'
import { entryOf, nothingMore, type Published, type Words } from './published.ts'
import { isName, objectOf, parseBlock, quote, Reading } from './reading.ts'

/**
 * Services whose addresses serve many places, by the tag's name before the first dot. Front Door's frontends are anycast
 * (learn.microsoft.com/azure/frontdoor/front-door-faq), its backends the same points of presence; Traffic Manager answers DNS
 * and probes, and nobody connects to it (learn.microsoft.com/azure/traffic-manager/traffic-manager-faqs).
 */
const handingOn: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AzureCDN: 'Azure CDN, a content delivery network',
    AzureFrontDoor: 'Azure Front Door, a content delivery network announced from many places',
    AzureTrafficManager: 'Azure Traffic Manager, which directs and probes from many places',
  }),
)

/** The tag of all addresses, which names no service. */
const UMBRELLA = 'AzureCloud'

/** A cloud of Azure's, apart from the others. */
export interface AzureCloud {
  /** The file's own word, `cloud`. */
  readonly cloud: string
  readonly publisher: string
  readonly where: string
}

const detailsOf = (id: number) => `https://www.microsoft.com/en-us/download/details.aspx?id=${id}`
export const azurePublic: AzureCloud = { cloud: 'Public', publisher: 'Azure', where: detailsOf(56519) }
export const azureChina: AzureCloud = { cloud: 'China', publisher: 'Azure China (21Vianet)', where: detailsOf(57062) }
export const azureGovernment: AzureCloud = {
  cloud: 'AzureGovernment',
  publisher: 'Azure Government',
  where: detailsOf(57063),
}

/** One tag of the file, or rather what is of interest of it. */
interface Tag {
  readonly service: string
  /** As `properties.region` has it, in lower case: `centralfrance` where the tag's name has `FranceCentral`; empty for none. */
  readonly region: string
  readonly prefixes: readonly unknown[]
}

function tagOf(value: unknown): Tag | null {
  const { name, properties } = objectOf(value)
  const { region = '', addressPrefixes: prefixes } = objectOf(properties)
  if (!isName(name) || typeof region !== 'string' || (region !== '' && !isName(region)) || !Array.isArray(prefixes))
    return null
  return { service: name.split('.')[0] ?? name, region: region.toLowerCase(), prefixes }
}

/** In order, and the umbrella only where it stands alone. */
function distinctServices(services: readonly string[]): readonly string[] {
  const named = services.filter((service) => service !== UMBRELLA)
  return union(named.length > 0 ? named : services)
}

/**
 * Tags that a prefix stands in. The file repeats most prefixes in two to four tags, in the same few thousand ways, so each way
 * is one object.
 */
class Tags {
  readonly #fewer: Tags | null
  readonly #last: Tag | null
  readonly #more = new Map<Tag, Tags>()
  #words: Words | null = null

  /** No tags, or those of another way and one more. */
  constructor(fewer: Tags | null = null, last: Tag | null = null) {
    this.#fewer = fewer
    this.#last = last
  }

  and(tag: Tag): Tags {
    const known = this.#more.get(tag)
    if (known) return known
    const more = new Tags(this, tag)
    this.#more.set(tag, more)
    return more
  }

  /**
   * What they say together. A region outweighs tags without one: these list a service's addresses of all regions. Several
   * regions stand side by side, because the file then contradicts itself.
   */
  get words(): Words {
    this.#words ??= this.#join()
    return this.#words
  }

  #join(): Words {
    const tags: Tag[] = []
    for (let way: Tags | null = this; way !== null; way = way.#fewer) if (way.#last !== null) tags.push(way.#last)
    const regions = union(tags.flatMap(({ region }) => (region === '' ? [] : `azure:${region}`)))
    const services = distinctServices(tags.map(({ service }) => service))
    const what = services.flatMap((service) => handingOn.get(service) ?? [])[0] ?? null
    return {
      ...nothingMore,
      regions,
      services,
      edge: regions.length === 0 ? what : null,
      doubt: regions.length === 0 ? null : what,
    }
  }
}

/**
 * The tags of each prefix, by its text.
 *
 * @throws SnapshotError that names the first tag that is not of the file's form
 */
function tagsByPrefix(reading: Reading, values: readonly unknown[]): ReadonlyMap<unknown, Tags> {
  const found = new Map<unknown, Tags>()
  const none = new Tags()
  for (const [index, value] of values.entries()) {
    const tag = tagOf(value)
    if (!tag)
      throw reading.error(
        `tag ${index + 1} of ${values.length} has no valid name, properties.region or properties.addressPrefixes: ${quote(value)}`,
      )
    for (const text of tag.prefixes) found.set(text, (found.get(text) ?? none).and(tag))
  }
  return found
}

const LEFT_OUT = 'of tags without a region, within a prefix that says more'

/** Reads the file of one cloud. */
export function parseAzureTags(bytes: Uint8Array, name: string, { cloud, publisher, where }: AzureCloud): Published {
  const reading = new Reading(bytes, name, `${publisher}'s service tags (ServiceTags_….json)`, where)
  const file = reading.json()
  if (!Array.isArray(file.values) || typeof file.cloud !== 'string')
    throw reading.error('it needs cloud, changeNumber and the list values')
  if (file.cloud !== cloud)
    throw reading.error(`it is of another cloud of Azure's, ${quote(file.cloud)}, where ${quote(cloud)} is expected`)
  const placed: (readonly [Prefix, RangeEntry])[] = []
  const unplaced: (readonly [Prefix, RangeEntry])[] = []
  for (const [text, { words }] of tagsByPrefix(reading, file.values)) {
    const prefix = parseBlock(text)
    if (!prefix) throw reading.error(`a prefix of the tag ${words.services[0]} is none: ${quote(text)}`)
    const list = words.regions.length === 0 && words.edge === null ? unplaced : placed
    list.push(entryOf(prefix, words))
  }
  if (placed.length + unplaced.length === 0) throw reading.error('it lists no prefix at all')
  // A service's address within a region's prefix stands in that region: the tag only does not say so.
  const regions = new PrefixTable(placed, mergeSpellings)
  const kept = unplaced.filter(([{ family, words: start, length }]) => {
    const around = regions.find(family, ...start)
    return !around || around.prefix.length >= length
  })
  return {
    time: null,
    table: new PrefixTable([...placed, ...kept], mergeSpellings),
    badLines: [],
    leftOut: kept.length === unplaced.length ? {} : { [LEFT_OUT]: unplaced.length - kept.length },
  }
}

/** Joins what two spellings of one prefix say, by the rule of {@link Tags.words}. */
function mergeSpellings(one: RangeEntry, other: RangeEntry): RangeEntry {
  const regions = union(one.regions, other.regions)
  const what = [one.edge, one.doubt, other.edge, other.doubt].filter((words) => words !== null).sort()[0] ?? null
  return {
    prefix: one.prefix,
    regions,
    services: distinctServices([...one.services, ...other.services]),
    edge: regions.length === 0 ? what : null,
    doubt: regions.length === 0 ? null : what,
    stated: null,
  }
}
