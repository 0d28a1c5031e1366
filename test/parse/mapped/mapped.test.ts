import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collectLog, sumOf } from '../log-collect.ts'

const columns = {
  start: 'ts',
  end: 'te',
  protocol: 'proto',
  initiatorIp: 'src',
  initiatorPort: 'sport',
  responderIp: 'dst',
  responderPort: 'dport',
  bytesSent: 'out',
  bytesReceived: 'in',
  packetsSent: 'pout',
  packetsReceived: 'pin',
  name: 'host',
}
const header = 'ts,te,proto,src,sport,dst,dport,out,in,pout,pin,host,comment'
const row = '1414812605.123456,1414812609.5,tcp,192.168.7.2,40001,203.0.113.5,443,1200,5400,9,7,API.example.com.,fine'
const read = {
  a: '192.168.7.2',
  portA: 40001,
  b: '203.0.113.5',
  portB: 443,
  protocol: 6,
  packets: [9, 7],
  bytes: [1200, 5400],
  start: '2014-11-01T03:30:05.123456Z',
  end: '2014-11-01T03:30:09.500000Z',
  opener: 0,
  names: [{ name: 'api.example.com', via: 'log' }],
  hidden: null,
  macs: [0, 0],
}
const csv = (...rows: string[]) => `${[header, ...rows].join('\n')}\n`
/** The row with some of its values replaced. */
const rowWith = (values: Readonly<Record<string, string>>) =>
  row
    .split(',')
    .map((value, i) => values[header.split(',')[i] ?? ''] ?? value)
    .join(',')

describe('CSV', () => {
  test('is read by its columns, with any separator, quotes, line breaks and a byte order mark', () => {
    const texts = [
      csv(row),
      csv(row).replaceAll(',', ';'),
      csv(row).replaceAll(',', '\t'),
      `\ufeff${csv(row)}`.replaceAll('\n', '\r\n'),
      `\ufeff${csv(row)}`.replace('ts', '"ts"').replace('fine', '"a ""quoted"",\nbroken\ncomment"'),
      csv(row).replace('192.168.7.2', ' "192.168.7.2"'.trim()).trimEnd(),
    ]
    for (const text of texts) {
      const { flows, account, error } = collectLog(text, { columns })
      expect(error).toBe(null)
      expect(flows).toEqual([read])
      expect(account).toEqual({ format: 'csv', records: 1, used: 1, leftOut: {}, gaps: [] })
    }
  })

  test.each([
    ['s', '1414812605', '2014-11-01T03:30:05.000000Z'],
    ['s', '1.414812605123456e9', '2014-11-01T03:30:05.123456Z'],
    ['ms', '1414812605123', '2014-11-01T03:30:05.123000Z'],
    ['ms', '1414812605123.456', '2014-11-01T03:30:05.123456Z'],
    ['us', '1414812605123456', '2014-11-01T03:30:05.123456Z'],
    ['ns', '1414812605123456789', '2014-11-01T03:30:05.123456Z'],
    ['s', '2014-11-01T09:00:05.5+05:30', '2014-11-01T03:30:05.500000Z'],
  ])('times in %s: %s', (startUnit, ts, expected) => {
    expect(collectLog(csv(rowWith({ ts, te: '' })), { columns: { ...columns, startUnit } }).flows[0]?.start).toBe(
      expected,
    )
  })

  test('a duration stands for the end, or for the start', () => {
    const { start: _, end: __, ...rest } = columns
    const with_ = (map: Record<string, string>, values: Record<string, string>) =>
      collectLog(csv(rowWith(values)), { columns: { ...rest, ...map } }).flows[0]
    expect(with_({ start: 'ts', duration: 'te', durationUnit: 'ms' }, { te: '1500.5' })?.end).toBe(
      '2014-11-01T03:30:06.623956Z',
    )
    expect(with_({ end: 'ts', duration: 'te' }, { te: '0.1' })?.start).toBe('2014-11-01T03:30:05.023456Z')
  })

  test('a time in another unit than was said is not taken for one', () => {
    const { flows, account } = collectLog(csv(rowWith({ ts: '1414812605123', te: '' })), { columns })
    expect(flows[0]?.start).toBe(null)
    expect(account.leftOut).toEqual({ 'time-out-of-range': 1 })
    const seconds = collectLog(csv(rowWith({ te: '' })), { columns: { ...columns, startUnit: 'ms' } })
    expect(seconds.account.leftOut).toEqual({ 'time-out-of-range': 1 })
  })

  test('times without a zone are asked for', () => {
    const text = csv(rowWith({ ts: '2014-11-01 09:00:05', te: '' }))
    expect(collectLog(text, { columns }).error).toMatchObject({
      line: 2,
      message: expect.stringContaining('--time-zone'),
    })
    expect(collectLog(text, { columns, timeZone: 'Asia/Kolkata' }).flows[0]?.start).toBe('2014-11-01T03:30:05.000000Z')
  })

  test.each([
    [{ src: 'nobody' }, 'no-address'],
    [{ src: '2001:db8::2' }, 'mixed-address-families'],
    [{ dport: '70000' }, 'number-out-of-range'],
    [{ out: '-3' }, 'number-out-of-range'],
    [{ in: 'many' }, 'number-out-of-range'],
    [{ ts: 'today', te: '' }, 'no-time'],
    [{ host: 'a,b' }, 'malformed-row'],
  ])('a row with %o is left out as %s', (values, reason) => {
    expect(collectLog(csv(row, rowWith(values), row), { columns }).account).toMatchObject({
      records: 3,
      used: 2,
      leftOut: { [reason]: 1 },
    })
  })

  test('what has no value is none', () => {
    const nothing = { proto: 'icmp', sport: '-', dport: '', out: 'null', in: '12.0', pout: 'N/A', host: '-', te: '' }
    expect(collectLog(csv(rowWith(nothing)), { columns }).flows).toEqual([
      { ...read, protocol: 1, portA: -1, portB: -1, bytes: [0, 12], packets: [0, 7], names: [], end: read.start },
    ])
  })

  test.each([
    ['https://alice:p@ss@API.example.com:8443/v1/upload?phone=5550100&imei=0#top', 'api.example.com'],
    ['//cdn.example.com/x', 'cdn.example.com'],
    ['api.example.com:443', 'api.example.com'],
    ['http://[2001:DB8::1]:80/x', '2001:db8::1'],
    ['198.51.100.7:80', '198.51.100.7'],
    ['alice@example.com', null],
    ['/v1/upload?phone=5550100', null],
    ['api.example.com/v1?phone=5550100', null],
    ['tel:+15550100', null],
  ])('of a name %s no more than the host is kept', (host, name) => {
    const { flows, account } = collectLog(csv(rowWith({ host })), { columns })
    expect(account.used).toBe(1)
    expect(flows[0]?.names).toEqual(name === null ? [] : [{ name, via: 'log' }])
  })

  test('values of a first row that is no header are not told', () => {
    const faultOf = (text: string) => {
      try {
        return collectLog(text, { columns }).error?.message ?? ''
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(faultOf(`${rowWith({ comment: 'alice' })}\n`)).toMatch(
      /^the log has no column ts, te, [^:]*: the first row is no header, because an address or a time stands in it; name /,
    )
    const values = faultOf(
      'ts,alice@example.com,5550100,+15550100,a0b1c2d3e4f5a6b7,https://x.example/?q=1,Sent bytes\n',
    )
    expect(values).toContain(': its columns are ts, Sent bytes and ')
    expect(faultOf('5550100,alice@example.com\n')).not.toMatch(/5550100|alice/)
    for (const value of ['alice', '5550100', 'a0b1', 'x.example']) expect(values).not.toContain(value)
  })

  test('a column that is missing is named, with those that there are', () => {
    expect(() => collectLog(csv(row), { columns: { ...columns, initiatorIp: 'source' } })).toThrow(
      /^the log has no column source: its columns are ts, te, proto, src, sport, dst, .*--columns$/,
    )
    expect(() => collectLog(csv(row).replace('comment', 'src'), { columns })).toThrow(/two columns src/)
  })
})

describe('JSON', () => {
  const record = {
    time: 1414812605123.456,
    took: 4.5,
    src: { ip: '192.168.7.2', port: 40001 },
    dst: { ip: '203.0.113.5', port: '443' },
    proto: 'TCP',
    host: 'm\u00fcnchen.example',
    user: 'Ann Smith',
  }
  const paths = {
    start: 'time',
    startUnit: 'ms',
    duration: 'took',
    protocol: 'proto',
    initiatorIp: 'src/ip',
    initiatorPort: 'src/port',
    responderIp: 'dst/ip',
    responderPort: 'dst/port',
  }

  test('is read by paths, a line an object or an array', () => {
    for (const text of [`${JSON.stringify(record)}\n`, JSON.stringify([record], null, 1)]) {
      const { flows, account } = collectLog(text, { columns: paths })
      expect(flows).toMatchObject([{ a: '192.168.7.2', portA: 40001, b: '203.0.113.5', portB: 443, protocol: 6 }])
      expect(flows[0]).toMatchObject({ start: '2014-11-01T03:30:05.123456Z', end: '2014-11-01T03:30:09.623456Z' })
      expect(account).toMatchObject({ format: 'json', records: 1, used: 1 })
    }
  })

  test('an array that breaks off is an error, behind all that was read', () => {
    const whole = JSON.stringify([record], null, 1)
    for (const [text, records] of [
      [whole.slice(0, -1), 1],
      ['[', 0],
      ['[[[[\n', 0],
    ] as const) {
      const { account, error } = collectLog(text, { columns: paths })
      expect(account).toMatchObject({ records, used: records })
      expect(error?.message).toMatch(/^the array breaks off/)
    }
    expect(collectLog('[]', { columns: paths }).error).toBe(null)
  })

  test('the name can be said to be a TLS server name', () => {
    const text = JSON.stringify({ ...record, host: 'A.example.com' })
    expect(collectLog(text, { columns: { ...paths, name: 'host', nameVia: 'tls-sni' } }).flows[0]?.names).toEqual([
      { name: 'a.example.com', via: 'tls-sni' },
    ])
  })

  test('a path that no record has is named, with those that the first has, and no value', () => {
    const { error } = collectLog(JSON.stringify(record), { columns: { ...paths, responderIp: 'dest_ip' } })
    expect(error?.message).toMatch(
      /^no record has dest_ip: the first one has time, took, src\/ip, src\/port, dst\/ip, /,
    )
    expect(error?.message).not.toContain('Ann')
  })

  test('records that are none are left out', () => {
    const text = `${JSON.stringify(record)}\nno json\n{"time":\n`
    expect(collectLog(text, { columns: paths }).account).toMatchObject({
      records: 3,
      used: 1,
      leftOut: { 'malformed-record': 2 },
    })
  })
})

describe('the laws', () => {
  const text = csv(
    row,
    rowWith({ host: '"two\nlines"' }),
    `${row},more`,
    rowWith({ src: '2001:db8::1', dst: '::2' }),
    '"open',
    row,
  )

  test('wherever the bytes are cut', () => {
    const whole = collectLog(text, { columns })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }), (cuts) => {
        expect(collectLog(text, { columns }, cuts)).toEqual(whole)
      }),
    )
  })

  test('any bytes behind the header are accounted for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const whole = Buffer.concat([Buffer.from(csv(row)), bytes.map((byte) => byte || 44), Buffer.from(`\n${row}\n`)])
        const { account } = collectLog(whole, { columns })
        expect(sumOf(account)).toBe(account.records)
      }),
    )
  })

  test('a quote that never closes takes no more than a row with it', () => {
    const { account, flows } = collectLog(csv(row, `"${'x'.repeat(300_000)}`, row), { columns })
    expect(account.leftOut).toEqual({ 'row-too-long': 1 })
    expect(flows).toHaveLength(2)
  })
})
