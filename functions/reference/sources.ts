/**
 * Where every source is published. docs/snapshots.md says of each what it is, under which terms, and how often it changes.
 */

export interface Source {
  /** Such as `ranges/aws`; the archive and the parsers know it by this name. */
  readonly source: string
  /** Addresses, tried in order until one is there. Some carry the month. @param now when it is fetched */
  urls(now: Date): readonly string[]
  /** The rest of a list that is published in several files of lines: a snapshot has them one after the other. */
  readonly followedBy?: readonly string[]
  /** Where the address is that of a page which links to the file: the name of the file. */
  readonly linkedAs?: RegExp
  /** Hosts, besides that of the address, that the file may lie on. */
  readonly hosts?: readonly string[]
  /** Where the publisher says that it is there. */
  readonly documentation: string
  /** A geolocation database: large, and fetched only when it is asked for. */
  readonly isDatabase?: true
}

const at = (url: string) => () => [url]

/** @param cloud as the file's name has it: `Public`, `China`, `AzureGovernment` */
const azure = (source: string, id: number, cloud: string): Source => ({
  source,
  // The file's address changes every week; the page of the Download Center names it.
  urls: at(`https://www.microsoft.com/en-us/download/details.aspx?id=${id}`),
  linkedAs: new RegExp(`^ServiceTags_${cloud}_\\d{8}\\.json$`),
  hosts: ['download.microsoft.com'],
  documentation:
    'https://learn.microsoft.com/azure/virtual-network/service-tags-overview#discover-service-tags-by-using-downloadable-json-files',
})

/** Where a cloud publishes no file of its own: a public collection, made daily from what its networks announce. */
const collected = (source: string, name: string): Source => ({
  source,
  urls: at(`https://raw.githubusercontent.com/disposable/cloud-ip-ranges/master/csv/${name}.csv`),
  documentation: 'https://github.com/disposable/cloud-ip-ranges',
})

/** Of this month, and of the last one while this month's is not there yet. */
function dbIp(now: Date): readonly string[] {
  const month = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back)).toISOString().slice(0, 7)
  return [0, 1].map((back) => `https://download.db-ip.com/free/dbip-city-lite-${month(back)}.mmdb.gz`)
}

export const SOURCES: readonly Source[] = [
  {
    source: 'ranges/aws',
    urls: at('https://ip-ranges.amazonaws.com/ip-ranges.json'),
    documentation: 'https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html',
  },
  {
    source: 'geofeed/aws',
    urls: at('https://ip-ranges.amazonaws.com/geo-ip-feed.csv'),
    documentation: 'https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html',
  },
  {
    source: 'ranges/google',
    urls: at('https://www.gstatic.com/ipranges/cloud.json'),
    documentation: 'https://cloud.google.com/vpc/docs/configure-private-google-access#ip-addr-defaults',
  },
  {
    source: 'ranges/google-all',
    urls: at('https://www.gstatic.com/ipranges/goog.json'),
    documentation: 'https://support.google.com/a/answer/10026322',
  },
  {
    source: 'geofeed/google',
    urls: at('https://www.gstatic.com/ipranges/cloud_geofeed'),
    documentation: 'https://cloud.google.com/compute/docs/faq#find_ip_range',
  },
  azure('ranges/azure', 56519, 'Public'),
  azure('ranges/azure-china', 57062, 'China'),
  azure('ranges/azure-government', 57063, 'AzureGovernment'),
  {
    source: 'ranges/oracle',
    urls: at('https://docs.oracle.com/iaas/tools/public_ip_ranges.json'),
    hosts: ['docs.cloud.oracle.com'],
    documentation: 'https://docs.oracle.com/iaas/Content/General/Concepts/addressranges.htm',
  },
  {
    source: 'ranges/cloudflare',
    urls: at('https://api.cloudflare.com/client/v4/ips'),
    documentation: 'https://www.cloudflare.com/ips/',
  },
  {
    source: 'ranges/fastly',
    urls: at('https://api.fastly.com/public-ip-list'),
    documentation: 'https://www.fastly.com/documentation/reference/api/utils/public-ip-list/',
  },
  {
    source: 'ranges/akamai',
    urls: at('https://techdocs.akamai.com/property-manager/pdfs/akamai_ipv4_CIDRs.txt'),
    followedBy: ['https://techdocs.akamai.com/property-manager/pdfs/akamai_ipv6_CIDRs.txt'],
    documentation: 'https://techdocs.akamai.com/origin-ip-acl/docs/update-your-origin-server',
  },
  {
    source: 'ranges/digitalocean',
    urls: at('https://digitalocean.com/geo/google.csv'),
    documentation: 'https://docs.digitalocean.com/platform/',
  },
  {
    source: 'ranges/linode',
    urls: at('https://geoip.linode.com/'),
    documentation: 'https://geoip.linode.com/',
  },
  collected('ranges/alibaba', 'alibaba'),
  collected('ranges/tencent', 'tencent'),
  collected('ranges/huawei', 'huawei-cloud'),
  collected('ranges/ucloud', 'ucloud'),
  {
    source: 'anycast/bgptools',
    urls: at('https://raw.githubusercontent.com/bgptools/anycast-prefixes/master/anycatch-v4-prefixes.csv'),
    followedBy: ['https://raw.githubusercontent.com/bgptools/anycast-prefixes/master/anycatch-v6-prefixes.csv'],
    documentation: 'https://bgp.tools/kb/anycatch',
  },
  {
    source: 'database/dbip-city',
    urls: dbIp,
    documentation: 'https://db-ip.com/db/download/ip-to-city-lite',
    isDatabase: true,
  },
  {
    source: 'database/geo-whois-asn-country',
    urls: at('https://cdn.jsdelivr.net/npm/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'),
    documentation: 'https://github.com/sapics/ip-location-db',
    isDatabase: true,
  },
]
