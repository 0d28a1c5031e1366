/** NetFlow v5, v9 and IPFIX, from datagrams made by hand. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openParser } from '../../functions/parse/detect.ts'
import { DatagramFileParser } from '../../functions/parse/netflow/datagram-file.ts'
import { looksLikeDatagrams } from '../../functions/parse/netflow/looks-like-netflow.ts'
import { ethernet, ipv4, pcap, udp } from './capture-builder.ts'
import {
  accounted,
  collect,
  data,
  ip,
  ipfix,
  NOW,
  options,
  template,
  text,
  u8,
  u16,
  u32,
  u64,
  v5,
  v5Record,
  v9,
  v9Options,
  v9Template,
} from './netflow-builder.ts'

const read = (...datagrams: readonly number[][]) => collect(datagrams.flat(), (sink) => new DatagramFileParser(sink))
const at = (seconds: number) => (NOW + seconds) * 1e6

/** Source, destination, ports, protocol, bytes, packets. */
const usual = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [1, 4],
  [2, 4],
] as const
const usualRecord = (from = '192.168.1.5', to = '203.0.113.9', ports = [40_000, 443], bytes = 600, packets = 6) =>
  [ip(from), ip(to), u16(ports[0] ?? 0), u16(ports[1] ?? 0), u8(6), u32(bytes), u32(packets)].flat()
const withMilliseconds = [...usual, [152, 8], [153, 8]]
const spanOf = (from: number, until: number) => [...u64((NOW + from) * 1e3), ...u64((NOW + until) * 1e3)]

describe('NetFlow v5', () => {
  test('a record is a flow, its times counted back from the export', () => {
    const { flows, account } = read(v5([v5Record({ packets: 5, bytes: 700 })]))
    expect(flows).toEqual([
      {
        a: '192.168.1.5|40000',
        b: '203.0.113.9|443',
        protocol: 6,
        packets: [5, 0],
        bytes: [700, 0],
        start: at(-10),
        end: at(-5),
        opener: 0,
        macs: [0, 0],
      },
    ])
    expect(account).toEqual({ format: 'netflow', records: 1, used: 1, leftOut: {}, gaps: [] })
  })

  test('records of both directions are one conversation; who began first with a SYN opened it', () => {
    const answer = { from: '203.0.113.9', to: '192.168.1.5', ports: [443, 40_000] as const, packets: 4, bytes: 900 }
    const { flows } = read(v5([v5Record({ ...answer, first: 3_590_040, flags: 0x1b }), v5Record({ flags: 0x1b })]))
    expect(flows).toMatchObject([
      { a: '192.168.1.5|40000', b: '203.0.113.9|443', packets: [1, 4], bytes: [60, 900], opener: 1, start: at(-10) },
    ])
  })

  test('records of one direction stay apart, and so does an answer a minute later', () => {
    const answer = { from: '203.0.113.9', to: '192.168.1.5', ports: [443, 40_000] as const }
    const { flows } = read(
      v5([v5Record({ first: 3_000_000, last: 3_100_000 }), v5Record()]),
      v5([v5Record({ ...answer, first: 3_400_000, last: 3_410_000 })], { sequence: 2 }),
    )
    expect(flows).toHaveLength(3)
  })

  test('a lone SYN says who opened, one SYN with ACK who answered, and flags of a whole connection say nothing', () => {
    const openers = [
      { flags: 0x02, packets: 3 },
      { flags: 0x12, packets: 1 },
      { flags: 0x1b, packets: 9 },
    ].map((record) => read(v5([v5Record(record)])).flows[0]?.opener)
    expect(openers).toEqual([1, 2, 0])
  })

  test('a counter of uptime that began anew between flow and export is seen through', () => {
    const { flows } = read(v5([v5Record({ first: -4_000, last: 1_000 })], { uptime: 6_000 }))
    expect(flows).toMatchObject([{ start: at(-10), end: at(-5) }])
  })

  test('ICMP has no ports, although the record has its type in one', () => {
    const { flows } = read(v5([v5Record({ protocol: 1, ports: [0, 2048] })]))
    expect(flows).toMatchObject([{ a: '192.168.1.5', b: '203.0.113.9', protocol: 1 }])
  })

  test('flows that were lost between datagrams are a gap from one to the other', () => {
    const { account } = read(v5([v5Record()], { sequence: 10 }), v5([v5Record()], { sequence: 31, now: NOW + 60 }))
    expect(account.gaps).toEqual([{ from: at(0), until: at(60), reason: 'export datagrams lost', records: 20 }])
  })

  test('sampled packets are a gap over all flows of the exporter, and counts stay as stated', () => {
    const { account, flows } = read(v5([v5Record()], { sampling: 0x4000 | 1000 }))
    expect(account.gaps).toEqual([
      { from: at(-10), until: at(-5), reason: 'packets sampled by the exporter', records: 1 },
    ])
    expect(flows[0]?.packets).toEqual([1, 0])
  })
})

describe('NetFlow v9', () => {
  const times = [...usual, [22, 4], [21, 4]]
  const record = [...usualRecord(), ...u32(3_590_000), ...u32(3_595_000)]

  test('data is read by its template, which may come later, in another datagram', () => {
    const late = read(v9([data(256, record, record)]), v9([v9Template(256, times)], { sequence: 1 }))
    expect(late.flows).toMatchObject([{ bytes: [600, 0] }, { bytes: [600, 0], start: at(-10), end: at(-5) }])
    expect(late.account.used).toBe(2)
  })

  test('data whose template never came counts a set as one; so does that of another source', () => {
    const { account } = read(v9([v9Template(256, times)]), v9([data(256, record), data(257, record)], { domain: 8 }))
    expect(account).toMatchObject({ records: 2, used: 0, leftOut: { 'no-template': 2 } })
  })

  test('a template that changes changes what follows', () => {
    const { flows } = read(
      v9([v9Template(256, times), data(256, record)]),
      v9([v9Template(256, usual), data(256, usualRecord('10.0.0.1'))], { sequence: 1 }),
    )
    expect(flows.map(({ a, start }) => [a, start])).toEqual([
      ['192.168.1.5|40000', at(-10)],
      ['10.0.0.1|40000', Number.NaN],
    ])
  })

  test('padding of sets and of datagrams is passed over', () => {
    const padded = [...v9([v9Template(256, times), data(256, [...record, 0, 0, 0])]), ...new Array<number>(200).fill(0)]
    const { account, error } = read(padded, v9([data(256, record)], { sequence: 1 }))
    expect([account.used, account.leftOut, error]).toEqual([2, {}, null])
  })

  test('options records are left out; the sampling they tell of is a gap', () => {
    const { account } = read(
      v9([v9Options(300, [[1, 4]], [[34, 4]]), data(300, [...u32(0), ...u32(512)])]),
      v9([v9Template(256, times), data(256, record)], { sequence: 1 }),
    )
    expect(account.leftOut).toEqual({ 'options-record': 1 })
    expect(account.gaps).toMatchObject([{ reason: 'packets sampled by the exporter', records: 1 }])
  })

  test('nProbe’s 23 and 24 are the answer', () => {
    const answer = [...u32(9), ...u32(2), ...u16(0)]
    const fields = [...times, [23, 4], [24, 4]]
    const nine = read(v9([v9Template(256, [...fields, [57_591, 2]]), data(256, [...record, ...answer])]))
    const ten = read(
      ipfix([
        template(256, [...withMilliseconds, [23, 4], [24, 4], [0x8000 | 118, 2, 35_632]]),
        data(256, [...usualRecord(), ...spanOf(-10, -5), ...answer]),
      ]),
    )
    const flow = { bytes: [600, 9], packets: [6, 2] }
    expect([...nine.flows, ...ten.flows]).toMatchObject([flow, flow])
  })

  test('lost datagrams are a gap', () => {
    const { account } = read(v9([v9Template(256, usual)], { sequence: 5 }), v9([], { sequence: 9, now: NOW + 20 }))
    expect(account.gaps).toEqual([{ from: at(0), until: at(20), reason: 'export datagrams lost', records: 3 }])
  })

  test('the hardware addresses are those of the frame that came in from the sender and that went out to the receiver', () => {
    const fields = [...times, [56, 6], [80, 6], [57, 6]]
    const macs = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3]
    expect(read(v9([v9Template(256, fields), data(256, [...record, ...macs])])).flows[0]?.macs).toEqual([1, 3])
  })

  test('what left the device counts only where nothing says what came in', () => {
    const both = [...times, [23, 4], [24, 4]]
    const out = times.map(([id = 0, length = 0]) => [id === 1 ? 23 : id === 2 ? 24 : id, length])
    const [first, second] = [
      read(v9([v9Template(256, both), data(256, [...record, ...u32(9), ...u32(9)])])),
      read(v9([v9Template(256, out), data(256, record)])),
    ].map(({ flows }) => flows[0]?.bytes)
    expect([first, second]).toEqual([
      [600, 0],
      [600, 0],
    ])
  })
})

describe('IPFIX', () => {
  const record = [...usualRecord(), ...spanOf(-10, -5)]

  test.each<[string, number[][], number[], number]>([
    ['a probability', [[311, 4]], [0x3d, 0xcc, 0xcc, 0xcd], 1],
    ['a probability in 64 bits', [[311, 8]], [0x3f, 0xe0, 0, 0, 0, 0, 0, 0], 1],
    ['a probability of one', [[311, 4]], [0x3f, 0x80, 0, 0], 0],
    ['flows that are passed over', [[397, 4]], u32(9), 1],
    [
      'flows that were not selected',
      [
        [394, 4],
        [395, 4],
      ],
      [...u32(9), ...u32(8)],
      1,
    ],
    [
      'flows that were all selected',
      [
        [394, 4],
        [395, 4],
      ],
      [...u32(9), ...u32(9)],
      0,
    ],
  ])('sampling by %s', (_, fields, values, gaps) => {
    const { account } = read(
      ipfix([options(300, [[302, 4]], fields), data(300, [...u32(1), ...values])]),
      ipfix([template(256, withMilliseconds), data(256, record)], { sequence: 1 }),
    )
    expect(account.gaps).toHaveLength(gaps)
  })

  test('messages follow one another; their sequence counts records', () => {
    const { flows, account } = read(
      ipfix([template(256, withMilliseconds), data(256, record, record)]),
      ipfix([data(256, record)], { sequence: 2 }),
      ipfix([data(256, record)], { sequence: 7, now: NOW + 5 }),
    )
    expect(flows).toHaveLength(4)
    expect(account.gaps).toEqual([{ from: at(0), until: at(5), reason: 'export datagrams lost', records: 4 }])
  })

  test('numbers come in fewer bytes than they have', () => {
    const reduced = [
      [8, 4],
      [12, 4],
      [7, 2],
      [11, 2],
      [4, 1],
      [1, 3],
      [2, 1],
      [152, 8],
      [153, 8],
    ]
    const body = [ip('192.168.1.5'), ip('203.0.113.9'), u16(1), u16(2), u8(17), [1, 0, 0], u8(9), spanOf(-1, 0)].flat()
    expect(read(ipfix([template(256, reduced), data(256, body)])).flows).toMatchObject([
      { bytes: [65_536, 0], packets: [9, 0], protocol: 17 },
    ])
  })

  test('fields of varying length and of enterprises are stepped over, and host names are taken', () => {
    const fields = [[100, 0xffff, 12_345], ...withMilliseconds, [808, 0xffff, 8057], [460, 0xffff]]
    const name = 'API.Example.com'
    const body = [
      [u8(3), text('abc'), record],
      [u8(name.length), text(name), u8(255), u16(11), text('example.com')],
    ].flat(2)
    expect(read(ipfix([template(256, fields), data(256, body, body)])).flows[1]?.names).toEqual([
      { name: 'api.example.com', via: 'tls-sni' },
      { name: 'example.com', via: 'http-host' },
    ])
  })

  test('reverse elements are what the receiver sent (RFC 5103)', () => {
    const fields = [...withMilliseconds, [1, 4, 29_305], [2, 4, 29_305]]
    const biflow = [...record, ...u32(9000), ...u32(7)]
    const answer = [
      ...usualRecord('203.0.113.9', '192.168.1.5', [443, 40_000]),
      ...spanOf(-9, -5),
      ...u32(1),
      ...u32(1),
    ]
    const { flows } = read(ipfix([template(256, fields), data(256, biflow, answer)]))
    expect(flows).toMatchObject([
      { bytes: [600, 9000], packets: [6, 7] },
      { a: '203.0.113.9|443', bytes: [600, 1] },
    ])
  })

  test('initiator and responder of firewalls are the two directions; 239 turns them', () => {
    const fields = [
      [8, 4],
      [12, 4],
      [7, 2],
      [11, 2],
      [4, 1],
      [231, 4],
      [232, 4],
      [152, 8],
      [323, 8],
      [239, 1],
    ]
    const body = [ip('192.168.1.5'), ip('203.0.113.9'), u16(1), u16(2), u8(6), u32(10), u32(20), spanOf(-10, -5), u8(2)]
    expect(read(ipfix([template(256, fields), data(256, body.flat())])).flows).toMatchObject([
      { bytes: [10, 20], start: at(-10), end: at(-5), opener: 2 },
    ])
  })

  const ntpSeconds = (seconds: number) => [...u32(NOW + seconds + 2_208_988_800), ...u32(0)]
  const units: readonly [unit: string, start: number[], end: number[], from: number[], until: number[]][] = [
    ['seconds', [150, 4], [151, 4], u32(NOW - 10), u32(NOW - 5)],
    ['milliseconds', [152, 8], [153, 8], u64((NOW - 10) * 1e3), u64((NOW - 5) * 1e3)],
    ['microseconds', [154, 8], [155, 8], ntpSeconds(-10), ntpSeconds(-5)],
    ['nanoseconds', [156, 8], [157, 8], ntpSeconds(-10), ntpSeconds(-5)],
    ['microseconds before the export', [158, 4], [159, 4], u32(10_000_000), u32(5_000_000)],
  ]
  test.each(units)('times in %s', (_, start, end, from, until) => {
    const body = [...usualRecord(), ...from, ...until]
    const { flows } = read(ipfix([template(256, [...usual, start, end]), data(256, body)]))
    expect(flows).toMatchObject([{ start: at(-10), end: at(-5) }])
  })

  test('a fraction of NTP is rounded to the microsecond that was meant', () => {
    const fraction = Math.floor((123_456 / 1e6) * 2 ** 32)
    const time = [...u32(NOW + 2_208_988_800), ...u32(fraction)]
    const { flows } = read(ipfix([template(256, [...usual, [154, 8]]), data(256, [...usualRecord(), ...time])]))
    expect(flows[0]?.start).toBe(at(0) + 123_456)
  })

  test('uptimes count from when options or the record itself say that the exporter started', () => {
    const times = [...usual, [22, 4], [21, 4]]
    const body = [...usualRecord(), ...u32(90_000), ...u32(95_000)]
    const init = u64((NOW - 100) * 1e3)
    const told = read(
      ipfix([
        options(300, [[149, 4]], [[160, 8]]),
        data(300, [...u32(7), ...init]),
        template(256, times),
        data(256, body),
      ]),
    )
    const own = read(ipfix([template(256, [...times, [160, 8]]), data(256, [...body, ...init])]))
    const neither = read(ipfix([template(256, times), data(256, body)]))
    expect([told.flows[0]?.start, own.flows[0]?.start]).toEqual([at(-10), at(-10)])
    expect(neither.account).toMatchObject({ used: 0, leftOut: { 'no-time': 1 } })
    expect(neither.flows).toMatchObject([{ start: Number.NaN }])
  })

  test('of the addresses of both families the one that is filled in counts', () => {
    const fields = [...withMilliseconds, [27, 16], [28, 16]]
    const none = new Array<number>(32).fill(0)
    const six = [
      ...u32(0x20010db8),
      ...u32(0),
      ...u32(0),
      ...u32(1),
      ...u32(0x20010db8),
      ...u32(0),
      ...u32(0),
      ...u32(2),
    ]
    const { flows, account } = read(
      ipfix([
        template(256, fields),
        data(256, [...record, ...none], [...usualRecord('0.0.0.0', '0.0.0.0'), ...spanOf(-10, -5), ...six]),
        data(256, [...usualRecord('0.0.0.0', '0.0.0.0'), ...spanOf(-10, -5), ...none]),
      ]),
    )
    expect(flows.map(({ a }) => a)).toEqual(['192.168.1.5|40000', '2001:db8::1|40000'])
    expect(account.leftOut).toEqual({ 'no-address': 1 })
  })

  test('the end behind a translation is the device, and what it asked for stays what it asked for', () => {
    const fields = [...withMilliseconds, [226, 4], [228, 2]]
    const out = [...usualRecord(), ...spanOf(-10, -5), ...ip('203.0.113.9'), ...u16(443)]
    const back = [
      ...usualRecord('203.0.113.9', '198.51.100.1', [443, 61_000]),
      ...spanOf(-10, -5),
      ...ip('192.168.1.5'),
      ...u16(40_000),
    ]
    const { flows } = read(ipfix([template(256, fields), data(256, out, back)]))
    expect(flows).toMatchObject([{ a: '192.168.1.5|40000', b: '203.0.113.9|443', bytes: [600, 600] }])
  })

  test('counters since the flow began are those of its last record, of each end', () => {
    const fields = withMilliseconds.map(([id = 0, length = 0]) => [id === 1 ? 85 : id === 2 ? 86 : id, length])
    const out = (bytes: number, until: number) => [
      ...usualRecord(undefined, undefined, undefined, bytes, bytes / 100),
      ...spanOf(-50, until),
    ]
    const back = (bytes: number, until: number) => [
      ...usualRecord('203.0.113.9', '192.168.1.5', [443, 40_000], bytes, bytes / 100),
      ...spanOf(-49, until),
    ]
    const another = [...usualRecord(undefined, undefined, undefined, 500, 5), ...spanOf(-5, -1)]
    const { flows, account } = read(
      ipfix([template(256, fields), data(256, out(1000, -30), back(2000, -30))]),
      ipfix([data(256, out(3000, -10), back(7000, -9), another)], { sequence: 2 }),
    )
    expect(flows).toMatchObject([
      { bytes: [3000, 7000], packets: [30, 70], start: at(-50), end: at(-9) },
      { bytes: [500, 0], start: at(-5) },
    ])
    expect(account).toMatchObject({ records: 5, used: 5 })
  })

  test('what a transparent proxy takes over stays what the device asked for', () => {
    const fields = [...withMilliseconds, [226, 4], [228, 2]]
    const out = [...usualRecord(), ...spanOf(-10, -5), ...ip('192.168.1.1'), ...u16(3128)]
    const { flows } = read(ipfix([template(256, fields), data(256, out)]))
    expect(flows).toMatchObject([{ a: '192.168.1.5|40000', b: '203.0.113.9|443' }])
  })

  test('a template is withdrawn, alone or with all others', () => {
    const { account } = read(
      ipfix([template(256, withMilliseconds), template(257, withMilliseconds), template(256, [])]),
      ipfix([data(256, record), data(257, record)]),
      ipfix([template(2, []), data(257, record)]),
    )
    expect(account).toMatchObject({ used: 1, leftOut: { 'no-template': 2 } })
  })

  test('a template of no length, or that does not fit into its set, defines nothing', () => {
    const { account } = read(
      ipfix([template(256, [[210, 0]]), data(256, record), [...u16(2), ...u16(12), ...u16(257), ...u16(9), ...u32(0)]]),
    )
    expect(account.leftOut).toEqual({ 'malformed-set': 1, 'no-template': 1 })
  })
})

describe('files and captures of datagrams', () => {
  const one = v5([v5Record(), v5Record()])
  const nine = v9([v9Template(256, usual), data(256, usualRecord())])
  const ten = ipfix([template(256, withMilliseconds), data(256, [...usualRecord(), ...spanOf(-10, -5)])])
  const capture = (...payloads: readonly number[][]) =>
    pcap(
      payloads.map((payload, i) => ({
        bytes: ethernet(0x0800, ipv4(udp(50_000, 2055, Uint8Array.from(payload)), { protocol: 17 })),
        time: i,
      })),
    )
  const inCapture = (bytes: Uint8Array) => collect(bytes, (sink) => openParser(bytes, sink, { format: 'netflow' }))

  test('are told by their content', () => {
    for (const bytes of [one, nine, ten, [...nine, ...ten]])
      expect(looksLikeDatagrams(Uint8Array.from(bytes))).toBe(true)
    const others = [
      text('version account-id'),
      v5([v5Record()], { now: 0 }),
      v5([v5Record()], { count: 2 }),
      ten.slice(0, -1),
    ]
    for (const bytes of others) expect(looksLikeDatagrams(Uint8Array.from(bytes))).toBe(false)
  })

  test('a message that is longer than what is looked at is told too', () => {
    const records = new Array<number[]>(600).fill([...usualRecord(), ...spanOf(-10, -5)])
    const long = Uint8Array.from(ipfix([template(256, withMilliseconds), data(256, ...records)]))
    expect(long.length).toBeGreaterThan(16_384)
    expect(looksLikeDatagrams(long.subarray(0, 16_384))).toBe(true)
    expect(looksLikeDatagrams(long.subarray(0, 16_000))).toBe(false)
  })

  test('a packet capture is of packets, unless it is said to be of datagrams', () => {
    const bytes = capture(one, nine, ten)
    expect(collect(bytes, (sink) => openParser(bytes, sink, {})).account).toMatchObject({ format: 'pcap', records: 3 })
    expect(inCapture(bytes).account).toMatchObject({
      format: 'netflow',
      records: 4,
      used: 3,
      leftOut: { 'no-time': 1 },
    })
  })

  test('other packets, broken datagrams and fragments are counted', () => {
    const cut = v5([v5Record()], { count: 3 })
    const { account } = inCapture(capture(one, text('hello'), cut))
    expect(account).toMatchObject({ used: 2, leftOut: { 'malformed-datagram': 1, 'not-netflow': 1 } })
  })

  test('sFlow is refused in words, in a capture and as a file', () => {
    const sflow = [...u32(5), ...u32(1), ...ip('192.0.2.1'), ...u32(0), ...u32(1), ...u32(1000), ...u32(0)]
    expect(inCapture(capture(sflow)).error).toMatch(/sFlow/)
    expect(inCapture(Uint8Array.from(sflow)).error).toMatch(/sFlow/)
    expect(inCapture(capture(text('hello'))).error).toMatch(/holds no NetFlow/)
  })

  test('a file that breaks off gives what is whole, and says where', () => {
    const { account, error } = collect([...one, ...nine.slice(0, -1)], (sink) => new DatagramFileParser(sink))
    expect(account).toMatchObject({ used: 2, leftOut: { 'truncated-datagram': 1 } })
    expect(error).toMatch(/cut short/)
    expect(read(one, [0, 99, 0, 0, 0, 0]).error).toMatch(/no datagram/)
  })

  test('the result does not depend on how the bytes are cut', () => {
    const file = [...one, ...nine, ...new Array<number>(30).fill(0), ...ten, ...nine, ...one]
    const open = (sink: Parameters<typeof openParser>[1]) => new DatagramFileParser(sink)
    const whole = collect(file, open)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 9 }), (cuts) => {
        expect(collect(file, open, cuts)).toEqual(whole)
      }),
    )
  })

  test('any bytes give a result or an InputError, and every record is accounted for', () => {
    const files = [[...one, ...nine], [...ten, ...nine], ten].map((bytes) => Uint8Array.from(bytes))
    const damage = fc.array(fc.tuple(fc.nat({ max: 250 }), fc.integer({ min: 0, max: 255 })), { maxLength: 8 })
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        damage,
        fc.nat({ max: 300 }),
        fc.boolean(),
        (file, changes, length, packed) => {
          const bytes = file.slice(0, Math.max(1, length))
          for (const [offset, byte] of changes) if (offset < bytes.length) bytes[offset] = byte
          const { account, error } = inCapture(packed ? capture([...bytes]) : bytes)
          expect(accounted(account)).toBe(true)
          if (error !== null) expect(error).toMatch(/^InputError/)
        },
      ),
      { numRuns: 500 },
    )
  })
})
