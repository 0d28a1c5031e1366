/** Every source of published addresses that can be read, by what it is called in the archive. */
import { parseAwsRanges } from './aws.ts'
import type { Publisher } from './published.ts'

const publishers: ReadonlyMap<string, Publisher> = new Map<string, Publisher>([
  ['ranges/aws', { words: 'AWS', extension: 'json', parse: parseAwsRanges }],
])

/** @param source such as `ranges/aws`; null for one that is not known */
export function publisherOf(source: string): Publisher | null {
  return publishers.get(source) ?? null
}

/** The names of all sources, for a message. */
export function knownSources(): readonly string[] {
  return [...publishers.keys()]
}

/** The provider whose addresses a source is about, as it stands in front of regions: `aws` of `ranges/aws` and `geofeed/aws`. */
export function providerOf(source: string): string {
  return source.slice(source.indexOf('/') + 1).replace(/^azure-.*/, 'azure')
}
