import { describe, expect, it } from 'vitest'
import { loadDeclaration } from '../../functions/declare/load.ts'
import { changed, declaration, shown } from './fault-cases.ts'

/** The tenth of January 2015, when the waiver of the example is in force. */
const asOf = Date.UTC(2015, 0, 10) * 1000

/** What is wrong; the text that is replaced, and by what; and every fault that is found. */
const cases: readonly (readonly [what: string, from: string, to: string, faults: readonly string[]])[] = [
  [
    'a key that nobody knows',
    '  title: Data moves',
    '  titel: Data moves',
    [
      '3:1 error metadata.title: `title` is missing (Title of the declaration): write `title: International user data leaves Beijing`',
      '6:3 error metadata.titel: unknown key `titel`: did you mean `title`?',
    ],
  ],
  [
    'a key in the wrong map',
    'coverage: {',
    'timezone: UTC\ncoverage: {',
    ['29:1 error timezone: unknown key `timezone`: it belongs into `metadata`'],
  ],
  [
    'a key in snake case',
    'undeclaredHosts: { vendorSuffixes',
    'undeclaredHosts: { vendor_suffixes',
    [
      "27:1 error undeclaredHosts.vendorSuffixes: `vendorSuffixes` is missing (Suffixes that are the vendor's own): write `vendorSuffixes: [xiaomi.com]`",
      '27:20 error undeclaredHosts.vendor_suffixes: unknown key `vendor_suffixes`: did you mean `vendorSuffixes`?',
    ],
  ],
  [
    'a key that is missing',
    '  vendor: Example Inc.\n',
    '',
    ['3:1 error metadata.vendor: `vendor` is missing (Who declares): write `vendor: Xiaomi Inc.`'],
  ],
  [
    'a key without a value',
    'vendor: Example Inc.',
    'vendor:',
    ['7:10 error metadata.vendor: has no value: write `vendor: Xiaomi Inc.`'],
  ],
  [
    'a number for text',
    'title: Data moves',
    'title: 2014',
    ['6:10 error metadata.title: must be text, but is the number 2014: put it in quotes'],
  ],
  [
    'text for a list',
    'hosts: [account.example.com]',
    'hosts: account.example.com',
    [
      '18:12 error services[0].hosts: must be a list, but is the text `account.example.com`: write `[account.example.com]`',
    ],
  ],
  [
    'a list for a map',
    'metadata:\n  id: example-2014\n  version: 1\n  title: Data moves\n  vendor: Example Inc.\n  timezone: Asia/Shanghai',
    'metadata: [1]',
    [
      '3:11 error metadata: must be a map of keys, but is a list: write `metadata: { id: …, version: …, title: …, vendor: …, timezone: … }`',
    ],
  ],
  [
    'a fraction for a whole number',
    'version: 1',
    'version: 1.5',
    ['5:12 error metadata.version: must be a whole number, but is 1.5: write `version: 1`'],
  ],
  [
    'a number below its least',
    'version: 1',
    'version: 0',
    ['5:12 error metadata.version: is 0, which is too small: write a number from 1'],
  ],
  [
    'a share above one',
    'indeterminateFlows: 0.02',
    'indeterminateFlows: 2',
    ['30:34 error tolerance.indeterminateFlows: is 2, which is too large: write a number up to 1'],
  ],
  [
    'no number',
    'indeterminateFlows: 0.02',
    'indeterminateFlows: .nan',
    ['30:34 error tolerance.indeterminateFlows: must be a number, but is `.nan`: write `indeterminateFlows: 0`'],
  ],
  [
    'a value that is none of those allowed',
    'treatment: violation',
    'treatment: violaton',
    ['27:62 error undeclaredHosts.treatment: `violaton` is none of its values: did you mean `violation`?'],
  ],
  [
    'an apiVersion of another year',
    'domicile/v1',
    'domicile/v2',
    ['1:13 error apiVersion: must be `domicile/v1`, but is the text `domicile/v2`: write `apiVersion: domicile/v1`'],
  ],
  [
    'a kind that nobody knows',
    'kind: Declaration',
    'kind: Declarations',
    ['2:7 error kind: there is no kind `Declarations`: did you mean `Declaration`?'],
  ],
  [
    'no kind',
    'kind: Declaration\n',
    '',
    ['1:1 error kind: `kind` is missing (What this file is): write `kind: Declaration`'],
  ],
  [
    'a session where a declaration is read',
    'kind: Declaration',
    'kind: Session',
    [
      '2:7 error kind: `declaration.yaml` is a Session where a Declaration is read: name the other file, or write `kind: Declaration`',
    ],
  ],
  [
    'an id with a space',
    'id: example-2014',
    'id: example 2014',
    [
      '4:7 error metadata.id: `example 2014` is no id: write letters, digits, dots, hyphens and underscores, at most 64, a letter or digit first',
    ],
  ],
  [
    'a time zone that is an offset',
    'timezone: Asia/Shanghai',
    'timezone: "+08:00"',
    [
      "8:13 error metadata.timezone: `+08:00` is no time zone of IANA's database: write UTC, or area and city, such as Asia/Shanghai",
    ],
  ],
  [
    'a time zone that is an abbreviation',
    'timezone: Asia/Shanghai',
    'timezone: CST',
    [
      "8:13 error metadata.timezone: `CST` is no time zone of IANA's database: write UTC, or area and city, such as Asia/Shanghai",
    ],
  ],
  [
    'a time zone that is misspelt',
    'timezone: Asia/Shanghai',
    'timezone: Asia/Shangai',
    ["8:13 error metadata.timezone: `Asia/Shangai` is no time zone of IANA's database: did you mean `Asia/Shanghai`?"],
  ],
  [
    'a time zone of a city that gave no zone its name',
    'timezone: Asia/Shanghai',
    'timezone: Asia/Beijing',
    [
      "8:13 error metadata.timezone: `Asia/Beijing` is no time zone of IANA's database: the zone of that city is `Asia/Shanghai`",
    ],
  ],
  [
    'a source that is dated by month',
    'date: 2014-10-22',
    'date: 2014-10',
    ['10:34 error sources[0].date: `2014-10` is no date that is read here: write 2014-10-31'],
  ],
  [
    'a source of an impossible date',
    'date: 2014-10-22',
    'date: 2014-02-30',
    ['10:34 error sources[0].date: 2014-02-30 is impossible, 2014-02 has 28 days: write 2014-02-01 to 2014-02-28'],
  ],
  [
    'a source with a time of day',
    'date: 2014-10-22',
    'date: 2014-10-22T10:00Z',
    ['10:34 error sources[0].date: a date without time is meant here: write 2014-10-22'],
  ],
  [
    'a source with half a web address',
    '"https://example.com/post"',
    'example.com/post',
    [
      '10:51 error sources[0].url: `example.com/post` is no web address: write it whole, such as `https://example.com/post`',
    ],
  ],
  [
    'two sources of one id',
    'sources:\n',
    'sources:\n  - { id: S1, title: Other, date: 2014-10-23 }\n',
    ['11:11 error sources[1].id: source `S1` is there already, as sources[0]: give this one an id of its own'],
  ],
  [
    'a market that is no country',
    'markets: [IN, SG]',
    'markets: [IN, UK]',
    ['11:56 error population.markets[1]: UK is the code of no country: write GB'],
  ],
  [
    'a market in lower case',
    'markets: [IN, SG]',
    'markets: [IN, sg]',
    ['11:56 error population.markets[1]: `sg` is no country: write its two capital letters (ISO 3166-1), such as IN'],
  ],
  [
    'a market that is listed twice',
    'markets: [IN, SG]',
    'markets: [IN, IN]',
    ['11:56 error population.markets[1]: IN is listed twice: remove one of them'],
  ],
  [
    'a place without anything',
    'beijing: { country: CN }',
    'beijing: {}',
    [
      '13:12 error places.beijing: says nothing of where it is: write one of `cloud: aws:us-west-1`, `subdivision: US-CA`, `country: US`',
    ],
  ],
  [
    'a place with two descriptions',
    'beijing: { country: CN }',
    'beijing: { country: CN, subdivision: CN-BJ }',
    [
      '13:12 error places.beijing: is described by subdivision and country, and an address is held against one of them: keep the one that was promised (a subdivision is the finest)',
    ],
  ],
  [
    'a place of an unknown country',
    'beijing: { country: CN }',
    'beijing: { country: XX }',
    [
      '13:23 error places.beijing.country: XX is the code of no country: look it up in ISO 3166-1 (https://www.iso.org/obp)',
    ],
  ],
  [
    'a place of an unknown subdivision',
    'beijing: { country: CN }',
    'beijing: { subdivision: CN-PEK }',
    [
      '13:27 error places.beijing.subdivision: CN has no subdivision `CN-PEK`: look it up in ISO 3166-2 (https://www.iso.org/obp)',
    ],
  ],
  [
    'a subdivision whose code was replaced',
    'beijing: { country: CN }',
    'beijing: { subdivision: IN-TG }',
    ['13:27 warning places.beijing.subdivision: IN-TG was replaced in ISO 3166-2, and is read as IN-TS: write IN-TS'],
  ],
  [
    'a subdivision by a number that was replaced',
    'beijing: { country: CN }',
    'beijing: { subdivision: CN-11 }',
    ['13:27 warning places.beijing.subdivision: CN-11 was replaced in ISO 3166-2, and is read as CN-BJ: write CN-BJ'],
  ],
  [
    'a subdivision of a country whose subdivisions lie in one another',
    'beijing: { country: CN }',
    'beijing: { subdivision: GB-ENG }',
    [
      '13:27 warning places.beijing.subdivision: subdivisions of GB lie in one another, and an address that is located in one of another level than GB-ENG stays undecided: write `country: GB` or a `cloud` region if that was promised',
    ],
  ],
  [
    'a subdivision of an unknown country',
    'beijing: { country: CN }',
    'beijing: { subdivision: XX-AA }',
    [
      '13:27 error places.beijing.subdivision: XX is the code of no country: look it up in ISO 3166-1 (https://www.iso.org/obp)',
    ],
  ],
  [
    'a region that AWS does not have',
    'aws:us-west-1',
    'aws:us-west-3',
    ['14:24 error places.california.cloud: aws has no region or zone `us-west-3`: did you mean `aws:us-west-1`?'],
  ],
  [
    'a region with the letter of an availability zone',
    'aws:us-west-1',
    'aws:us-west-1a',
    ['14:24 error places.california.cloud: aws has no region or zone `us-west-1a`: did you mean `aws:us-west-1`?'],
  ],
  [
    'a region without its provider',
    'aws:us-west-1',
    'us-west-1',
    [
      '14:24 error places.california.cloud: `us-west-1` is no cloud region: write provider and region, such as `aws:us-west-1`',
    ],
  ],
  [
    'a region of a provider that is not known',
    'aws:us-west-1',
    'hetzner:us-west-1',
    [
      '14:24 error places.california.cloud: the regions of `hetzner` are not known here, only those of aws, google, azure, oracle, alibaba, tencent: name the country or subdivision instead',
    ],
  ],
  [
    'a region of another provider, named as AWS does',
    'aws:us-west-1',
    'google:us-west-1',
    ['14:24 error places.california.cloud: google has no region or zone `us-west-1`: did you mean `google:us-west1`?'],
  ],
  [
    'a region whose other spelling is mistyped',
    'aws:us-west-1',
    'azure:norwayeats',
    ['14:24 error places.california.cloud: azure has no region or zone `norwayeats`: did you mean `azure:norwayeast`?'],
  ],
  [
    'zones without a cloud region',
    'beijing: { country: CN }',
    'beijing: { country: CN, zones: [aws:us-west-2-lax-1] }',
    ['13:34 error places.beijing.zones: zones belong to a cloud region: write `cloud` beside them, or remove them'],
  ],
  [
    'a zone of another region',
    '"aws:us-west-1" }',
    '"aws:us-west-1", zones: [aws:us-west-2-lax-1] }',
    [
      '14:49 error places.california.zones[0]: `aws:us-west-2-lax-1` is a zone of `aws:us-west-2`, and `aws:us-west-1` is meant: leave `zones` out',
    ],
  ],
  [
    'a zone that is not written in full',
    '"aws:us-west-1" }',
    '"aws:us-west-2", zones: [lax-1] }',
    [
      '14:49 error places.california.zones[0]: `lax-1` is no zone that is known, and `aws:us-west-2` is meant: write `aws:us-west-2-lax-1`',
    ],
  ],
  [
    'no place at all',
    'places:\n  beijing: { country: CN }\n  california: { cloud: "aws:us-west-1" }\n  singapore: { cloud: "aws:ap-southeast-1" }',
    'places: {}',
    [
      '12:9 error places: no place is defined: write `singapore: { country: SG }` or the like',
      '18:50 error services[0].phases[0].allow[0]: there is no place `beijing`: define it under `places`',
      '18:59 error services[0].phases[0].allow[1]: there is no place `singapore`: define it under `places`',
      '19:51 error services[0].phases[1].allow[0]: there is no place `california`: define it under `places`',
      '19:63 error services[0].phases[1].allow[1]: there is no place `singapore`: define it under `places`',
      '19:82 error services[0].phases[1].deny[0]: there is no place `beijing`: define it under `places`',
      '23:31 error services[1].phases[0].allow[0]: there is no place `singapore`: define it under `places`',
    ],
  ],
  [
    'a place whose name cannot be a name',
    'beijing: { country: CN }',
    '__proto__: { country: CN }\n  beijing: { country: CN }',
    ['13:3 error places: no key can be called `__proto__`: choose another name'],
  ],
  [
    'a host in capital letters',
    '[account.example.com]',
    '[Account.Example.com]',
    ['18:13 error services[0].hosts[0]: `Account.Example.com` has capital letters: write `account.example.com`'],
  ],
  [
    'a host that is a URL',
    '[account.example.com]',
    '["https://account.example.com:443/login"]',
    ['18:13 error services[0].hosts[0]: `https://account.example.com:443/login` is a URL: write `account.example.com`'],
  ],
  [
    'a host with a port',
    '[account.example.com]',
    '["account.example.com:443"]',
    [
      '18:13 error services[0].hosts[0]: `account.example.com:443` has a port: write `account.example.com`; a service is judged by host, on every port',
    ],
  ],
  [
    'a host with a path',
    '[account.example.com]',
    '[account.example.com/login]',
    ['18:13 error services[0].hosts[0]: `account.example.com/login` has a path: write `account.example.com`'],
  ],
  [
    'a host that is an address',
    '[account.example.com]',
    '[203.0.113.7]',
    [
      '18:13 error services[0].hosts[0]: `203.0.113.7` is an address: write the name of the host that the device asks for',
    ],
  ],
  [
    'a host that is an IPv6 address',
    '[account.example.com]',
    '["2001:db8::1"]',
    [
      '18:13 error services[0].hosts[0]: `2001:db8::1` is an address: write the name of the host that the device asks for',
    ],
  ],
  [
    'a host with a dot at its end',
    '[account.example.com]',
    '[account.example.com.]',
    ['18:13 error services[0].hosts[0]: `account.example.com.` ends with a dot: write `account.example.com`'],
  ],
  [
    'a host with a dot in front',
    '[account.example.com]',
    '[.account.example.com]',
    ['18:13 error services[0].hosts[0]: `.account.example.com` begins with a dot: write `*.account.example.com`'],
  ],
  [
    'a host with an inner wildcard',
    '[account.example.com]',
    '[account.*.example.com]',
    [
      '18:13 error services[0].hosts[0]: `account.*.example.com` has a `*` that does not stand alone in front: write `*.example.com`, which holds at any depth',
    ],
  ],
  [
    'a host with a wildcard for part of a label',
    '[account.example.com]',
    '["a*.example.com"]',
    [
      '18:13 error services[0].hosts[0]: `a*.example.com` has a `*` that does not stand alone in front: write `*.example.com`, which holds at any depth',
    ],
  ],
  [
    'a host that is everything',
    '[account.example.com]',
    '["*"]',
    [
      "18:13 error services[0].hosts[0]: `*` is every host: name the suffixes that are the vendor's, such as `*.example.com`",
    ],
  ],
  [
    'a host of a single label',
    '[account.example.com]',
    '[account]',
    [
      '18:13 error services[0].hosts[0]: `account` is a single label: write the whole name, such as `account.example.com`',
    ],
  ],
  [
    'a host that is a top-level domain',
    '[account.example.com]',
    '["*.com"]',
    [
      "18:13 error services[0].hosts[0]: `*.com` is a whole top-level domain: write `*.vendor.com` with the vendor's own name",
    ],
  ],
  [
    'a host that is a public suffix',
    '[account.example.com]',
    '["*.co.uk"]',
    [
      "18:13 error services[0].hosts[0]: `*.co.uk` is a public suffix, below which anybody can have a name: write `*.vendor.co.uk` with the vendor's own name",
    ],
  ],
  [
    'a host that is not ASCII',
    '[account.example.com]',
    '[büro.example.com]',
    [
      '18:13 error services[0].hosts[0]: `büro.example.com` is not as it goes over the wire: write `xn--bro-hoa.example.com`',
    ],
  ],
  [
    'a host with a control character',
    '[account.example.com]',
    '["account\\u001b[2J.example.com"]',
    [
      '18:13 error services[0].hosts[0]: `account\\u{1b}[2J.example.com` is no host name: write a host such as `api.example.com` or `*.example.com`',
    ],
  ],
  [
    'a host that is listed twice',
    '[account.example.com]',
    '[account.example.com, account.example.com]',
    ['18:34 error services[0].hosts[1]: `account.example.com` is listed twice: remove one of them'],
  ],
  [
    'a host of two services',
    '["*.cloud.example.com"]',
    '["*.cloud.example.com", account.example.com]',
    [
      '24:36 error services[1].hosts[1]: service `account` has `account.example.com` already, and a host belongs to one service: remove it from one of them',
    ],
  ],
  [
    'a host that a wildcard of the same service holds',
    '["*.cloud.example.com"]',
    '["*.cloud.example.com", a.cloud.example.com]',
    [
      '24:36 warning services[1].hosts[1]: `*.cloud.example.com` of the same service holds `a.cloud.example.com` already: remove this one',
    ],
  ],
  [
    'no host',
    '[account.example.com]',
    '[]',
    ['18:12 error services[0].hosts: is an empty list: name at least one, such as `hosts: ["*.account.xiaomi.com"]`'],
  ],
  [
    'a data category with a space',
    '[user.device]',
    '["user device"]',
    [
      '19:12 error services[0].data[0]: `user device` is no data category: write words in lower case with dots between, such as `user.device.device_id`',
    ],
  ],
  [
    'two services of one id',
    '- id: cloud',
    '- id: account',
    [
      '23:9 error services[1].id: service `account` is there already, as services[0]: give this one an id of its own',
      '28:47 error migration.deadlines[0].services[0]: of service `account` no phase carries the deadline, there is no `migrated`: write `always`',
      '32:50 error waivers[0].match.service: there is no service `cloud`: write `account`',
    ],
  ],
  [
    'two phases of one id',
    'id: migrated,',
    'id: before,',
    [
      '22:15 error services[0].phases[1].id: phase `before` is there already, as phases[0]: give this one an id of its own',
      '28:47 error migration.deadlines[0].services[0]: of service `account` no phase carries the deadline, there is no `migrated`: write `before`',
    ],
  ],
  [
    'phases that overlap',
    'from: 2014-11-01',
    'from: 2014-10-31',
    [
      '22:31 error services[0].phases[1].from: overlaps phase `before`, which lasts until 2014-10-31: write `from: 2014-11-01`, or end the other one earlier',
    ],
  ],
  [
    'phases that overlap because one has no end',
    ' until: 2014-10-31,',
    '',
    [
      '22:31 error services[0].phases[1].from: overlaps phase `before`, which never ends: write `until: 2014-10-31` there',
    ],
  ],
  [
    'phases that overlap because neither has an end',
    'from: 2014-11-01, ',
    '',
    [
      '22:9 error services[0].phases[1]: overlaps phase `before`, which lasts until 2014-10-31: write `from: 2014-11-01`, or end the other one earlier',
      '28:47 error migration.deadlines[0].services[0]: of service `account` the phase `migrated` has no beginning, and the deadline ends with 2014-10-31: write `from: 2014-11-01` in the phase, or move the deadline',
    ],
  ],
  [
    'a gap between phases',
    'from: 2014-11-01',
    'from: 2014-11-03',
    [
      '22:31 error services[0].phases[1].from: nothing is declared between the end of phase `before` (until 2014-10-31) and this: write `from: 2014-11-01`, or a phase for the time between',
    ],
  ],
  [
    'a phase that ends before it begins',
    'from: 2014-11-01',
    'from: 2014-11-01, until: 2014-10-31',
    [
      '22:31 error services[0].phases[1].from: the phase begins at 2014-11-01 and is over by 2014-10-31: write the earlier one as `from`',
    ],
  ],
  [
    'a phase of an impossible day',
    'until: 2014-10-31',
    'until: 2014-11-31',
    [
      '21:30 error services[0].phases[0].until: 2014-11-31 is impossible, 2014-11 has 30 days: write 2014-11-01 to 2014-11-30',
    ],
  ],
  [
    'a phase with a time without zone',
    'from: 2014-11-01',
    'from: 2014-11-01T00:00',
    [
      '22:31 error services[0].phases[1].from: 2014-11-01T00:00 has no time zone: write 2014-11-01T00:00Z for UTC, or the offset, such as 2014-11-01T00:00+08:00',
    ],
  ],
  [
    'a phase that neither allows nor denies',
    'allow: [california, singapore], deny: [beijing] }',
    'source: S1 }',
    [
      '22:9 error services[0].phases[1]: neither allows nor denies a place: write `allow: [singapore]`, `deny: [beijing]` or both',
    ],
  ],
  [
    'a phase that allows nothing',
    'allow: [california, singapore]',
    'allow: []',
    [
      '22:50 error services[0].phases[1].allow: is an empty list: name at least one, such as `allow: [singapore]`, or leave the key out',
    ],
  ],
  [
    'a phase that allows an unknown place',
    'allow: [california, singapore]',
    'allow: [califronia, singapore]',
    ['22:51 error services[0].phases[1].allow[0]: there is no place `califronia`: did you mean `california`?'],
  ],
  [
    'a phase that allows and denies a place',
    'deny: [beijing]',
    'deny: [beijing, california]',
    [
      '22:91 error services[0].phases[1].deny[1]: place `california` is allowed as well: keep it in one of the two lists',
    ],
  ],
  [
    'a phase that allows a place in a denied one',
    'beijing: { country: CN }\n',
    'beijing: { country: US }\n',
    [
      '22:51 warning services[0].phases[1].allow[0]: place `california` lies in `beijing`, which is denied, and denying wins: remove it here, or deny less',
    ],
  ],
  [
    'a phase that cites an unknown source',
    'allow: [beijing, singapore], source: S1',
    'allow: [beijing, singapore], source: S2',
    ['21:79 error services[0].phases[0].source: there is no source `S2`: did you mean `S1`?'],
  ],
  [
    'a suffix with a wildcard',
    '[example.com]',
    '["*.example.com"]',
    ['27:37 error undeclaredHosts.vendorSuffixes[0]: every host below a suffix is meant anyway: write `example.com`'],
  ],
  [
    'a suffix that is a public one',
    '[example.com]',
    '[com.cn]',
    [
      "27:37 error undeclaredHosts.vendorSuffixes[0]: `com.cn` is a public suffix, below which anybody can have a name: write `vendor.com.cn` with the vendor's own name",
    ],
  ],
  [
    'a deadline of an unknown service',
    'services: [account]',
    'services: [acount]',
    ['28:47 error migration.deadlines[0].services[0]: there is no service `acount`: did you mean `account`?'],
  ],
  [
    'a deadline of an unknown phase',
    'phase: migrated',
    'phase: moved',
    [
      '28:47 error migration.deadlines[0].services[0]: of service `account` no phase carries the deadline, there is no `moved`: write one of `before`, `migrated`',
    ],
  ],
  [
    'a deadline after its phase has begun',
    'at: 2014-10-31',
    'at: 2014-11-15',
    [
      '28:47 error migration.deadlines[0].services[0]: of service `account` the phase `migrated` begins at 2014-11-01, and the deadline ends with 2014-11-15: write `from: 2014-11-16` in the phase, or move the deadline',
    ],
  ],
  [
    'a deadline of a phase without beginning',
    'services: [account], phase: migrated',
    'services: [cloud], phase: always',
    [
      '28:47 error migration.deadlines[0].services[0]: of service `cloud` the phase `always` has no beginning, and the deadline ends with 2014-10-31: write `from: 2014-11-01` in the phase, or move the deadline',
    ],
  ],
  [
    'a deadline of an unknown source',
    'at: 2014-10-31, source: S1',
    'at: 2014-10-31, source: s1',
    ['28:98 error migration.deadlines[0].source: there is no source `s1`: did you mean `S1`?'],
  ],
  [
    'a waiver of an unknown rule',
    'rule: residency',
    'rule: residence',
    ['32:21 error waivers[0].rule: `residence` is none of its values: did you mean `residency`?'],
  ],
  [
    'a waiver that matches nothing in particular',
    'match: { service: cloud }',
    'match: {}',
    ['32:39 error waivers[0].match: matches nothing in particular: write `service`, `host` or `remote`'],
  ],
  [
    'a waiver of an unknown service',
    'match: { service: cloud }',
    'match: { service: clod }',
    ['32:50 error waivers[0].match.service: there is no service `clod`: did you mean `cloud`?'],
  ],
  [
    'a waiver of an address that is none',
    'match: { service: cloud }',
    'match: { remote: 203.0.113.300 }',
    [
      '32:49 error waivers[0].match.remote: `203.0.113.300` is no address and no prefix: write 203.0.113.7 or 203.0.113.0/24',
    ],
  ],
  [
    'a waiver of a host with a port',
    'match: { service: cloud }',
    'match: { host: "a.example.com:80" }',
    [
      '32:47 error waivers[0].match.host: `a.example.com:80` has a port: write `a.example.com`; a service is judged by host, on every port',
    ],
  ],
  [
    'a waiver that has expired',
    'expires: 2015-03-31',
    'expires: 2014-12-31',
    [
      '32:110 warning waivers[0].expires: the waiver expired with 2014-12-31, so that its findings count again: remove it, or have it approved anew',
    ],
  ],
  [
    'a waiver that its owner approves',
    'approver: Bob',
    'approver: ann',
    ['32:96 warning waivers[0].approver: `ann` owns the waiver: have somebody else approve it'],
  ],
  [
    'a key that is written twice',
    '  version: 1\n',
    '  version: 1\n  version: 2\n',
    ['6:3 error metadata.version: the key is written twice, first on line 5: keep one of them'],
  ],
  [
    'a merge key',
    '  version: 1\n',
    '  <<: { version: 1 }\n',
    [
      '3:1 error metadata.version: `version` is missing (Counts up with every change): write `version: 1`',
      '5:3 error metadata: merge keys (`<<`) are not read: write the keys out',
    ],
  ],
  [
    'an alias of nothing',
    'allow: [singapore] }',
    'allow: *places }',
    [
      '26:30 error services[1].phases[0].allow: nothing above is named &places: write the value out in place of *places',
    ],
  ],
  [
    'an alias of itself',
    'steps: [idle]',
    'steps: &steps [*steps]',
    ['29:56 error coverage.steps[0]: *steps stands inside of what it names: write the value out'],
  ],
  [
    'a tab for indentation',
    '  version: 1',
    '\tversion: 1',
    ['5:1 error no YAML: Tabs are not allowed as indentation: indent with spaces'],
  ],
  [
    'a quote that is not closed',
    'title: Data moves',
    'title: "Data moves',
    ['6:21 error no YAML: Missing closing "quote: close the quote or bracket, or put a colon after the key'],
  ],
  [
    'a tag',
    'title: Data moves',
    'title: !!binary Data',
    ['6:19 error metadata.title: the tag `tag:yaml.org,2002:binary` is not read: write the plain value without it'],
  ],
  [
    'a second document',
    'coverage:',
    '---\ncoverage:',
    [
      '29:1 error no YAML: Source contains multiple documents: write one document a file; remove what follows the second `---`',
    ],
  ],
  [
    'a YAML of another version',
    'apiVersion: domicile/v1',
    '%YAML 1.1\n---\napiVersion: domicile/v1',
    ['1:1 error YAML 1.1 reads `NO` as false: remove the line `%YAML 1.1`'],
  ],
  [
    'bytes that are not UTF-8',
    'title: Data moves',
    'title: Data \ufffd moves',
    ['6:15 error these bytes are not UTF-8 text: save the file as UTF-8'],
  ],
  [
    'a wildcard without quotes',
    '["*.cloud.example.com"]',
    '[*.cloud.example.com]',
    [
      '24:13 error services[1].hosts[0]: a `*` without quotes is an alias in YAML: write "*.cloud.example.com" with quotes',
    ],
  ],
  [
    'a wildcard for a list',
    '["*.cloud.example.com"]',
    '"*.cloud.example.com"',
    [
      '24:12 error services[1].hosts: must be a list, but is the text `*.cloud.example.com`: write `["*.cloud.example.com"]`',
    ],
  ],
]

describe('a declaration', () => {
  it('without faults is read', () => {
    const { declaration: read, faults } = loadDeclaration(declaration, 'declaration.yaml', { asOf })
    expect(faults).toEqual([])
    expect(read?.id).toBe('example-2014')
  })

  it.each(cases)('with %s is told so, where, and what to write instead', (_what, from, to, expected) => {
    const { declaration: read, faults } = loadDeclaration(changed(declaration, from, to), 'declaration.yaml', { asOf })
    expect(faults.map(shown)).toEqual(expected)
    expect(read === null).toBe(faults.some(({ severity }) => severity === 'error'))
  })

  it('is told of every fault at once, in the order of the text', () => {
    const broken = cases
      .filter(([what]) =>
        /^(a fraction|a market that is no|a region that AWS|a phase of an imp|a waiver of an unknown r)/.test(what),
      )
      .reduce((text, [, from, to]) => changed(text, from, to), declaration)
    const { faults } = loadDeclaration(broken, 'declaration.yaml', { asOf })
    expect(faults.map(({ path }) => path)).toEqual([
      'metadata.version',
      'population.markets[1]',
      'places.california.cloud',
      'services[0].phases[0].until',
      'waivers[0].rule',
    ])
  })

  it('has no expired waivers where nobody says as of when', () => {
    const text = changed(declaration, 'expires: 2015-03-31', 'expires: 1999-12-31')
    expect(loadDeclaration(text, 'declaration.yaml').faults).toEqual([])
  })
})
