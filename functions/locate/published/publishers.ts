/** Every source of published addresses that can be read, by what it is called in the archive. */
import {
  type AddressList,
  akamai,
  alibaba,
  cloudflare,
  fastly,
  huawei,
  parseAddressList,
  tencent,
  ucloud,
} from './address-lists.ts'
import { parseAnycastList } from './anycast.ts'
import { parseAwsRanges } from './aws.ts'
import { type AzureCloud, azureChina, azureGovernment, azurePublic, parseAzureTags } from './azure.ts'
import { parseGeofeed } from './geofeed.ts'
import { parseGoogleAll, parseGoogleCloud } from './google.ts'
import { parseOracleRanges } from './oracle.ts'
import { digitalocean, linode, type ProviderFeed, parseProviderFeed } from './provider-feeds.ts'
import type { Publisher } from './published.ts'

const list = (list: AddressList, extension: Publisher['extension']): Publisher => ({
  words: list.provider,
  extension,
  parse: (bytes, name) => parseAddressList(bytes, name, list),
})

const azure = (cloud: AzureCloud): Publisher => ({
  words: cloud.publisher,
  extension: 'json',
  parse: (bytes, name) => parseAzureTags(bytes, name, cloud),
})

const feed = (feed: ProviderFeed): Publisher => ({
  words: feed.provider,
  extension: 'csv',
  parse: (bytes, name) => parseProviderFeed(bytes, name, feed),
})

const publishers: ReadonlyMap<string, Publisher> = new Map<string, Publisher>([
  ['ranges/akamai', list(akamai, 'txt')],
  ['ranges/alibaba', list(alibaba, 'csv')],
  ['ranges/aws', { words: 'AWS', extension: 'json', parse: parseAwsRanges }],
  ['ranges/azure', azure(azurePublic)],
  ['ranges/azure-china', azure(azureChina)],
  ['ranges/azure-government', azure(azureGovernment)],
  ['ranges/cloudflare', list(cloudflare, 'json')],
  ['ranges/digitalocean', feed(digitalocean)],
  ['ranges/fastly', list(fastly, 'json')],
  ['ranges/google', { words: 'Google Cloud', extension: 'json', parse: parseGoogleCloud }],
  ['ranges/google-all', { words: 'Google', extension: 'json', parse: parseGoogleAll }],
  ['ranges/huawei', list(huawei, 'csv')],
  ['ranges/linode', feed(linode)],
  ['ranges/oracle', { words: 'Oracle Cloud', extension: 'json', parse: parseOracleRanges }],
  ['ranges/tencent', list(tencent, 'csv')],
  ['ranges/ucloud', list(ucloud, 'csv')],
  ['anycast/bgptools', { words: 'bgp.tools', extension: 'csv', parse: parseAnycastList }],
])

/** Any operator can publish a feed, so any name will do. */
const GEOFEED = /^geofeed\/([a-z0-9][a-z0-9._-]*)$/

/** @param source such as `ranges/aws` or `geofeed/netflix`; null for one that is not known */
export function publisherOf(source: string): Publisher | null {
  const operator = GEOFEED.exec(source)?.[1]
  if (operator !== undefined) return { words: operator, extension: 'csv', parse: parseGeofeed }
  return publishers.get(source) ?? null
}

/** The names of all sources, for a message; `NAME` stands for any. */
export function knownSources(): readonly string[] {
  return [...publishers.keys(), 'geofeed/NAME']
}

/** What else providers' files and feeds are called: some publish one for each of their clouds. */
const PARTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    aws: ['amazon', 'amazon-web-services', 'aws-china', 'aws-cn', 'aws-eusc', 'aws-gov', 'aws-govcloud', 'aws-us-gov'],
    azure: ['azure-china', 'azure-gov', 'azure-government', 'azure-public', 'azure-us-gov', 'microsoft-azure'],
    google: ['gcp', 'google-all', 'google-cloud'],
    oracle: ['oci', 'oracle-cloud', 'oracle-gov', 'oracle-government'],
    alibaba: ['alibaba-china', 'alibaba-cloud', 'alibabacloud', 'alicloud', 'aliyun'],
    huawei: ['huawei-cloud', 'huaweicloud'],
    tencent: ['tencent-cloud', 'tencentcloud'],
  }).flatMap(([provider, names]) => names.map((name) => [name, provider])),
)

/** The provider whose addresses a source is about, as it stands in front of regions: `aws` of `ranges/aws` and `geofeed/aws`. */
export function providerOf(source: string): string {
  const name = source.slice(source.indexOf('/') + 1)
  return PARTS.get(name) ?? name
}
