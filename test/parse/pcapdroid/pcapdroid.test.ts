import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collectLog, sumOf } from '../log-collect.ts'

const V1 =
  'IPProto,SrcIP,SrcPort,DstIp,DstPort,UID,App,Proto,Status,Info,BytesSent,BytesRcvd,PktsSent,PktsRcvd,FirstSeen,LastSeen'
const V2 = V1.replace('App,', 'App,PackageName,')

const read = {
  a: '10.215.173.1',
  portA: 40001,
  b: '203.0.113.5',
  portB: 443,
  protocol: 6,
  packets: [9, 7],
  bytes: [1200, 5400],
  start: '2014-11-01T03:30:05.123000Z',
  end: '2014-11-01T03:30:09.500000Z',
  opener: 0,
  names: [{ name: 'api.example.com', via: 'log' }],
  hidden: null,
  macs: [0, 0],
}
const counts = '1200,5400,9,7'
const milliseconds = '1414812605123,1414812609500'
const ends = '6,10.215.173.1,40001,203.0.113.5,443,10123'

describe('every version', () => {
  test.each([
    [
      'the first, in seconds',
      V1.replace('UID', 'Uid'),
      `${ends},Shop,TLS,Closed,api.example.com,${counts},1414812605,1414812609`,
      '05.000',
      '09.000',
    ],
    ['in milliseconds', V1, `${ends},Shop,TLS,Closed,api.example.com,${counts},${milliseconds}`, '05.123', '09.500'],
    [
      'with malware',
      `${V1},Malicious`,
      `${ends},Shop,TLS,Closed,API.example.com,${counts},${milliseconds},`,
      '05.123',
      '09.500',
    ],
    [
      'with dates',
      V2,
      `${ends},Shop,com.example.shop,TLS,Closed,api.example.com,${counts},2014-11-01T09:00:05.123+05:30,2014-11-01T03:30:09.500Z`,
      '05.123',
      '09.500',
    ],
  ])('%s', (_, header, row, start, end) => {
    const { flows, account } = collectLog(`${header}\n${row}\n`)
    expect(flows).toEqual([{ ...read, start: `2014-11-01T03:30:${start}000Z`, end: `2014-11-01T03:30:${end}000Z` }])
    expect(account).toEqual({ format: 'pcapdroid', records: 1, used: 1, leftOut: {}, gaps: [] })
  })

  test('dates without a zone are asked for', () => {
    const text = `${V1}\n${ends},Shop,TLS,Closed,api.example.com,${counts},2014-11-01 09:00:05,2014-11-01 09:00:09\n`
    expect(collectLog(text)).toMatchObject({
      flows: [{ start: null }],
      error: { line: 2, message: expect.stringContaining('--time-zone') },
      account: { leftOut: { 'time-without-zone': 1 } },
    })
    expect(collectLog(text, { timeZone: 'Asia/Kolkata' }).flows[0]?.start).toBe('2014-11-01T03:30:05.000000Z')
  })
})

describe('names', () => {
  const named = (proto: string, info: string) =>
    collectLog(`${V1}\n${ends},Shop,${proto},Closed,${info},${counts},${milliseconds}\n`).flows[0]?.names

  test('of DNS is what was asked for, and not the flow’s host', () => {
    expect(named('DNS', 'api.example.com')).toEqual([])
    expect(named('QUIC', 'api.example.com')).toEqual(read.names)
  })

  test('what is no host name is none', () => {
    for (const info of ['', 'TLS1.2', 'GET /a?b=secret HTTP/1.1', 'query A example.com IN', '203.0.113.5'])
      expect(named('TLS', info)).toEqual([])
  })
})

describe('rows with commas in their names', () => {
  test.each([
    ['in the name of the app', V1, 'Maps, Navigate, Explore,TLS,Closed,api.example.com', read.names],
    ['in one word of the app', V1, 'A,B,TLS,Closed,api.example.com', read.names],
    ['before a package', V2, 'A,B,com.example.maps,TLS,Closed,api.example.com', read.names],
    ['in the host', V1, 'Shop,TLS,Closed,a,api.example.com', []],
    ['within quotes', V1, '"A,B",TLS,Closed,api.example.com', read.names],
  ])('%s', (_, header, between, names) => {
    const { flows, account } = collectLog(`${header}\n${ends},${between},${counts},${milliseconds}\n`)
    expect(flows).toEqual([{ ...read, names }])
    expect(account.used).toBe(1)
  })

  test('where it cannot be told whose they are, the flow stands without a name, and a gap says so', () => {
    const { flows, account } = collectLog(`${V1}\n${ends},Shop,TLS,DNS,TLS,api.example.com,${counts},${milliseconds}\n`)
    expect(flows).toEqual([{ ...read, names: [] }])
    expect(account.gaps).toMatchObject([{ from: 1414812605123000, until: 1414812609500000, records: 1 }])
  })

  test('rows without readable ends are left out', () => {
    const row = `${ends},Shop,TLS,Closed,api.example.com,${counts},${milliseconds}`
    const rows = [
      row,
      row.replace('443', 'https'),
      row.replace('203.0.113.5', 'example.com'),
      row.slice(0, 60),
      row.replace('1200', 'x'),
    ]
    expect(collectLog([V1, ...rows].join('\n')).account).toMatchObject({
      records: 5,
      used: 1,
      leftOut: { 'malformed-row': 4 },
    })
  })
})

describe('the laws', () => {
  const text = [
    V2,
    `${ends},A,B,com.example.maps,TLS,Closed,api.example.com,${counts},${milliseconds}`,
    V1,
    `${ends},,UDP,,,${counts},${milliseconds}`,
    '',
  ].join('\r\n')

  test('wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }), (cuts) => {
        expect(collectLog(text, {}, cuts)).toEqual(collectLog(text))
      }),
    )
  })

  test('any bytes behind the header are accounted for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { account } = collectLog(Buffer.concat([Buffer.from(text), bytes.map((byte) => byte || 44)]))
        expect(sumOf(account)).toBe(account.records)
      }),
    )
  })
})

const material = '../shared/material/pcapdroid/nikhill__excerpt.csv'
test.skipIf(!existsSync(material))(`a list that another program made in its likeness (${material})`, () => {
  const { flows, account } = collectLog(readFileSync(material), { timeZone: 'UTC' })
  expect(flows.map(({ a, portB, protocol, names }) => [a, portB, protocol, names])).toEqual([
    ['192.168.1.237', 53, 17, []],
    ['192.168.1.221', 53, 17, []],
    ['192.168.1.240', 443, 17, []],
    ['fe80::1', 443, 6, []],
  ])
  expect(account).toMatchObject({ records: 4, used: 4 })
})
