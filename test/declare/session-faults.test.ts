import { describe, expect, it } from 'vitest'
import { loadSession } from '../../functions/declare/load.ts'
import { changed, session, shown } from './fault-cases.ts'

/** What is wrong; the text that is replaced, and by what; and every fault that is found. */
const cases: readonly (readonly [what: string, from: string, to: string, faults: readonly string[]])[] = [
  [
    'a key that nobody knows',
    'clockErrorMs: 50',
    'clockError: 50',
    [
      "5:3 warning rig: does not say how far its clock may be off, and 1000 ms are assumed: write `clockErrorMs` as the rig's time service states it",
      '7:3 error rig.clockError: unknown key `clockError`: did you mean `clockErrorMs`?',
    ],
  ],
  [
    'a clock that nobody vouches for',
    '  clockErrorMs: 50\n',
    '',
    [
      "5:3 warning rig: does not say how far its clock may be off, and 1000 ms are assumed: write `clockErrorMs` as the rig's time service states it",
    ],
  ],
  [
    'a clock that is off by less than nothing',
    'clockErrorMs: 50',
    'clockErrorMs: -1',
    ['7:17 error rig.clockErrorMs: is -1, which is too small: write a number from 0'],
  ],
  [
    'a rig in no country',
    'country: IN',
    'country: EU',
    ['6:21 error rig.place.country: EU is the code of no country: write the countries, one a place'],
  ],
  [
    "a rig in another country's subdivision",
    'subdivision: IN-DL',
    'subdivision: US-CA',
    [
      '6:38 error rig.place.subdivision: US-CA is not in IN: write the country of the subdivision, or a subdivision of the country',
    ],
  ],
  [
    'a latitude beyond the pole',
    'latitude: 28.6',
    'latitude: 91',
    ['6:72 error rig.place.latitude: is 91, which is too large: write a number up to 90'],
  ],
  [
    'a latitude alone',
    ', longitude: 77.2',
    '',
    ['6:72 error rig.place.latitude: stands alone: write `longitude` too, or neither of them'],
  ],
  [
    'a device without an address',
    'addresses: ["02:00:5e:10:00:01", 192.168.7.2, "fd00:7::/64"]',
    'addresses: []',
    [
      '8:22 error device.addresses: is an empty list: name at least one, such as `addresses: [192.168.7.2]`, or leave the key out',
    ],
  ],
  [
    'an address that is none',
    '192.168.7.2',
    '192.168.7.256',
    [
      '8:44 error device.addresses[1]: `192.168.7.256` is no hardware address, IP address or prefix: write 02:00:5e:10:00:01, 192.168.7.2, 2001:db8::2 or 192.168.7.0/24',
    ],
  ],
  [
    'a hardware address with dots',
    '"02:00:5e:10:00:01"',
    '0200.5e10.0001',
    [
      '8:23 error device.addresses[0]: `0200.5e10.0001` is no hardware address, IP address or prefix: write `02:00:5e:10:00:01`',
    ],
  ],
  [
    'a prefix of every address',
    '"fd00:7::/64"',
    '"::/0"',
    [
      "8:57 error device.addresses[2]: `::/0` is every address, the remote ones too: write the prefix of the device's network",
    ],
  ],
  [
    'an address that is listed twice',
    '192.168.7.2',
    '"02:00:5E:10:00:01"',
    ['8:44 error device.addresses[1]: `02:00:5e:10:00:01` is listed twice: remove one of them'],
  ],
  [
    'a hardware address that YAML takes for a number',
    '"02:00:5e:10:00:01"',
    '020000100001',
    ['8:23 error device.addresses[0]: must be text, but is the number 20000100001: put it in quotes'],
  ],
  [
    'a step without a time zone',
    'from: 2014-11-03T10:00:00+05:30',
    'from: 2014-11-03T10:00:00',
    [
      '10:29 error steps[0].from: 2014-11-03T10:00:00 has no time zone: write 2014-11-03T10:00:00Z for UTC, or the offset, such as 2014-11-03T10:00:00+08:00',
    ],
  ],
  [
    'a step with a date alone',
    'until: 2014-11-03T10:05:00+05:30',
    'until: 2014-11-03',
    ['10:63 error steps[0].until: 2014-11-03 has no time of day: write 2014-10-31T18:00:00+08:00'],
  ],
  [
    'a step that ends before it begins',
    'until: 2014-11-03T10:05:00+05:30',
    'until: 2014-11-03T10:05:00+08:00',
    ['10:29 error steps[0].from: the step begins when it is over already: write the earlier time as `from`'],
  ],
  [
    'steps that overlap',
    'from: 2014-11-03T04:35:00Z',
    'from: 2014-11-03T04:34:59.999999Z',
    [
      '11:23 error steps[1].from: overlaps step `first-boot`, and a flow has one step: end that one before, or begin this one later',
    ],
  ],
  [
    'two steps of one id',
    'id: idle',
    'id: first-boot',
    ['11:11 error steps[1].id: step `first-boot` is there already, as steps[0]: give this one an id of its own'],
  ],
  [
    'a capture outside of the folder',
    'file: captures/wlan0.pcapng',
    'file: captures/../../wlan0.pcapng',
    [
      "13:13 error captures[0].file: `captures/../../wlan0.pcapng` leads out of the session's folder: write a path below it, such as `captures/wlan0.pcapng`",
    ],
  ],
  [
    'a capture with an absolute path',
    'file: captures/wlan0.pcapng',
    'file: /captures/wlan0.pcapng',
    [
      "13:13 error captures[0].file: `/captures/wlan0.pcapng` is not relative to the session's folder: write a path below it, such as `captures/wlan0.pcapng`",
    ],
  ],
  [
    'a capture with a drive letter',
    'file: captures/wlan0.pcapng',
    'file: "C:/wlan0.pcapng"',
    [
      "13:13 error captures[0].file: `C:/wlan0.pcapng` is not relative to the session's folder: write a path below it, such as `captures/wlan0.pcapng`",
    ],
  ],
  [
    'a capture with backslashes',
    'file: captures/wlan0.pcapng',
    'file: captures\\wlan0.pcapng',
    ['13:13 error captures[0].file: `captures\\wlan0.pcapng` has a backslash: write folders with `/` between'],
  ],
  [
    'a capture that is a URL',
    'file: captures/wlan0.pcapng',
    'file: "s3://bucket/wlan0.pcapng"',
    [
      "13:13 error captures[0].file: `s3://bucket/wlan0.pcapng` is a URL, and captures lie in the session's folder: write a path below it, such as `captures/wlan0.pcapng`",
    ],
  ],
  [
    'a capture that is a folder',
    'file: captures/wlan0.pcapng',
    'file: captures/',
    ['13:13 error captures[0].file: `captures/` is a folder: list its files, one by one'],
  ],
  [
    'a capture that is listed twice',
    'file: captures/wlan0.pcapng',
    'file: ./flow.log.gz',
    ['14:13 error captures[1].file: `flow.log.gz` is listed already, as captures[0]: remove one of them'],
  ],
  [
    'a key log that is a capture',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.pcapng, keys: ./flow.log.gz',
    ['13:42 error captures[0].keys: `./flow.log.gz` is listed as a capture: write the path of its key log'],
  ],
  [
    'a key log outside of the session',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.pcapng, keys: ../keys.log',
    [
      "13:42 error captures[0].keys: `../keys.log` leads out of the session's folder: write a path below it, such as `captures/wlan0.pcapng`",
    ],
  ],
  [
    'a format with a slip of the pen',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.pcapng, format: netfow',
    ['13:44 error captures[0].format: `netfow` is no format: did you mean `netflow`?'],
  ],
  [
    'a format that nobody knows',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.pcapng, format: foo',
    [
      '13:44 error captures[0].format: `foo` is no format: write `netflow`, or every field of a VPC flow log in its order',
    ],
  ],
  [
    'a field that no VPC flow log has',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.pcapng, format: version srcadr dstaddr',
    ['13:44 error captures[0].format: `srcadr` is no field of a VPC flow log: did you mean `srcaddr`?'],
  ],
  [
    'a word for a column that nobody knows',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.csv, columns: { start: ts, initatorIp: src, initiatorIp: src, responderIp: dst }',
    ['13:55 error captures[0].columns.initatorIp: unknown key `initatorIp`: did you mean `initiatorIp`?'],
  ],
  [
    'a unit of no time',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.csv, columns: { start: ts, startUnit: msec, initiatorIp: src, responderIp: dst }',
    ['13:66 error captures[0].columns.startUnit: `msec` is none of its values: write one of `s`, `ms`, `us`, `ns`'],
  ],
  [
    'columns without an end',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.csv, columns: { start: ts, initiatorIp: src }',
    ['13:42 error captures[0].columns: lacks `responderIp`: write the column that holds it'],
  ],
  [
    'columns without a time',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.csv, columns: { initiatorIp: src, responderIp: dst }',
    ['13:42 error captures[0].columns: lacks `start`: write the column that holds the time at which a flow began'],
  ],
  [
    'a unit without its column',
    'file: captures/wlan0.pcapng',
    'file: captures/wlan0.csv, columns: { start: ts, durationUnit: ms, initiatorIp: src, responderIp: dst }',
    [
      '13:42 error captures[0].columns: has `durationUnit` without `duration`: write the column too, or neither of them',
    ],
  ],
  [
    'no captures',
    'captures:\n  - { file: captures/wlan0.pcapng }\n  - { file: flow.log.gz, format: version srcaddr dstaddr }',
    'captures: []',
    [
      '12:11 error captures: is an empty list: name at least one, such as `captures: [{ file: … }]`, or leave the key out',
    ],
  ],
  [
    'a declaration where a session is read',
    'kind: Session',
    'kind: Declaration',
    [
      '2:7 error kind: `session.yaml` is a Declaration where a Session is read: name the other file, or write `kind: Session`',
    ],
  ],
]

describe('a session', () => {
  it('without faults is read', () => {
    const { session: read, faults } = loadSession(session, 'session.yaml')
    expect(faults).toEqual([])
    expect(read?.id).toBe('delhi-1')
  })

  it.each(cases)('with %s is told so, where, and what to write instead', (_what, from, to, expected) => {
    const { session: read, faults } = loadSession(changed(session, from, to), 'session.yaml')
    expect(faults.map(shown)).toEqual(expected)
    expect(read === null).toBe(faults.some(({ severity }) => severity === 'error'))
  })
})
