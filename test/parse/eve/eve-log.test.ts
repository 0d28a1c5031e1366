import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collectLog, sumOf } from '../log-collect.ts'

const at = (second: number) => `2019-11-22T16:48:${String(second).padStart(2, '0')}.123456+0000`
const ends = { src_ip: '192.168.7.2', src_port: 40001, dest_ip: '203.0.113.5', dest_port: 443, proto: 'TCP' }
const lines = (...events: object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('')

const flow = {
  timestamp: at(30),
  flow_id: 1234567890123456,
  event_type: 'flow',
  ...ends,
  app_proto: 'tls',
  flow: {
    pkts_toserver: 9,
    pkts_toclient: 7,
    bytes_toserver: 1200,
    bytes_toclient: 5400,
    start: at(1),
    end: at(9),
    state: 'closed',
  },
  tcp: { tcp_flags: '1b', tcp_flags_ts: '1b', tcp_flags_tc: '1b', syn: true },
}
const tls = {
  timestamp: at(2),
  flow_id: 1234567890123456,
  event_type: 'tls',
  ...ends,
  tls: { sni: 'API.example.com', version: 'TLS 1.2' },
}
const read = {
  a: '192.168.7.2',
  portA: 40001,
  b: '203.0.113.5',
  portB: 443,
  protocol: 6,
  packets: [9, 7],
  bytes: [1200, 5400],
  start: '2019-11-22T16:48:01.123456Z',
  end: '2019-11-22T16:48:09.123456Z',
  opener: 1,
  names: [{ name: 'api.example.com', via: 'tls-sni' }],
  hidden: null,
  macs: [0, 0],
}

describe('flows', () => {
  test('a flow has the names that events of its id gave it, before or behind', () => {
    for (const log of [lines(tls, flow), lines(flow, tls)]) {
      const { flows, account } = collectLog(log)
      expect(flows).toEqual([read])
      expect(account).toEqual({ format: 'eve', records: 2, used: 2, leftOut: {}, gaps: [] })
    }
  })

  test('events of an id that is used again for other ends name only their own flow', () => {
    const other = { ...ends, src_port: 40002, dest_ip: '203.0.113.9' }
    const { flows } = collectLog(
      lines(tls, flow, { ...tls, ...other, tls: { sni: 'other.example', version: 'TLS 1.2' } }, { ...flow, ...other }),
    )
    expect(flows.map(({ b, names }) => [b, names.map(({ name }) => name)])).toEqual([
      ['203.0.113.5', ['api.example.com']],
      ['203.0.113.9', ['other.example']],
    ])
  })

  test('a flow that is told twice counts once', () => {
    const { flows, account } = collectLog(lines(flow, flow))
    expect(flows).toHaveLength(1)
    expect(account.leftOut).toEqual({ 'same-flow': 1 })
  })

  test('ids of 64 bits are told apart', () => {
    const big = (id: string, event: object) => lines(event).replace('1234567890123456', id)
    const log = big('18446744073709551615', flow) + big('18446744073709551614', { ...flow, src_ip: '192.168.7.3' })
    const { flows } = collectLog(log + big('18446744073709551615', tls))
    expect(flows.map(({ a, names }) => [a, names.length])).toEqual([
      ['192.168.7.2', 1],
      ['192.168.7.3', 0],
    ])
  })

  test('protocols without ports, by name and by number, IPv6, hardware addresses', () => {
    const icmp = {
      ...flow,
      flow_id: 2,
      proto: 'IPv6-ICMP',
      src_ip: '2001:0db8:0000::2',
      dest_ip: '2001:db8::5',
      icmp_type: 128,
    }
    const gre = {
      ...flow,
      flow_id: 3,
      proto: '047',
      ether: { src_macs: ['02:00:5e:10:00:01'], dest_macs: ['02:00:5e:10:00:02', '02:00:5e:10:00:03'] },
    }
    const { flows } = collectLog(lines(icmp, gre))
    expect(flows.map(({ a, portA, protocol, macs }) => [a, portA, protocol, macs])).toEqual([
      ['2001:db8::2', -1, 58, [0, 0]],
      ['192.168.7.2', -1, 47, [0x02005e100001, 0]],
    ])
  })
})

describe('netflow', () => {
  test('without times, beside a flow event, is left out once', () => {
    const untimed = {
      ...flow,
      timestamp: 'never',
      event_type: 'netflow',
      flow: undefined,
      netflow: { pkts: 6, bytes: 425 },
    }
    const { account } = collectLog(lines(untimed, flow))
    expect(account).toMatchObject({ records: 2, used: 1, leftOut: { 'no-time': 1 } })
  })

  const there = {
    ...flow,
    event_type: 'netflow',
    flow: undefined,
    netflow: { pkts: 6, bytes: 425, start: at(1), end: at(9) },
  }
  const back = {
    ...there,
    src_ip: ends.dest_ip,
    src_port: 443,
    dest_ip: ends.src_ip,
    dest_port: 40001,
    netflow: { pkts: 4, bytes: 495, start: at(1), end: at(9) },
  }

  test('both directions are one flow', () => {
    const { flows, account } = collectLog(lines(there, back))
    expect(flows).toEqual([{ ...read, packets: [6, 4], bytes: [425, 495], names: [], opener: 0 }])
    expect(account.used).toBe(2)
  })

  test('the end that opened is the one that sent a SYN and no ACK, whichever direction stands first or alone', () => {
    const syn = { ...there, tcp: { tcp_flags: '02', syn: true } }
    const answer = { ...back, tcp: { tcp_flags: '12', syn: true, ack: true } }
    const openerOf = (...events: object[]) => collectLog(lines(...events)).flows.map(({ a, opener }) => [a, opener])
    expect(openerOf(syn, answer)).toEqual([[ends.src_ip, 1]])
    expect(openerOf(answer, syn)).toEqual([[ends.dest_ip, 2]])
    expect(openerOf(answer)).toEqual([[ends.dest_ip, 0]])
    expect(openerOf({ ...syn, tcp: { syn: true } })).toEqual([[ends.src_ip, 1]])
    expect(openerOf({ ...answer, tcp: { syn: true, ack: true } })).toEqual([[ends.dest_ip, 0]])
  })

  test('directions that are logged twice count once; another flow of the same id counts', () => {
    for (const log of [lines(there, back, there, back), lines(there, there, back, back)]) {
      const { flows, account } = collectLog(log)
      expect(flows).toMatchObject([{ packets: [6, 4], bytes: [425, 495] }])
      expect(account).toMatchObject({ records: 4, used: 2, leftOut: { 'same-flow': 2 } })
    }
    const later = { ...there, netflow: { ...there.netflow, start: at(20), end: at(22) } }
    expect(collectLog(lines(there, back, later)).flows).toMatchObject([{ bytes: [425, 495] }, { bytes: [425, 0] }])
  })

  test('beside the flow event it adds nothing', () => {
    for (const log of [lines(there, back, flow, tls), lines(flow, there, back, tls)]) {
      const { flows, account } = collectLog(log)
      expect(flows).toEqual([read])
      expect(account).toMatchObject({ records: 4, used: 2, leftOut: { 'netflow-beside-flow': 2 } })
    }
  })
})

describe('what no flow event comes for', () => {
  test('is a flow of its own, and the log has a gap, because traffic may have raised no event', () => {
    const { flows, account } = collectLog(lines(tls))
    expect(flows).toEqual([
      {
        ...read,
        packets: [0, 0],
        bytes: [0, 0],
        start: '2019-11-22T16:48:02.123456Z',
        end: '2019-11-22T16:48:02.123456Z',
        opener: 0,
      },
    ])
    expect(account.gaps).toEqual([
      {
        from: 1574441282123456,
        until: 1574441282123456,
        reason: 'no flow events in the log: what raised no other event is not in it',
        records: 1,
      },
    ])
  })

  test('alerts state what their flow had carried, the client first', () => {
    const carried = { pkts_toserver: 3, pkts_toclient: 2, bytes_toserver: 300, bytes_toclient: 200, start: at(1) }
    const turned = { src_ip: ends.dest_ip, src_port: 443, dest_ip: ends.src_ip, dest_port: 40001 }
    const alert = { timestamp: at(4), flow_id: 9, event_type: 'alert', ...ends, ...turned, alert: { signature: 'x' } }
    const expected = {
      ...read,
      packets: [3, 2],
      bytes: [300, 200],
      end: '2019-11-22T16:48:04.123456Z',
      opener: 0,
      names: [],
    }
    for (const event of [
      { ...alert, flow: { ...carried, ...ends } },
      { ...alert, direction: 'to_client', flow: carried },
      { ...alert, flow: carried },
    ])
      expect(collectLog(lines(event)).flows).toEqual([expected])
  })

  test('counters of an alert count where it is known which end is the client', () => {
    const alert = { ...flow, event_type: 'alert', dest_port: 40002 }
    expect(collectLog(lines(alert)).flows[0]).toMatchObject({ packets: [0, 0], bytes: [0, 0], portB: 40002 })
  })

  test('an event without a flow is left out', () => {
    expect(collectLog(lines({ ...tls, flow_id: undefined })).account.leftOut).toEqual({ 'no-flow-id': 1 })
  })
})

describe('names', () => {
  const named = (...events: object[]) => collectLog(lines(...events, flow)).flows[0]
  const http = (what: object) => ({ ...tls, event_type: 'http', tls: undefined, http: what })

  test('of HTTP requests, proxied ones and QUIC', () => {
    expect(named(http({ hostname: 'Www.Example.com', http_method: 'GET', url: '/q?name=secret' }))?.names).toEqual([
      { name: 'www.example.com', via: 'http-host' },
    ])
    expect(named(http({ hostname: 'example.com', http_method: 'CONNECT', url: 'example.com:443' }))?.names).toEqual([
      { name: 'example.com', via: 'http-connect' },
    ])
    expect(named(http({ hostname: 'example.com', http_method: 'CONNECT' }))?.names).toEqual([
      { name: 'example.com', via: 'http-connect' },
    ])
    const quic = { ...tls, event_type: 'quic', tls: undefined, quic: { version: '1', sni: 'q.example.com' } }
    expect(named(quic, { ...quic, quic: { version: '1' } })?.names).toEqual([
      { name: 'q.example.com', via: 'quic-sni' },
    ])
  })

  test('where there is none, why', () => {
    expect(named({ ...tls, tls: { version: 'TLS 1.3' } })?.hidden).toBe('tls-without-sni')
    expect(named({ ...tls, tls: { subject: 'CN=x' } })?.hidden).toBe(null)
    expect(named(http({ http_method: 'GET', url: '/' }))?.hidden).toBe('http-without-host')
  })

  test('of an event that has a forwarded client in place of its source', () => {
    expect(named({ ...tls, src_ip: '198.51.100.7' })?.names).toHaveLength(1)
  })
})

describe('dns', () => {
  const resolver = { dest_ip: '192.168.7.1', dest_port: 53, proto: 'UDP' }
  const event = { timestamp: at(1), flow_id: 5, event_type: 'dns', ...ends, ...resolver }
  const answered = (name: string, via: string, seconds: number) => ({
    client: '192.168.7.2',
    address: '203.0.113.5',
    name,
    via,
    time: 1574441281123456,
    expires: 1574441281123456 + seconds * 1e6,
  })
  const expected = [answered('a.cdn.example', 'dns-cname', 60), answered('www.example.com', 'dns', 30)]
  const answers = [
    { rrname: 'www.example.com', rrtype: 'CNAME', ttl: 30, rdata: 'a.cdn.example' },
    { rrname: 'a.cdn.example', rrtype: 'A', ttl: 60, rdata: '203.0.113.5' },
  ]
  const turned = { src_ip: '192.168.7.1', src_port: 53, dest_ip: '192.168.7.2', dest_port: 40001 }

  test('version 1: an event a record', () => {
    const { answers: given, account } = collectLog(
      lines(
        { ...event, dns: { type: 'query', id: 7, rrname: 'www.example.com', rrtype: 'A' } },
        ...answers.map((answer) => ({
          ...event,
          ...turned,
          dns: { type: 'answer', id: 7, rcode: 'NOERROR', ...answer },
        })),
      ),
    )
    expect(given).toEqual(expected)
    expect(account).toMatchObject({ records: 3, used: 2, leftOut: { 'dns-query-says-no-flow': 1 } })
  })

  test('version 2: an event a message, from the client', () => {
    const dns = { version: 2, type: 'answer', id: 7, rrname: 'www.example.com', rrtype: 'A', answers }
    expect(collectLog(lines({ ...event, dns })).answers).toEqual(expected)
  })

  test('version 2 with answers that are grouped alone: they hold for no longer than they are known to', () => {
    const dns = {
      version: 2,
      type: 'answer',
      rrname: 'www.example.com',
      grouped: { CNAME: ['a.cdn.example'], A: ['203.0.113.5'] },
    }
    expect(collectLog(lines({ ...event, dns })).answers).toEqual([answered('www.example.com', 'dns', 0)])
  })

  test('version 3: an event a message, from its sender', () => {
    const dns = { version: 3, type: 'response', id: 7, queries: [{ rrname: 'www.example.com', rrtype: 'A' }], answers }
    expect(collectLog(lines({ ...event, ...turned, dns })).answers).toEqual(expected)
    const elsewhere = { ...turned, src_port: 5300 }
    expect(collectLog(lines({ ...event, ...elsewhere, dns })).answers).toEqual(expected)
  })

  test('answers of neighbours, and those without an address, give nothing', () => {
    const dns = { version: 2, type: 'answer', rrname: 'www.example.com', answers }
    expect(collectLog(lines({ ...event, dest_port: 5353, dns })).account.leftOut).toEqual({ 'dns-of-neighbours': 1 })
    expect(collectLog(lines({ ...event, dns: { ...dns, answers: [answers[0]] } })).account.leftOut).toEqual({
      'dns-without-address': 1,
    })
  })
})

describe('the account', () => {
  const stats = (second: number, uptime: number, drops: number) => ({
    timestamp: at(second),
    event_type: 'stats',
    stats: {
      uptime,
      capture: { kernel_packets: 1000, kernel_drops: drops },
      threads: { x: { capture: { kernel_drops: 9 } } },
    },
  })

  test('packets that the kernel dropped are gaps', () => {
    const { account } = collectLog(lines(flow, stats(10, 8, 0), stats(18, 16, 5), stats(26, 24, 5), stats(34, 2, 3)))
    expect(
      account.gaps.map(({ from, until, records }) => [
        Math.floor(from / 1e6) % 60,
        Math.floor(until / 1e6) % 60,
        records,
      ]),
    ).toEqual([
      [10, 18, 5],
      [32, 34, 3],
    ])
    expect(account.leftOut).toEqual({ 'eve-stats-says-no-flow': 4 })
  })

  test('other events are counted by their type, which must be a word', () => {
    const { account } = collectLog(
      lines(flow, { ...tls, event_type: 'fileinfo' }, { ...tls, event_type: 'Ann Smith' }) +
        'no json\n{"event_type":\n',
    )
    expect(account.leftOut).toEqual({
      'eve-event-says-no-flow': 1,
      'eve-fileinfo-says-no-flow': 1,
      'malformed-record': 2,
    })
    expect(account.records).toBe(5)
  })

  test('times without a zone are asked for, and what was read stays', () => {
    const log = lines(tls, flow).replaceAll('+0000', '')
    const { flows, account, error } = collectLog(log)
    expect(flows).toMatchObject([{ start: null, end: null, names: read.names }])
    expect(account).toMatchObject({ records: 2, used: 0, leftOut: { 'time-without-zone': 2 } })
    expect(error?.message).toContain('timeZone of this capture in session.yaml or with --time-zone')
    expect(error?.line).toBe(1)
    expect(collectLog(log, { timeZone: 'Asia/Kolkata' }).flows[0]?.start).toBe('2019-11-22T11:18:01.123456Z')
  })
})

describe('how the events stand', () => {
  const plain = collectLog(lines(tls, flow))

  test('an array, objects over several lines, behind syslog, with a byte order mark', () => {
    const events = [tls, flow]
    const texts = [
      JSON.stringify(events),
      JSON.stringify(events, null, 2),
      events.map((event) => JSON.stringify(event, null, 2)).join('\n'),
      events.map((event) => `Nov 22 16:48:08 rig suricata[77]: @cee: ${JSON.stringify(event)}\r\n`).join(''),
      `\ufeff${lines(tls, flow)}`,
      `\ufeff \n${JSON.stringify(events)}`,
    ]
    for (const text of texts) expect(collectLog(text)).toEqual(plain)
  })

  test('an array that breaks off is an error, behind all that was read', () => {
    const whole = JSON.stringify([tls, flow])
    for (const text of [whole.slice(0, -1), `${whole.slice(0, -1)},\n`, `${whole}\n[`, `[${whole}`]) {
      const { flows, account, error } = collectLog(text)
      expect(flows).toEqual(plain.flows)
      expect(account).toEqual(plain.account)
      expect(error?.message).toBe('the array breaks off: its closing bracket is not there')
      expect(error?.line).toBe(text.split('\n').length)
    }
    const inside = collectLog(whole.slice(0, -9))
    expect(inside.account).toMatchObject({ records: 2, used: 1, leftOut: { 'malformed-record': 1 } })
    expect(inside.error?.message).toMatch(/breaks off/)
  })

  const log = [
    lines(tls, flow, {
      ...flow,
      event_type: 'netflow',
      flow_id: 8,
      netflow: { pkts: 1, bytes: 60, start: at(1), end: at(2) },
    }),
    JSON.stringify([tls, 7, { ...tls, event_type: 'dhcp' }, flow], null, 1),
  ]

  test('wherever the bytes are cut', () => {
    for (const text of log)
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }), (cuts) => {
          expect(collectLog(text, {}, cuts)).toEqual(collectLog(text))
        }),
        { numRuns: 50 },
      )
  })

  test('any bytes are accounted for', () => {
    for (const text of log) {
      const bytes = new TextEncoder().encode(text)
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 8 }),
          (changes) => {
            const changed = bytes.slice()
            for (const [index, byte] of changes) changed[index] = byte
            let collected: ReturnType<typeof collectLog>
            try {
              collected = collectLog(changed)
            } catch {
              // No longer known as EVE.
              return
            }
            expect(sumOf(collected.account)).toBe(collected.account.records)
          },
        ),
        { numRuns: 200 },
      )
    }
  })

  test('a flow beyond those that wait is handed on with what was said before', () => {
    const many = Array.from({ length: 140_000 }, (_, i) =>
      lines({ ...flow, flow_id: i + 1, src_ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }),
    ).join('')
    const inTime = lines({ ...tls, flow_id: 140_000, src_ip: '10.2.34.223' })
    const { flows, account } = collectLog(many + inTime)
    expect(flows).toHaveLength(140_000)
    expect(flows.at(-1)?.names).toHaveLength(1)
    expect(account.used).toBe(140_001)
    expect(account.gaps).toEqual([])
    // Of the first flow, which has left, and of one that the log does not have.
    const late = lines({ ...tls, flow_id: 1, src_ip: '10.0.0.0' }, { ...tls, flow_id: 200_000 })
    expect(collectLog(many + inTime + late).account.gaps).toEqual([
      {
        from: 1574441282123456,
        until: 1574441282123456,
        reason: 'names that stand more than 131,072 flows behind the flow that they are of',
        records: 1,
      },
    ])
  })
})
