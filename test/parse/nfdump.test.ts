/** What nfdump prints, in lines made by hand. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CaptureReading } from '../../functions/model.ts'
import { openParser } from '../../functions/parse/detect.ts'
import { accounted, collect } from './netflow-builder.ts'

const read = (text: string, reading: CaptureReading = { timeZone: 'UTC' }, cuts: readonly number[] = []) => {
  const bytes = new TextEncoder().encode(text)
  return collect(bytes, (sink) => openParser(bytes, sink, reading), cuts)
}
const at = (time: string) => Date.parse(`${time}Z`) * 1e3

/** nfdump 1.7.1: forty-eight columns, and a summary of three lines. */
const older = (rows: readonly string[]) =>
  `${[
    'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,ismc,odmc,idmc,osmc,tr',
    ...rows.map(
      (row) =>
        `${row},0,0,00:00:00:00:00:0a,00:00:00:00:00:00,00:00:00:00:00:0b,00:00:00:00:00:00,2026-11-22 05:33:59.647`,
    ),
    'Summary',
    'flows,bytes,packets,avg_bps,avg_pps,avg_bpp',
    '15,10735,52,0,0,206',
  ].join('\n')}\n`
const out = '2014-11-03 10:00:00,2014-11-03 10:00:02,2.500,192.168.1.5,203.0.113.9,40000,443,TCP,...AP.S.,0,0,5,700,0,0'
const back =
  '2014-11-03 10:00:00,2014-11-03 10:00:02,2.100,203.0.113.9,192.168.1.5,443,40000,TCP,...AP.S.,0,0,4,900,0,0'

const newer = (rows: readonly string[]) =>
  `${['firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows', ...rows].join('\n')}\n`
const row = '2014-11-03 10:00:00.250,2.500,6,192.168.1.5,40000,203.0.113.9,443,5,700,1'

const object = (fields: Readonly<Record<string, unknown>> = {}) => ({
  cnt: 1,
  type: 'FLOW',
  export_sysid: 1,
  first: '2014-11-03T10:00:00.250',
  last: '2014-11-03T10:00:02.750',
  in_packets: 5,
  in_bytes: 700,
  proto: 6,
  tcp_flags: '......S.',
  src_port: 40000,
  dst_port: 443,
  src4_addr: '192.168.1.5',
  dst4_addr: '203.0.113.9',
  ...fields,
})
const pretty = (...objects: readonly object[]) =>
  `[\n${objects.map((o) => JSON.stringify(o, null, 1)).join(',\n')}\n]\n`
const lines = (...objects: readonly object[]) => objects.map((o) => `${JSON.stringify(o)}\n`).join('')

describe('CSV', () => {
  test('of 1.7.1: both directions are one flow, the summary is none', () => {
    const { flows, account } = read(older([out, back]))
    expect(flows).toEqual([
      {
        a: '192.168.1.5|40000',
        b: '203.0.113.9|443',
        protocol: 6,
        packets: [5, 4],
        bytes: [700, 900],
        start: at('2014-11-03T10:00:00'),
        end: at('2014-11-03T10:00:02'),
        opener: 0,
        macs: [10, 10],
      },
    ])
    expect(account).toEqual({ format: 'nfdump', records: 2, used: 2, leftOut: {}, gaps: [] })
  })

  test('of 1.7.1: a biflow has the other direction in columns of its own', () => {
    const { flows } = read(older([out.replace(/0,0$/, '7,543')]))
    expect(flows).toMatchObject([{ packets: [5, 7], bytes: [700, 543] }])
  })

  test('of later versions, with milliseconds', () => {
    const start = at('2014-11-03T10:00:00.250')
    expect(read(newer([row])).flows).toMatchObject([{ bytes: [700, 0], start, end: start + 2_500_000 }])
  })

  test('of columns that the user chose, and the fast one, whose times are numbers', () => {
    const start = at('2014-11-03T10:00:00.250')
    const chosen =
      'dstAddr,srcAddr,firstSeen,lastSeen,sniName\n2001:db8::9,2001:db8::5,1415008800.250,1415008801.250,Api.Example.com\n'
    expect(read(chosen).flows).toMatchObject([
      {
        a: '2001:db8::5',
        b: '2001:db8::9',
        protocol: -1,
        start,
        end: start + 1e6,
        names: [{ name: 'api.example.com', via: 'tls-sni' }],
      },
    ])
    const fast =
      'cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes\n' +
      '1,2,1415008800250,1415008802750,17,192.168.1.5,5353,203.0.113.9,53,0,0,0,0,........,0,1,76\n'
    expect(read(fast, {}).flows).toMatchObject([{ protocol: 17, start, end: start + 2_500_000, bytes: [76, 0] }])
  })

  test('times are of the zone that is given; without one they are asked for', () => {
    expect(read(newer([row]), { timeZone: 'Asia/Shanghai' }).flows).toMatchObject([
      { start: at('2014-11-03T02:00:00.250') },
    ])
    for (const text of [newer([row]), pretty(object())]) {
      const { flows, account, error } = read(text, {})
      expect([error, account.leftOut]).toEqual([expect.stringMatching(/--time-zone/), { 'time-without-zone': 1 }])
      expect(flows).toMatchObject([{ start: Number.NaN, bytes: [700, 0] }])
    }
    const twice = read(newer([row.replace('11-03 10', '11-02 01')]), { timeZone: 'America/New_York' })
    expect(twice.account.leftOut).toEqual({ 'time-is-twice-that-day': 1 })
    expect(twice.flows).toMatchObject([{ start: Number.NaN, bytes: [700, 0] }])
  })

  test('a row of ICMP has no ports, one of a tunnel stands for the flow in it', () => {
    const icmp = '2014-11-03 10:00:00.250,0.000,1,192.168.1.5,0,203.0.113.9,8.0,1,84,1'
    const tunnel = '2014-11-03 10:00:01.250,0.000,41,192.168.1.5,0,203.0.113.9,32768,1,104,1'
    const inside = '2014-11-03 10:00:01.250,0.000,58,2001:db8::1,0,2001:db8::2,128.0,1,104,1'
    const { flows, account } = read(newer([icmp, tunnel, inside]))
    expect(flows.map(({ a, b, protocol }) => [a, b, protocol])).toEqual([
      ['192.168.1.5', '203.0.113.9', 1],
      ['192.168.1.5', '203.0.113.9', 41],
    ])
    expect(account.leftOut).toEqual({ 'inside-tunnel': 1 })
  })

  test('a flow beside a tunnel with the same time and counts is none inside, unless its ports are the same', () => {
    const rows = (protocol: number, ports: readonly [string, string], counts = '1,60', duration = '0.000') =>
      newer([
        `2014-11-03 10:00:01.250,${duration},47,192.168.1.5,0,203.0.113.9,0,${counts},1`,
        `2014-11-03 10:00:01.250,${duration},${protocol},192.168.1.6,${ports[0]},198.51.100.7,${ports[1]},${counts},1`,
      ])
    for (const other of [
      rows(6, ['40000', '443']),
      rows(6, ['40000', '443'], '9,700', '2.500'),
      rows(1, ['0', '0.0']),
    ]) {
      const { flows, account } = read(other)
      expect(account).toMatchObject({ used: 2, leftOut: {} })
      expect(flows).toHaveLength(2)
    }
    expect(read(rows(50, ['0', '0'], '9,700', '2.500')).account.leftOut).toEqual({ 'inside-tunnel': 1 })
    const same = rows(6, ['40000', '443']).replace(',0,203.0.113.9,0,', ',40000,203.0.113.9,443,')
    expect(read(same).account.leftOut).toEqual({ 'inside-tunnel': 1 })
  })

  test('of 1.7.1: the row behind that of a tunnel without addresses is the flow inside', () => {
    const tunnel = '2014-11-03 10:00:00,2014-11-03 10:00:02,2.500,0.0.0.0,0.0.0.0,0,0,IPIP,........,0,0,0,0,0,0'
    const inside = older([tunnel, out, back, tunnel, out.replaceAll(':02', ':03'), tunnel, `${out},1`, out])
    const { flows, account } = read(inside)
    expect(flows).toHaveLength(2)
    expect(account).toMatchObject({
      records: 8,
      used: 3,
      leftOut: { 'inside-tunnel': 1, 'malformed-row': 1, 'no-address': 3 },
    })
    const counted = read(older([tunnel.replace(/0,0$/, '1,104'), out]))
    expect(counted.account.leftOut).toEqual({ 'no-address': 1 })
  })

  test('what cannot be read is counted', () => {
    const rows = [
      row.replace('2014-11-03 10:00:00.250', '0000-00-00 00:00:00.000'),
      row.replace('203.0.113.9', '2001:db8::1'),
      row.replace('203.0.113.9', 'host'),
      row.replace('443', '70000'),
      row.replace(',700,', ',7x0,'),
      `${row},1`,
    ]
    const { account } = read(newer(rows))
    expect(account.leftOut).toEqual({
      'malformed-row': 2,
      'mixed-address-families': 1,
      'no-address': 1,
      'no-time': 1,
      'number-out-of-range': 1,
    })
    expect(accounted(account)).toBe(true)
  })

  test('statistics are refused, and an empty answer is none', () => {
    const statistics =
      'ts,te,td,pr,val,fl,flP,pkt,pktP,byt,bytP,pps,bps,bpp\n2014-11-03 10:00:00,2014-11-03 10:00:01,1,any,10.0.0.1,1,1,1,1,1,1,0,1,1\n'
    expect(read(statistics).error).toMatch(/line 1|statistics/)
    expect(read(newer(['No matching flows'])).account).toMatchObject({ records: 0, leftOut: {} })
  })
})

describe('JSON and NDJSON', () => {
  test('give the same flows as one another', () => {
    const answer = {
      src4_addr: '203.0.113.9',
      dst4_addr: '192.168.1.5',
      src_port: 443,
      dst_port: 40000,
      in_bytes: 900,
      in_packets: 4,
      tcp_flags: '...A..S.',
    }
    const [first, second] = [read(pretty(object(), object(answer))), read(lines(object(), object(answer)))]
    expect(first.flows).toMatchObject([
      {
        a: '192.168.1.5|40000',
        b: '203.0.113.9|443',
        bytes: [700, 900],
        packets: [5, 4],
        opener: 1,
        start: at('2014-11-03T10:00:00.250'),
      },
    ])
    expect(second.flows).toEqual(first.flows)
    expect(second.account).toEqual(first.account)
  })

  test('ends of a tunnel are those outside; sampled flows are a gap; server names are taken', () => {
    const six = { src4_addr: undefined, dst4_addr: undefined, src6_addr: '2001:db8::1', dst6_addr: '2001:db8::2' }
    const tunnel = object({ ...six, tun_proto: 41, src4_tun_ip: '192.0.2.1', dst4_tun_ip: '192.0.2.2' })
    const { flows, account } = read(pretty(tunnel, object({ in_sni: 'api.example.com', sampled: 1 })))
    expect(flows).toMatchObject([
      { a: '192.0.2.1', b: '192.0.2.2', protocol: 41 },
      { names: [{ name: 'api.example.com', via: 'tls-sni' }] },
    ])
    expect(account.gaps).toMatchObject([{ reason: 'packets sampled by the exporter', records: 1 }])
  })

  test('values that nfdump writes without quotes do not cost the record', () => {
    const text = pretty(object({ in_tls: 'X' })).replace('"X"', 'TLS1.2')
    expect(read(text).account).toMatchObject({ used: 1, leftOut: {} })
  })

  test('a long value without quotes takes no more time than one with them', () => {
    const text = lines(object()) + lines(object({ x: 'X' })).replace('"X"', `${'a'.repeat(60_000)}-`)
    const began = performance.now()
    expect(read(text).account).toMatchObject({ used: 1, leftOut: { 'malformed-json': 1 } })
    const short =
      lines(object()) +
      lines(object({ x: 'X' }))
        .replace('"X"', `${'a'.repeat(7000)}-`)
        .repeat(40)
    expect(read(short).account).toMatchObject({ used: 1, leftOut: { 'malformed-json': 40 } })
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test.each([1000, 65_536, 65_537, 70_000, 200_000])(
    'an object of %d bytes is judged alike however it is cut',
    (length) => {
      const padding = 'x'.repeat(length - JSON.stringify(object({ x: '' })).length)
      const text = lines(object(), object({ x: padding }), object())
      const whole = read(text)
      const isTaken = length <= 65_536
      expect(whole.account).toMatchObject({ records: 3, used: isTaken ? 3 : 2 })
      for (const cut of [1000, 4096, 65_536, 66_000]) expect(read(text, undefined, [cut])).toEqual(whole)
      // Values beside one another, as text between objects would be counted.
      const members = JSON.stringify(
        object(Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`k${i}`, i]))),
        null,
        1,
      )
      const broken = `${lines(object())}${members}\n${lines(object())}`
      for (const cut of [1000, 65_536, 1 << 20])
        expect(read(broken, undefined, [cut]).account).toMatchObject({ records: 3, leftOut: { 'malformed-json': 1 } })
    },
  )

  test('a broken object costs itself, and nothing behind it', () => {
    const whole = JSON.stringify(object())
    const texts = [
      `${whole}\n${whole.slice(0, -1)}\n${whole}\n`,
      `${whole}\n${whole.slice(0, 120)}\n${whole}\n`,
      `${whole}\nnoise\n${whole}\n`,
    ]
    for (const text of texts)
      expect(read(text).account).toMatchObject({ records: 3, used: 2, leftOut: { 'malformed-json': 1 } })
  })

  test('an array that breaks off is an error, behind all that was read', () => {
    const whole = pretty(object(), object())
    for (const cut of [2, 3, 4, 40]) {
      const { account, error } = read(whole.slice(0, -cut))
      expect(account).toMatchObject({ records: 2, used: cut < 4 ? 2 : 1 })
      expect(error).toMatch(/the array breaks off/)
    }
  })

  test('no matching flows are none', () => {
    for (const text of ['No matching flows\n', '[\nNo matching flows\n\n]\n'])
      expect(read(text)).toMatchObject({ error: null, account: { format: 'nfdump', records: 0 } })
  })
})

test('the result does not depend on how the text is cut, and any text is accounted for', () => {
  const texts = [older([out, back]), newer([row, row]), pretty(object(), object()), lines(object(), object())]
  const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.constantFrom(...texts), cuts, (text, lengths) => {
      expect(read(text, undefined, lengths)).toEqual(read(text))
    }),
  )
  const damage = fc.array(fc.tuple(fc.nat({ max: 1200 }), fc.constantFrom(...'{}[]",:\n0a\u0000')), { maxLength: 6 })
  fc.assert(
    fc.property(fc.constantFrom(...texts), damage, (text, changes) => {
      const letters = [...text]
      // What stands before tells the format.
      for (const [offset, letter] of changes) if (offset > 350 && offset < letters.length) letters[offset] = letter
      const { account, error } = read(letters.join(''))
      expect(accounted(account)).toBe(true)
      if (error !== null) expect(error).toMatch(/^InputError/)
    }),
  )
})
