import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FlowBatch } from '../../../functions/model.ts'
import { ZeekParser } from '../../../functions/parse/zeek/zeek-log.ts'
import { accounted, see } from '../capture-builder.ts'
import { columnsOf, conn, dns, http, jsonOf, quic, type Row, ssl } from './logs.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const seen = (text: string, cuts: readonly number[] = []) => see(bytes(text), cuts)

/** The same rows both ways: what is expected of one is expected of the other. */
const both = (path: string, rows: readonly Row[]): readonly string[] => [
  columnsOf(path, rows),
  jsonOf(rows),
  jsonOf(rows, path),
]

describe('a row of conn.log', () => {
  test('inside of a tunnel decides nothing: its names are marked so', () => {
    const namesOf = (log: string) => {
      const found: unknown[] = []
      const sink = {
        answer: () => {},
        flows: (batch: FlowBatch) => found.push([batch.names[0], batch.hidden[0]]),
      }
      const parser = new ZeekParser(sink, {})
      parser.push(bytes(log))
      parser.end()
      return found
    }
    const inner = conn('C1', { tunnel_parents: ['CPARENT1'] })
    const outside = conn('C1', { tunnel_parents: [] })
    const hello = ssl(inner, 'api.example.com')
    const name = { name: 'api.example.com', via: 'tls-sni' }
    for (const log of [columnsOf('ssl', [hello]) + columnsOf('conn', [inner]), jsonOf([hello, inner])])
      expect(namesOf(log)).toEqual([[[{ ...name, inside: true }], 'tunnel']])
    expect(namesOf(columnsOf('ssl', [hello]) + columnsOf('conn', [outside]))).toEqual([[[name], undefined]])
  })

  test('is a flow from its originator to its responder', async () => {
    for (const log of both('conn', [
      conn('C1', { orig_l2_addr: '02:00:00:00:00:0a', resp_l2_addr: '02:00:00:00:00:0b' }),
    ])) {
      const { flows, read } = await seen(log)
      expect(read).toMatchObject({ format: 'zeek', records: 1, used: 1, leftOut: {}, error: null })
      expect(flows).toEqual([
        {
          ends: '192.0.2.10|40000 198.51.100.7|443',
          protocol: 6,
          packets: [6, 5],
          bytes: [560, 1110],
          payload: [300, 900],
          start: 1415008800123456,
          end: 1415008801623456,
          opener: 1,
          macs: [0x02000000000a, 0x02000000000b],
          rtt: Number.NaN,
          names: [],
        },
      ])
    }
  })

  test.each<[string, Row, object]>([
    ['without IP bytes counts its payload', { orig_ip_bytes: '', resp_ip_bytes: '' }, { bytes: [300, 900] }],
    [
      'of which bytes were missed does not know its payload',
      { missed_bytes: 20 },
      { payload: [Number.NaN, Number.NaN] },
    ],
    [
      'whose data is more than its IP bytes does not know its payload',
      { orig_bytes: 9999 },
      { payload: [Number.NaN, 900] },
    ],
    [
      'of ICMP has no ports',
      { proto: 'icmp', 'id.orig_p': 8, 'id.resp_p': 0 },
      { protocol: 1, ends: '192.0.2.10 198.51.100.7', opener: 0 },
    ],
    [
      'of another transport has the number that the log gives',
      { proto: 'unknown_transport', ip_proto: 47 },
      { protocol: 47 },
    ],
    ['of an unknown transport has none', { proto: 'unknown_transport' }, { protocol: -1 }],
    ['of UDP has no opener', { proto: 'udp', history: 'Dd' }, { protocol: 17, opener: 0 }],
    ['that begins with a SYN-ACK was opened by its originator', { history: 'hAdD' }, { opener: 1 }],
    ['that was taken the other way round says so first', { history: '^hADr' }, { opener: 1 }],
    ['whose originator answered was opened by its responder', { history: 'HaDd' }, { opener: 2 }],
    ['that begins later was opened by nobody who was seen', { history: 'DadA', conn_state: 'OTH' }, { opener: 0 }],
    ['without history goes by its state', { history: '', conn_state: 'S0' }, { opener: 1 }],
    ['without history whose SYN was not seen has no opener', { history: '', conn_state: 'OTH' }, { opener: 0 }],
    ['without duration ends when it begins', { duration: '' }, { end: 1415008800123456 }],
  ])('%s', async (_, given, expected) => {
    const row = Object.fromEntries(Object.entries(conn('C1', given)).filter(([, value]) => value !== ''))
    for (const log of both('conn', [row])) expect((await seen(log)).flows).toMatchObject([expected])
  })

  test('of IPv6 is one of ICMPv6 where it is ICMP', async () => {
    const row = conn('C1', { 'id.orig_h': '2001:db8::1', 'id.resp_h': '2001:db8::2', proto: 'icmp' })
    for (const log of both('conn', [row]))
      expect((await seen(log)).flows).toMatchObject([{ protocol: 58, ends: '2001:db8::1 2001:db8::2' }])
  })

  test.each<[string, Row]>([
    ['is no address', { 'id.orig_h': 'phone' }],
    ['has another family than the other', { 'id.orig_h': '2001:db8::1' }],
    ['has a port beyond 65535', { 'id.orig_p': 70000 }],
    ['sent a number of bytes that is none', { orig_ip_bytes: 'many' }],
  ])('whose end %s is left out', async (_, given) => {
    for (const log of both('conn', [conn('C1', given), conn('C2')]))
      expect((await seen(log)).read).toMatchObject({ records: 2, used: 1, leftOut: { 'malformed-row': 1 } })
  })

  test('that is not whole is left out', async () => {
    const whole = columnsOf('conn', [conn('C1'), conn('C2')])
    const { read } = await seen(whole.slice(0, whole.indexOf('ShADadFf', whole.indexOf('C2'))))
    expect(read).toMatchObject({ records: 2, used: 1, leftOut: { 'malformed-row': 1 } })
  })

  test('without a time is a flow without times, and left out', async () => {
    const { read, flows } = await seen(columnsOf('conn', [conn('C1', { ts: 'XXXXXXXXXX.XXXXXX' })]))
    expect(read).toMatchObject({ records: 1, used: 0, leftOut: { 'no-time': 1 } })
    expect(flows).toMatchObject([{ start: Number.NaN, end: Number.NaN, bytes: [560, 1110] }])
  })

  test('that stands twice is one flow, by the row that counts more', async () => {
    const open = conn('C1', { duration: 0.5, orig_ip_bytes: 100 })
    for (const rows of [
      [open, conn('C1')],
      [conn('C1'), open],
    ])
      for (const log of both('conn', rows)) {
        const { flows, read } = await seen(log)
        expect(read).toMatchObject({ records: 2, used: 1, leftOut: { 'same-connection': 1 } })
        expect(flows).toMatchObject([{ bytes: [560, 1110], end: 1415008801623456 }])
      }
  })

  test('with the uid of another connection is another flow', async () => {
    const { flows } = await seen(columnsOf('conn', [conn('C1'), conn('C1', { 'id.orig_p': 40001 })]))
    expect(flows).toHaveLength(2)
  })
})

test.each([
  ['1415008800.123456'],
  ['1415008800.1234560013'],
  ['1415008800.1234559'],
  ['1415008800123.456'],
  ['"2014-11-03T10:00:00.123456Z"'],
  ['"2014-11-03T15:30:00.123456+05:30"'],
  ['"1415008800.123456"'],
])('the time %s is the same microsecond in JSON', async (ts) => {
  const { flows } = await seen(jsonOf([conn('C1')]).replace('1415008800.123456', ts))
  expect(flows).toMatchObject([{ start: 1415008800123456 }])
})

test('a time without a zone is one of the zone that the reading names; without it that is an error', async () => {
  const log = jsonOf([conn('C0'), conn('C1')]).replace(/(?<="C0".*\n.*)1415008800.123456/, '"2014-11-03T10:00:00"')
  const { read } = await seen(log)
  expect(read).toMatchObject({ used: 1, leftOut: { 'time-without-zone': 1 } })
  expect(read.error).toMatch(/^line 2: times are written without a time zone/)
  const starts: number[] = []
  const parser = new ZeekParser(
    { flows: ({ start, length }) => starts.push(...start.slice(0, length)), answer: () => {} },
    { timeZone: 'Asia/Kolkata' },
  )
  parser.push(bytes(log))
  parser.end()
  expect(starts[1]).toBe(Date.UTC(2014, 10, 3, 4, 30) * 1000)
})

test('an interval as a double writes it ends at the same microsecond as one in columns', async () => {
  const log = jsonOf([conn('C1')]).replace('"duration":1.5', '"duration":0.0012309551239013672')
  expect((await seen(log)).flows).toMatchObject([{ end: 1415008800123456 + 1231 }])
  const short = jsonOf([conn('C1')]).replace('"duration":1.5', '"duration":9.5367431640625e-07')
  expect((await seen(short)).flows).toMatchObject([{ end: 1415008800123457 }])
})

describe('header lines', () => {
  test('say the separator, the markers, the order of the fields, again in the middle of joined files', async () => {
    const commas =
      '#separator \\x2c\n#set_separator,;\n#empty_field,EMPTY\n#unset_field,?\n#path,conn\n' +
      '#fields,id.resp_p,id.resp_h,proto,id.orig_p,id.orig_h,ts,uid,duration\n443,198.51.100.7,udp,1,192.0.2.10,1415008800,C9,?\n'
    const { flows, read } = await seen(
      columnsOf('conn', [conn('C1')]) + commas + columnsOf('conn', [conn('C2', { 'id.orig_p': 5 })]),
    )
    expect(read).toMatchObject({ records: 3, used: 3, leftOut: {} })
    expect(flows.map(({ ends }) => ends)).toEqual([
      '192.0.2.10|40000 198.51.100.7|443',
      '192.0.2.10|1 198.51.100.7|443',
      '192.0.2.10|5 198.51.100.7|443',
    ])
  })

  test('may rename the ends and set their scope apart otherwise', async () => {
    const log = columnsOf('conn', [conn('C1')])
    for (const [from, to] of [
      [/id\.(orig|resp)_([hp])/g, 'id_$1_$2'],
      [/id\.(orig|resp)_([hp])/g, 'id|$1_$2'],
    ] as const)
      expect((await seen(log.replace(from, to))).flows).toHaveLength(1)
    const renamed = log
      .replace(/id\.orig_h/, 'src')
      .replace(/id\.orig_p/, 'src_port')
      .replace(/id\.resp_h/, 'dst')
      .replace(/id\.resp_p/, 'dst_port')
    expect((await seen(renamed)).flows).toMatchObject([{ ends: '192.0.2.10|40000 198.51.100.7|443' }])
    const json = jsonOf([conn('C1')], 'conn').replace(/id\.(orig|resp)_([hp])/g, 'id_$1_$2')
    expect((await seen(json)).flows).toHaveLength(1)
  })

  test('with CRLF and a byte order mark are read, a separator of two bytes is not', async () => {
    expect((await seen(`\ufeff${columnsOf('conn', [conn('C1')]).replaceAll('\n', '\r\n')}`)).read.used).toBe(1)
    const { read } = await seen(columnsOf('conn', [conn('C1')]).replace('\\x09', '\\x09\\x09'))
    expect(read.error).toContain('line 1: reading a Zeek log: its #separator is not one byte')
  })

  test('alone are a log without records', async () => {
    expect((await seen(columnsOf('conn', [], ['ts', 'uid']))).read).toMatchObject({
      format: 'zeek',
      records: 0,
      error: null,
    })
  })
})

describe('names', () => {
  const phone = conn('C1')
  const web = conn('C2', { 'id.orig_p': 40002, 'id.resp_p': 80, service: 'http' })
  const call = conn('C3', { 'id.orig_p': 40003, proto: 'udp', history: 'Dd' })
  const said: readonly [string, Row[]][] = [
    ['ssl', [ssl(phone, 'API.example.com.')]],
    [
      'http',
      [
        http(web, 'GET', 'www.example.com:8080', '/a?token=secret'),
        http(web, 'CONNECT', 'proxy.example', 'far.example.com:443'),
      ],
    ],
    ['quic', [quic(call, 'video.example.com')]],
    ['ssl', [ssl(call, 'video.example.com')]],
  ]
  const connections: [string, Row[]] = ['conn', [phone, web, call]]

  test.each([
    ['before', [...said, connections]],
    ['behind', [connections, ...said]],
    ['around', [...said.slice(0, 2), connections, ...said.slice(2)]],
  ])('of other logs that stand %s conn.log are those of the connection', async (_, logs) => {
    for (const write of [columnsOf, (path: string, rows: readonly Row[]) => jsonOf(rows, path)]) {
      const { flows, read } = await seen(logs.map(([path, rows]) => write(path, rows)).join(''))
      expect(read).toMatchObject({ records: 8, used: 8, leftOut: {} })
      expect(flows.map(({ names }) => names)).toEqual([
        ['api.example.com'],
        ['www.example.com', 'far.example.com', 'proxy.example'],
        ['video.example.com'],
      ])
    }
  })

  test('go to the connection of their uid with their ends alone, also where Zeek took them the other way round', async () => {
    const ends = { 'id.orig_h': '192.0.2.10', 'id.orig_p': 40000, 'id.resp_h': '203.0.113.9', 'id.resp_p': 443 }
    const two = [conn('C1'), conn('C1', ends)]
    const rows = [
      { ...ssl(two[1] ?? {}, 'b.example.com'), ...ends },
      {
        ...ssl(two[0] ?? {}, 'a.example.com'),
        'id.orig_h': '198.51.100.7',
        'id.orig_p': 443,
        'id.resp_h': '192.0.2.10',
        'id.resp_p': 40000,
      },
      { ...ssl(two[0] ?? {}, 'c.example.com'), ...ends, 'id.resp_h': '203.0.113.77' },
    ]
    for (const log of [columnsOf('conn', two) + columnsOf('ssl', rows), jsonOf(rows, 'ssl') + jsonOf(two, 'conn')]) {
      const { flows, read } = await seen(log)
      expect(flows.map(({ names }) => names)).toEqual([['a.example.com'], ['b.example.com']])
      expect(read).toMatchObject({ used: 4, leftOut: { 'no-conn-row': 1 } })
    }
  })

  test('without a row of their connection are left out', async () => {
    const { read } = await seen(columnsOf('conn', [phone]) + columnsOf('ssl', [ssl(web, 'x.example.com')]))
    expect(read).toMatchObject({ records: 2, used: 1, leftOut: { 'no-conn-row': 1 } })
  })

  test('without any connection say that a conn.log is needed', async () => {
    for (const [path, rows] of said.slice(0, 3)) {
      const { read, flows } = await seen(columnsOf(path, rows))
      expect(read).toMatchObject({
        format: 'zeek',
        used: 0,
        leftOut: { 'no-conn-log-beside-it': rows.length },
        error: null,
      })
      expect(flows).toEqual([])
    }
  })

  test('of rows without a uid name nothing', async () => {
    const { uid: _, ...row } = ssl(phone, 'x.example.com')
    expect((await seen(columnsOf('conn', [phone]) + columnsOf('ssl', [row]))).read.leftOut).toEqual({ 'no-uid': 1 })
  })
})

describe('answers of dns.log', () => {
  const asked = (given: Row) =>
    seen(columnsOf('conn', [conn('C1')]) + columnsOf('dns', [dns('www.example.com', ['192.0.2.80'], given)]))

  test('name every link of the chain at every address, for as long as the shortest on the way', async () => {
    const rows = [dns('WWW.example.com', ['edge.example.net', '192.0.2.80', '192.0.2.81'])]
    for (const log of both('dns', rows)) {
      const { answers, read } = await seen(columnsOf('conn', [conn('C1')]) + log)
      const time = 1415008799020000
      expect(answers).toEqual(
        [
          ['www.example.com', 'dns', '192.0.2.80', 60],
          ['www.example.com', 'dns', '192.0.2.81', 60],
          ['edge.example.net', 'dns-cname', '192.0.2.80', 120],
          ['edge.example.net', 'dns-cname', '192.0.2.81', 180],
        ].map(([name, via, address, ttl]) => ({
          client: '192.0.2.10',
          name,
          via,
          address,
          time,
          expires: time + Number(ttl) * 1e6,
        })),
      )
      expect(read).toMatchObject({ used: 2, leftOut: {} })
    }
  })

  test.each<[string, Row]>([
    ['dns-rejected', { rejected: true }],
    ['dns-of-other-types', { qtype: 16, qtype_name: 'TXT' }],
    ['dns-of-neighbours', { 'id.resp_p': 5353 }],
    ['dns-without-address', { answers: [] }],
    ['dns-without-address', { query: 'not a name' }],
    ['no-time', { ts: 'soon' }],
  ])('are left out as %s', async (reason, given) => {
    const { answers, read } = await asked(given)
    expect(answers).toEqual([])
    expect(read).toMatchObject({ used: 1, leftOut: { [reason]: 1 } })
  })

  test('inside of a tunnel say nothing, wherever its conn row stands, in whatever direction', async () => {
    const asked = { 'id.orig_p': 5000, 'id.resp_h': '198.51.100.53', 'id.resp_p': 53 }
    const inside = conn('CDns1', { ...asked, proto: 'udp', tunnel_parents: ['CPARENT1'] })
    const turned = conn('CDns1', {
      ...inside,
      'id.orig_h': '198.51.100.53',
      'id.orig_p': 53,
      'id.resp_h': '192.0.2.10',
      'id.resp_p': 5000,
    })
    const rows = [
      dns('www.example.com', ['192.0.2.80'], asked),
      dns('www.example.com', ['2001:db8::80'], { ...asked, qtype: 28, qtype_name: 'AAAA' }),
      dns('www.example.net', ['192.0.2.81'], { ...asked, uid: 'COther' }),
      // Its uid is another connection's as well, as where Zeek's seed is fixed.
      dns('www.example.org', ['192.0.2.82'], { ...asked, 'id.orig_p': 5001 }),
    ]
    for (const row of [inside, turned])
      for (const answers of both('dns', rows))
        for (const connections of both('conn', [row]))
          for (const log of [answers + connections, connections + answers]) {
            const { answers, read } = await seen(log)
            expect(answers.map(({ name }) => name)).toEqual(['www.example.net', 'www.example.org'])
            expect(read).toMatchObject({ records: 5, used: 3, leftOut: { 'dns-in-tunnel': 2 }, gaps: [] })
          }
  })

  test('alone name nothing', async () => {
    expect((await seen(columnsOf('dns', [dns('a.example.com', ['192.0.2.1'])]))).read).toMatchObject({
      used: 0,
      leftOut: { 'no-conn-log-beside-it': 1 },
    })
  })
})

describe('what was not captured', () => {
  test('is a gap, as capture_loss.log says', async () => {
    const rows = [
      { ts: 1415008860, ts_delta: 60, peer: 'zeek', gaps: 2, acks: 900, percent_lost: 0.139741 },
      { ts: 1415008920, ts_delta: 60, peer: 'zeek', gaps: 0, acks: 900, percent_lost: 0 },
    ]
    for (const log of both('capture_loss', rows)) {
      const { read } = await seen(log)
      expect(read).toMatchObject({ records: 2, used: 0, leftOut: { 'capture-loss': 1, 'nothing-lost': 1 } })
      expect(read.gaps).toEqual([
        { from: 1415008800e6, until: 1415008860e6, reason: 'packets lost, by capture_loss.log', records: 1 },
      ])
    }
  })

  test('is a gap, where capture_loss.log writes a percentage, or what cannot be read', async () => {
    const rows = ['40.000%', '0.000%', 'many'].map((percent_lost, i) => ({
      ts: 1415008860 + i * 100,
      ts_delta: 60,
      peer: 'zeek',
      percent_lost,
    }))
    for (const log of both('capture_loss', rows)) {
      const { read } = await seen(log)
      expect(read.leftOut).toEqual({ 'capture-loss': 1, 'malformed-row': 1, 'nothing-lost': 1 })
      expect(read.gaps).toMatchObject([
        { from: 1415008800e6, until: 1415008860e6 },
        { from: 1415009000e6, until: 1415009060e6 },
      ])
    }
  })

  test('is a gap since the row before of the same process, where stats.log says that packets were dropped', async () => {
    const of = (ts: number, peer: string, pkts_dropped: string | number) => ({ ts, peer, pkts_proc: 9, pkts_dropped })
    const rows = [
      of(1415008800, 'worker-1', 0),
      of(1415008900, 'worker-2', 0),
      of(1415009100, 'worker-1', 12),
      of(1415019200, 'worker-3', 1),
      of(1415029200, 'worker-3', 0),
    ]
    for (const log of both('stats', rows)) {
      const { read } = await seen(log)
      expect(read).toMatchObject({ used: 0, leftOut: { 'packets-dropped': 2, 'zeek-stats-says-no-flow': 3 } })
      expect(read.gaps).toEqual([
        { from: 1415008800e6, until: 1415009100e6, reason: 'packets dropped, by stats.log', records: 1 },
        { from: 1415018900e6, until: 1415019200e6, reason: 'packets dropped, by stats.log', records: 1 },
      ])
    }
  })

  test('is a gap, where weird.log says that data is missing or truncated', async () => {
    const rows = ['truncated_IP', 'above_hole_data_without_any_acks', 'bad_TCP_checksum', 'HTTP_version_mismatch'].map(
      (name, i) => ({ ts: 1415008800 + i, name, notice: false, peer: 'zeek' }),
    )
    for (const log of both('weird', rows)) {
      const { read } = await seen(log)
      expect(read).toMatchObject({ records: 4, used: 0, leftOut: { weird: 1, 'weird-data-missing': 3 } })
      expect(read.gaps.map(({ from }) => from)).toEqual([1415008800e6, 1415008801e6, 1415008802e6])
    }
  })
})

test('logs that tell of no flow are counted by their names, whatever else stands there not', async () => {
  const { read } = await seen(
    columnsOf('x509', [{ ts: 1, fingerprint: 'a' }]) +
      columnsOf('Some Body', [{ ts: 1 }]) +
      jsonOf([{ ts: 1, fuid: 'F1' }]) +
      jsonOf([{ ts: 1, uid: 'C1' }], 'ssh'),
  )
  expect(read).toMatchObject({
    format: 'zeek',
    error: null,
    leftOut: { 'zeek-log-says-no-flow': 2, 'zeek-ssh-says-no-flow': 1, 'zeek-x509-says-no-flow': 1 },
  })
})

describe('laws', () => {
  const phone = conn('C1')
  const whole = [
    columnsOf('conn', [phone, conn('C2', { 'id.orig_p': 9 })]),
    jsonOf([conn('C3', { 'id.orig_p': 7 }), ssl(phone, 'a.example.com')]),
    columnsOf('http', [http(phone, 'GET', 'b.example.com', '/')]),
    jsonOf([dns('c.example.com', ['192.0.2.3'])]),
    columnsOf('weird', [{ ts: 1, name: 'truncated_IP', notice: false }]),
  ].join('')

  test('any damage gives a result that accounts for every record, wherever the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: whole.length }), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.array(fc.nat({ max: whole.length }), { maxLength: 12 }),
        async (changes, cuts) => {
          const damaged = bytes(whole)
          for (const [at, byte] of changes) if (at > 40 && at < damaged.length) damaged[at] = byte
          const once = await see(damaged)
          expect(once.read.records).toBe(accounted(once.read))
          expect(await see(damaged, cuts)).toEqual(once)
        },
      ),
      { numRuns: 150 },
    )
  })
})
