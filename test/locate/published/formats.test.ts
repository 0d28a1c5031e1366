import { describe, expect, it } from 'vitest'
import { SnapshotError } from '../../../functions/errors.ts'
import { publisherOf } from '../../../functions/locate/published/publishers.ts'
import { parseAddress } from '../../../functions/net/address.ts'
import { formatPrefix } from '../../../functions/net/prefix.ts'

const parse = (source: string, text: string) => {
  const publisher = publisherOf(source)
  if (!publisher) throw new Error(source)
  return publisher.parse(Buffer.from(text), 'given-file')
}

/** What the file says of an address, on one line: the prefix, then regions, services, edge and doubt, where there are any. */
function says(source: string, text: string, ip: string): string | null {
  const address = parseAddress(ip)
  const entry = address && parse(source, text).table.find(address.family, ...address.words)
  if (!entry) return null
  const { prefix, regions, services, edge, doubt } = entry
  const parts = [
    formatPrefix(prefix),
    regions.join(' '),
    services.join('+'),
    edge && `edge: ${edge}`,
    doubt && `doubt: ${doubt}`,
  ]
  return parts.filter((part) => part).join(' | ')
}

const timeOf = (source: string, text: string) => {
  const { time } = parse(source, text)
  return time === null ? null : new Date(time / 1000).toISOString()
}

const tag = (name: string, region: string, ...addressPrefixes: string[]) => ({
  name,
  id: name,
  properties: { changeNumber: 1, region, regionId: 0, platform: 'Azure', systemService: '', addressPrefixes },
})
const azure = (...values: unknown[]) => JSON.stringify({ changeNumber: 7, cloud: 'Public', values })

const azureFile = azure(
  tag('AzureCloud', '', '13.86.0.0/17', '20.0.0.0/24', '13.73.248.16/29'),
  tag('AzureCloud.centralus', 'centralus', '13.86.0.0/17'),
  tag('AzureCloud.centralfrance', 'centralfrance', '20.40.128.0/19', '2603:1020:800::/46'),
  tag('Storage.FranceCentral', 'CentralFrance', '20.40.128.0/19'),
  tag('AppService', '', '20.40.128.0/19', '13.86.97.224/28'),
  tag('AzureFrontDoor.Frontend', '', '13.73.248.16/29', '13.86.1.0/28'),
  tag('Sql.WestUS', 'westus', '40.78.0.0/17'),
  tag('Sql.EastUS', 'eastus', '40.78.0.0/17'),
  tag('AzureTrafficManager', '', '40.68.30.66/32'),
)

const google = JSON.stringify({
  syncToken: '1753409788780',
  creationTime: '2025-07-24T19:16:28.780563',
  prefixes: [
    { ipv4Prefix: '34.82.0.0/15', service: 'Google Cloud', scope: 'us-west1' },
    { ipv6Prefix: '2600:1900:4040::/44', service: 'Google Cloud', scope: 'us-west1' },
    { ipv4Prefix: '34.96.64.0/18', service: 'Google Cloud', scope: 'global' },
  ],
})

const oracle = JSON.stringify({
  last_updated_timestamp: '2025-07-21T07:13:25.457838',
  regions: [
    {
      region: 'us-ashburn-1',
      cidrs: [
        { cidr: '129.213.8.0/21', tags: ['OCI'] },
        { cidr: '134.70.24.0/21', tags: ['OSN', 'OBJECT_STORAGE'] },
      ],
    },
  ],
})

const cloudflareApi = JSON.stringify({
  result: { ipv4_cidrs: ['104.16.0.0/13'], ipv6_cidrs: ['2606:4700::/32'], etag: 'x' },
  success: true,
  errors: [],
  messages: [],
})
const collected = (provider: string) =>
  JSON.stringify({
    provider,
    source: 'AS0',
    last_update: '2025-07-05T01:22:16.519523',
    ipv4: ['101.44.0.0/20'],
    ipv6: [],
  })
const cdn = (name: string) => `edge: ${name}, a content delivery network announced from many places`

describe('what a published file says of an address', () => {
  it.each([
    ['ranges/google', google, '34.83.1.1', '34.82.0.0/15 | google:us-west1 | Google Cloud'],
    ['ranges/google', google, '2600:1900:4040::1', '2600:1900:4040::/44 | google:us-west1 | Google Cloud'],
    [
      'ranges/google',
      google,
      '34.96.64.1',
      '34.96.64.0/18 | Google Cloud | edge: an address that Google Cloud assigns to no region (global)',
    ],
    ['ranges/google', google, '8.8.8.8', null],
    [
      'ranges/google-all',
      JSON.stringify({ creationTime: '2025-07-24T19:16:28', prefixes: [{ ipv4Prefix: '8.8.8.0/24' }] }),
      '8.8.8.8',
      '8.8.8.0/24',
    ],
    ['ranges/oracle', oracle, '129.213.8.1', '129.213.8.0/21 | oracle:us-ashburn-1 | OCI'],
    ['ranges/oracle', oracle, '134.70.24.1', '134.70.24.0/21 | oracle:us-ashburn-1 | OBJECT_STORAGE+OSN'],
    // A service's prefix without a region does not hide the region around it.
    ['ranges/azure', azureFile, '13.86.97.225', '13.86.0.0/17 | azure:centralus | AzureCloud'],
    // The key is properties.region's, not the tag's name's.
    ['ranges/azure', azureFile, '20.40.128.1', '20.40.128.0/19 | azure:centralfrance | AppService+Storage'],
    ['ranges/azure', azureFile, '2603:1020:800::1', '2603:1020:800::/46 | azure:centralfrance | AzureCloud'],
    ['ranges/azure', azureFile, '20.0.0.1', '20.0.0.0/24 | AzureCloud'],
    ['ranges/azure', azureFile, '13.73.248.17', `13.73.248.16/29 | AzureFrontDoor | ${cdn('Azure Front Door')}`],
    ['ranges/azure', azureFile, '13.86.1.1', `13.86.1.0/28 | AzureFrontDoor | ${cdn('Azure Front Door')}`],
    ['ranges/azure', azureFile, '40.78.0.1', '40.78.0.0/17 | azure:eastus azure:westus | Sql'],
    [
      'ranges/azure',
      azureFile,
      '40.68.30.66',
      '40.68.30.66/32 | AzureTrafficManager | edge: Azure Traffic Manager, which directs and probes from many places',
    ],
    [
      'ranges/azure',
      azure(tag('AzureFrontDoor.X', 'westus', '1.2.3.0/24')),
      '1.2.3.4',
      `1.2.3.0/24 | azure:westus | AzureFrontDoor | ${cdn('Azure Front Door').replace('edge', 'doubt')}`,
    ],
    [
      'ranges/azure-china',
      azureFile.replace('Public', 'China').replaceAll('centralus', 'chinaeast2'),
      '13.86.0.1',
      '13.86.0.0/17 | azure:chinaeast2 | AzureCloud',
    ],
    ['ranges/cloudflare', '173.245.48.0/20\n103.21.244.0/22', '173.245.48.1', `173.245.48.0/20 | ${cdn('Cloudflare')}`],
    ['ranges/cloudflare', cloudflareApi, '2606:4700::1111', `2606:4700::/32 | ${cdn('Cloudflare')}`],
    [
      'ranges/cloudflare',
      'Type,Address\r\nIPv4,104.16.0.0/13\r\nIPv6,2606:4700::/32\r\n',
      '104.16.1.1',
      `104.16.0.0/13 | ${cdn('Cloudflare')}`,
    ],
    [
      'ranges/cloudflare',
      '# provider: Cloudflare\n# last_update: 2025-05-06T21:11:42.5\n\n104.16.0.0/13\n',
      '104.16.1.1',
      `104.16.0.0/13 | ${cdn('Cloudflare')}`,
    ],
    [
      'ranges/fastly',
      '{"addresses":["151.101.0.0/16"],"ipv6_addresses":["2a04:4e40::/32"]}',
      '151.101.1.1',
      `151.101.0.0/16 | ${cdn('Fastly')}`,
    ],
    [
      'ranges/akamai',
      '23.32.0.0/11\t\n2.16.0.0/13\t\n',
      '2.17.0.1',
      '2.16.0.0/13 | edge: Akamai, a content delivery network with servers in many places',
    ],
    ['ranges/huawei', collected('Huawei Cloud'), '101.44.0.1', '101.44.0.0/20'],
    ['ranges/tencent', collected('Tencent'), '101.44.0.1', '101.44.0.0/20'],
    ['ranges/alibaba', 'Type,Address\nIPv4,47.88.0.0/16\nIPv6,240b:4000::/32\n', '47.88.0.1', '47.88.0.0/16'],
    ['ranges/linode', collected('Linode'), '101.44.0.1', '101.44.0.0/20'],
    ['ranges/digitalocean', collected('Digitalocean'), '101.44.0.1', '101.44.0.0/20'],
    [
      'anycast/bgptools',
      '1.1.1.0/24,1.1.1.0\n1.12.0.0/20,1.12.0.0\n',
      '1.1.1.1',
      '1.1.1.0/24 | edge: announced from many places (anycast)',
    ],
    // One address of a large announced prefix proves nothing of the others.
    ['anycast/bgptools', '1.1.1.0/24,1.1.1.0\n1.12.0.0/20,1.12.0.0\n', '1.12.0.0', null],
    [
      'anycast/bgptools',
      '# found today\n2001:500:1::/48\n2001:db8::/45\n',
      '2001:500:1::53',
      '2001:500:1::/48 | edge: announced from many places (anycast)',
    ],
    ['anycast/bgptools', '# found today\n2001:500:1::/48\n2001:db8::/45\n', '2001:db8::1', null],
  ])('%s %#: %3$s', (source, text, ip, expected) => {
    expect(says(source, text, ip)).toBe(expected)
  })

  it('does not depend on the order of tags, nor on how a prefix is spelt', () => {
    const tags = [
      tag('AzureCloud.westus', 'westus', '2603:1030:0::/46'),
      tag('Storage', '', '2603:1030::/46'),
      tag('AzureFrontDoor.Backend', '', '2603:1030:0:0::/46'),
    ]
    const expected = `2603:1030::/46 | azure:westus | AzureFrontDoor+Storage | ${cdn('Azure Front Door').replace('edge', 'doubt')}`
    const [a, b, c] = tags
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ])
      expect(says('ranges/azure', azure(...order), '2603:1030::1')).toBe(expected)
  })

  it('counts what is left out', () => {
    expect(parse('ranges/azure', azureFile).leftOut).toEqual({
      'of tags without a region, within a prefix that says more': 1,
    })
    expect(parse('anycast/bgptools', '1.1.1.0/24,1.1.1.0\n1.12.0.0/20,1.12.0.0\n').leftOut).toEqual({
      'shorter than /22 (IPv4) or /46 (IPv6)': 1,
    })
  })
})

describe('the time of a published file', () => {
  it.each([
    // Google's creationTime is California's, seven hours behind; the token is Unix time.
    ['ranges/google', google, '2025-07-25T02:16:28.780Z'],
    ['ranges/google', google.replace('1753409788780', '0'), '2025-07-24T19:16:28.780Z'],
    ['ranges/oracle', oracle, '2025-07-21T07:13:25.457Z'],
    ['ranges/huawei', collected('Huawei Cloud'), '2025-07-05T01:22:16.519Z'],
    [
      'ranges/cloudflare',
      '# provider: Cloudflare\n# last_update: 2025-05-06T21:11:42.5\n104.16.0.0/13\n',
      '2025-05-06T21:11:42.500Z',
    ],
    [
      'ranges/linode',
      '# Last modified: 2025-07-24 10:00:06.525037\n2600:3c00::/32,US,US-TX,Richardson,\n',
      '2025-07-24T10:00:06.525Z',
    ],
    [
      'geofeed/aws',
      '# AWS Geofeed, lastupdated (rfc3339): 2026-08-22T16:53:12+00:00\n3.0.0.0/15,SG,,,\n',
      '2026-08-22T16:53:12.000Z',
    ],
    [
      'geofeed/x',
      '# lastupdated (rfc3339): 2026-02-20T14:20:30+01:00,,,,\n3.0.0.0/15,SG,,,\n',
      '2026-02-20T13:20:30.000Z',
    ],
    ['geofeed/x', '# lastupdated (rfc3339): 2026-02-31T14:20:30Z\n3.0.0.0/15,SG,,,\n', null],
    ['geofeed/x', '# lastupdated (rfc3339): 2026-02-20T14:20:30\n3.0.0.0/15,SG,,,\n', null],
    ['geofeed/x', '# updated yesterday\n3.0.0.0/15,SG,,,\n', null],
    ['ranges/azure', azureFile, null],
    ['ranges/cloudflare', '104.16.0.0/13', null],
    ['anycast/bgptools', '1.1.1.0/24', null],
  ])('of %s %# is %3$s', (source, text, expected) => {
    expect(timeOf(source, text)).toBe(expected)
  })
})

describe('a file that is not what its source says', () => {
  it.each([
    ['ranges/google', google.slice(0, 300), /not whole/],
    ['ranges/google', google.replace('34.82.0.0/15', '34.82.0.0/5'), /prefix 1 of 3 has no valid/],
    ['ranges/google', google.replace('"us-west1"', '"<b>"'), /prefix 1 of 3/],
    ['ranges/google', google.replace('"us-west1"', '{"toString":1}'), /prefix 1 of 3/],
    ['ranges/google', google.replaceAll(/,"scope":"[^"]*"/g, ''), /service and scope/],
    ['ranges/google', google.replace('2025-07-24T', '2025-07-34T'), /needs creationTime/],
    ['ranges/google', '{"creationTime":"2025-07-24T19:16:28","prefixes":[]}', /no prefix at all/],
    ['ranges/google', oracle, /cloud\.json: it needs creationTime.*gstatic/],
    ['ranges/google-all', google, /goog\.json/],
    ['ranges/oracle', google, /public_ip_ranges\.json: it needs last_updated_timestamp.*docs\.oracle\.com/],
    ['ranges/oracle', oracle.replace('129.213.8.0/21', '129.213.8.0/2'), /a block of us-ashburn-1/],
    ['ranges/oracle', oracle.replace('"cidrs"', '"cidr"'), /region 1 of 1/],
    ['ranges/azure', azureFile.replace('Public', 'China'), /another cloud of Azure's, "China", where "Public"/],
    ['ranges/azure-china', azureFile, /another cloud.*details\.aspx\?id=57062/],
    ['ranges/azure-government', azureFile, /another cloud.*details\.aspx\?id=57063/],
    ['ranges/azure', azureFile.replace('"addressPrefixes"', '"prefixes"'), /tag 1 of 9/],
    [
      'ranges/azure',
      azureFile.replaceAll('13.86.0.0/17', '13.86.0.0/1'),
      /a prefix of the tag AzureCloud is none: "13.86.0.0\/1"/,
    ],
    ['ranges/azure', azure(), /no prefix at all/],
    ['ranges/azure', cloudflareApi, /needs cloud, changeNumber and the list values/],
    ['ranges/cloudflare', collected('Fastly'), /another provider, "Fastly"/],
    ['ranges/cloudflare', '{"addresses":["151.101.0.0/16"]}', /JSON, but no list of Cloudflare's/],
    ['ranges/cloudflare', '104.16.0.0/13\n104.16.0.0/1', /line 2 is not a prefix: "104.16.0.0\/1"/],
    ['ranges/cloudflare', 'Type,Address\nIPv6,104.16.0.0/13', /line 2 is not IPv4 or IPv6 and a prefix/],
    ['ranges/fastly', '{"addresses":[]}', /no prefix at all/],
    ['ranges/fastly', '{"addresses":["2a04:4e40::/32"]}', /1 of 1 in addresses/],
    ['ranges/akamai', '# provider: Linode\n2.16.0.0/13', /another provider, "Linode"/],
    ['ranges/akamai', '0.0.0.0/0', /line 1 is not a prefix/],
    ['ranges/tencent', collected('Huawei Cloud'), /another provider/],
    ['ranges/linode', collected('Akamai'), /another provider.*geoip\.linode\.com/],
    ['ranges/linode', '{"a":1}', /JSON, but no list of Linode's/],
    ['anycast/bgptools', '1.1.1.0/24,US,,,', /line 1 is not a prefix, or a prefix and an address in it/],
    ['anycast/bgptools', '1.1.1.0/24,1.1.2.0', /line 1/],
    ['anycast/bgptools', '1.12.0.0/20,1.12.0.0', /no prefix but 1 shorter/],
    ['geofeed/x', google, /1 of its 1 lines are bad; line 1 has/],
  ])('%s %# is refused: %3$s', (source, text, message) => {
    expect(() => parse(source, text)).toThrow(SnapshotError)
    expect(() => parse(source, text)).toThrow(message)
    expect(() => parse(source, text)).toThrow(/^given-file: reading .*; get it from \S/)
  })
})
