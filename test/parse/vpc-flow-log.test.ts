import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { looksLikeVpcFlowLog, VpcFlowLogParser } from '../../functions/parse/vpc-flow-log.ts'
import { collect, sorted, sumOfLeftOut } from './vpc-collect.ts'

const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
const head = '2 123456789012 eni-0a'
const row = `${head} 10.0.0.5 203.0.113.9 40000 443 6 10 1000 1600000000 1600000059 ACCEPT OK`
const reply = `${head} 203.0.113.9 10.0.0.5 443 40000 6 20 9000 1600000001 1600000050 ACCEPT OK`
const noData = `${head} - - - - - - - 1600000000 1600000060 - NODATA`
const skipData = `${head} - - - - - - - 1600000000 1600000060 - SKIPDATA`

const joined = {
  a: '10.0.0.5',
  b: '203.0.113.9',
  portA: 40000,
  portB: 443,
  protocol: 6,
  packets: [10, 20],
  bytes: [1000, 9000],
  start: 1_600_000_000_000_000,
  end: 1_600_000_059_000_000,
  opener: 0,
}

describe('a VPC flow log', () => {
  it('in the default order without a header is read, both directions as one flow', () => {
    const { flows, account } = collect(`${row}\n${reply}\n`)
    expect(flows).toEqual([joined])
    expect(account).toEqual({ format: 'vpc-flow-log', records: 2, used: 2, leftOut: {}, gaps: [] })
  })

  it('is the same with CRLF, tabs, several blanks, blank lines, a byte order mark and no final newline', () => {
    const odd = `\ufeff${header}\r\n\r\n${row.replaceAll(' ', '\t')}\r\n   \n  ${reply.replaceAll(' ', '   ')}  `
    expect(collect(odd)).toEqual(collect(`${header}\n${row}\n${reply}\n`))
  })

  it.each([
    ['hyphens', 'dstaddr srcaddr bytes packets start end protocol dstport srcport log-status'],
    ['underscores', 'dstaddr srcaddr bytes packets start end protocol dstport srcport log_status'],
    [
      'wrappers',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how AWS's console writes them
      '${dstaddr} ${srcaddr} ${bytes} ${packets} ${start} ${end} ${protocol} ${dstport} ${srcport} ${log-status}',
    ],
  ])('has its fields in the order of its header line, written with %s', (_, names) => {
    const { flows } = collect(`${names}\n203.0.113.9 10.0.0.5 1000 10 1600000000 1600000059 6 443 40000 OK\n`)
    expect(flows).toEqual([{ ...joined, packets: [10, 0], bytes: [1000, 0] }])
  })

  it('without a header is read in the order that the user gives, and a header line overrules it', () => {
    const format = 'srcaddr,dstaddr,srcport,dstport,protocol,packets,bytes,start,end'
    const text = '10.0.0.5 203.0.113.9 40000 443 6 10 1000 1600000000 1600000059\n'
    const expected = [{ ...joined, packets: [10, 0], bytes: [1000, 0] }]
    expect(collect(text, { format }).flows).toEqual(expected)
    expect(collect(`${header}\n${row}\n`, { format }).flows).toEqual(expected)
  })

  it('may repeat its header, or go on under another one', () => {
    const other = 'end start dstaddr srcaddr srcport dstport protocol packets bytes'
    const text = `${header}\n${row}\n${header}\n${other}\n1600000050 1600000001 10.0.0.5 203.0.113.9 443 40000 6 20 9000\n`
    expect(collect(text)).toEqual(collect(`${row}\n${reply}\n`))
  })

  it('counts NODATA and SKIPDATA, and SKIPDATA is a gap', () => {
    const { flows, account } = collect(`${noData}\n${skipData}\n${row}\n`)
    expect(flows).toHaveLength(1)
    expect(account.leftOut).toEqual({ NODATA: 1, SKIPDATA: 1 })
    expect(account.gaps).toEqual([
      { from: 1_600_000_000_000_000, until: 1_600_000_060_000_000, reason: 'SKIPDATA', records: 1 },
    ])
  })

  it('gives touching gaps as one, and few gaps however many there are', () => {
    const since = 1_600_000_000
    const skip = (from: number, until: number) => `${head} - - - - - - - ${since + from} ${since + until} - SKIPDATA\n`
    expect(collect(skip(100, 160) + skip(300, 360) + skip(160, 200) + skip(190, 250)).account.gaps).toEqual([
      { from: (since + 100) * 1e6, until: (since + 250) * 1e6, reason: 'SKIPDATA', records: 3 },
      { from: (since + 300) * 1e6, until: (since + 360) * 1e6, reason: 'SKIPDATA', records: 1 },
    ])
    const many = Array.from({ length: 5000 }, (_, i) => skip(i * 100, i * 100 + 10)).join('')
    const { gaps } = collect(many).account
    expect(gaps.length).toBeLessThanOrEqual(1000)
    expect(gaps.reduce((sum, gap) => sum + gap.records, 0)).toBe(5000)
  })

  it("takes the packet's own addresses for the ends where the log has them", () => {
    const names = 'srcaddr dstaddr srcport dstport protocol packets bytes start end pkt-srcaddr pkt-dstaddr'
    const rest = '40000 443 6 10 1000 1600000000 1600000059'
    const { flows } = collect(
      `${names}\n10.0.1.1 203.0.113.9 ${rest} 10.0.0.5 203.0.113.9\n10.0.1.1 203.0.113.9 ${rest} - -\n`,
    )
    expect(flows.map(({ a, b }) => [a, b])).toEqual([
      ['10.0.0.5', '203.0.113.9'],
      ['10.0.1.1', '203.0.113.9'],
    ])
  })

  it.each([
    ['SYN alone: the sender opened', 2, 1],
    ['SYN and FIN: the sender opened', 3, 1],
    ['SYN-ACK: the receiver opened', 18, 2],
    ['SYN-ACK and FIN: the receiver opened', 19, 2],
    ['no SYN: nothing is known', 1, 0],
    ['no flags', 0, 0],
  ])('knows who opened by tcp-flags: %s', (_, flags, opener) => {
    const names = 'srcaddr dstaddr srcport dstport protocol start end tcp-flags'
    const line = (f: number | string) => `${names}\n10.0.0.5 203.0.113.9 50000 443 6 1600000000 1600000059 ${f}\n`
    expect(collect(line(flags)).flows[0]?.opener).toBe(opener)
    expect(collect(line('-')).flows[0]?.opener).toBe(0)
  })

  it('names the end that began first where ports do not tell', () => {
    const line = (from: string, to: string, at: number) =>
      `${head} ${from} ${to} 0 0 1 4 336 ${at} ${at + 9} ACCEPT OK\n`
    const there = line('203.0.113.12', '172.31.16.139', 1600000003)
    const back = line('172.31.16.139', '203.0.113.12', 1600000004)
    const { flows } = collect(there + back)
    expect(flows).toMatchObject([{ a: '203.0.113.12', portA: -1, portB: -1, packets: [4, 4] }])
    expect(collect(back + there).flows).toEqual(flows)
  })

  it('reads IPv6', () => {
    const text = `${head} 2001:db8:1234:a100:8d6e:3477:df66:f105 2001:DB8::22 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK\n`
    expect(collect(text).flows).toMatchObject([
      { a: '2001:db8:1234:a100:8d6e:3477:df66:f105', b: '2001:db8::22', portA: 34892, portB: 22, bytes: [8855, 0] },
    ])
  })

  it('lists a flow without a time, and leaves its row out of what can be judged', () => {
    const { flows, account } = collect('srcaddr dstaddr\n10.0.0.5 203.0.113.9\n')
    expect(flows).toMatchObject([{ a: expect.any(String), start: Number.NaN, end: Number.NaN, protocol: -1 }])
    expect(account).toMatchObject({ records: 1, used: 0, leftOut: { 'no-time': 1 } })
  })

  it.each(['1600000', '0', '315532799'])('lists a flow that began at second %s of 1970 without times', (second) => {
    const old = row.replace('1600000000', second).replace('1600000059', second)
    const { flows, account } = collect(`${header}\n${old}\n`)
    expect(flows).toMatchObject([{ start: Number.NaN, end: Number.NaN, bytes: [1000, 0] }])
    expect(account).toMatchObject({ records: 1, used: 0, leftOut: { 'time-out-of-range': 1 } })
  })

  it.each([
    ['malformed-row', row.replace(' OK', '')],
    ['malformed-row', `${row} more`],
    ['malformed-address', row.replace('10.0.0.5', '10.0.0.256')],
    ['malformed-address', row.replace('10.0.0.5', '10.0.0.05')],
    ['malformed-address', row.replace('10.0.0.5', '10.0.0.5.1')],
    ['malformed-address', row.replace('10.0.0.5', '10.0.0.')],
    ['malformed-address', row.replace('10.0.0.5', '1:2:3')],
    ['malformed-number', row.replace(' 1000 ', ' -5 ')],
    ['malformed-number', row.replace(' 1000 ', ' 1e3 ')],
    ['malformed-number', row.replace(' 1000 ', ' 12345678901234567x ')],
    ['number-out-of-range', row.replace(' 1000 ', ` ${'9'.repeat(30)} `)],
    ['number-out-of-range', row.replace(' 443 ', ' 65536 ')],
    ['number-out-of-range', row.replace(' 6 10', ' 256 10')],
    ['no-address', row.replace('10.0.0.5', '-')],
    ['mixed-address-families', row.replace('10.0.0.5', '2001:db8::1')],
    ['time-out-of-range', row.replace('1600000000', '1600000000000').replace('1600000059', '1600000059000')],
    ['line-too-long', `${row}${' x'.repeat(40_000)}`],
  ])('counts a row that cannot be used as %s (%#)', (reason, bad) => {
    const { account } = collect(`${header}\n${row}\n${bad}\n${reply}\n`)
    expect(account).toMatchObject({ records: 3, used: 2, leftOut: { [reason]: 1 } })
  })

  it('keeps counters exact as far as a double is', () => {
    const big = Number.MAX_SAFE_INTEGER
    const { flows } = collect(row.replace(' 1000 ', ` ${big} `).replace(' 10 ', ' 123456789012345 '))
    expect(flows).toMatchObject([{ bytes: [big, 0], packets: [123456789012345, 0] }])
  })

  it('bears a start behind its end and missing counters', () => {
    const text = `${head} 10.0.0.5 203.0.113.9 40000 443 - - - 1600000059 1600000000 - -\n`
    expect(collect(text).flows).toEqual([
      { ...joined, protocol: -1, packets: [0, 0], bytes: [0, 0], start: 1600000059e6, end: 1600000059e6 },
    ])
  })

  it('without a header in another than the default order ends with an error that names the fix', () => {
    const text = `5 64111117617 eni-0 89.160.20.156 10.200.0.0 50041 33004 17 52 1 1640000066 1640000297 REJECT OK vpc-1\n`
    expect(() => collect(text)).toThrow(InputError)
    expect(() => collect(text)).toThrow(/--format/)
    expect(looksLikeVpcFlowLog(new TextEncoder().encode(text))).toBe(true)
  })

  it('refuses a field order that names unknown fields or no ends', () => {
    const sink = { answer: () => {}, flows: () => {} }
    expect(() => new VpcFlowLogParser(sink, { format: 'srcaddr dstadr' })).toThrow(/no field "dstadr"/)
    expect(() => new VpcFlowLogParser(sink, { format: 'version start end' })).toThrow(/no srcaddr and dstaddr/)
  })

  it('skips header fields that are not known', () => {
    expect(
      collect('future-field srcaddr dstaddr start end\n7 10.0.0.5 203.0.113.9 1600000000 1600000001\n').flows,
    ).toHaveLength(1)
  })

  it.each([
    ['a header line', `${header}\n`, true],
    ['rows in the default order', `${row}\n`, true],
    ['a damaged first line', `3 1600000059 ACCEPT OK\n${row}\n`, true],
    ['JSON that holds rows', `[{"body": "${row}"}]\n`, false],
    ['prose', 'This is a text about flows.\nIt says OK.\n', false],
    ['bytes with zeros', `${row}\0\n`, false],
    ['nothing', '', false],
  ])('is told from other files: %s', (_, text, expected) => {
    expect(looksLikeVpcFlowLog(new TextEncoder().encode(text))).toBe(expected)
  })

  it('is told by the number of its fields where the user gives their order', () => {
    const text = new TextEncoder().encode('10.0.0.5 203.0.113.9 1600000000 1600000059\n')
    expect(looksLikeVpcFlowLog(text)).toBe(false)
    expect(looksLikeVpcFlowLog(text, 'srcaddr dstaddr start end')).toBe(true)
  })
})

const address = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('10.0.0.5', '10.0.0.6', '203.0.113.9', '198.51.100.7', '2001:db8::1', '2001:db8::2'),
  },
  fc.constantFrom('-', 'x', '10.0.0.300'),
)
const port = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(443, 40000, 40001, 0) }, fc.constantFrom('-', 99999))
const line = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('', header, noData, skipData, 'junk', `${row} x`, '- - -') },
  {
    weight: 6,
    arbitrary: fc
      .tuple(address, address, port, port, fc.constantFrom(6, 17, 1, '-'), fc.nat(5000), fc.nat(99999), fc.nat(200))
      .map(
        ([from, to, fromPort, toPort, kind, packets, bytes, at]) =>
          `${head} ${from} ${to} ${fromPort} ${toPort} ${kind} ${packets} ${bytes} ${1600000000 + at} ${1600000030 + at} ${at % 7 === 0 ? 'REJECT' : 'ACCEPT'} OK`,
      ),
  },
)

describe('any VPC flow log', () => {
  it('gives the same however its bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (lines, cuts) => {
          const text = [header, ...lines].join('\n')
          expect(collect(text, { cuts })).toEqual(collect(text))
        },
      ),
    )
  })

  it('means the same in the default order, which is read straight on, and with a field more, which is not', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.constantFrom('eni-0a', 'eni-0bcd', ''), (lines, other) => {
        const rows = lines.map((text, i) => (i % 3 === 0 ? text.replace('eni-0a', other) : text))
        const usual = [header, ...rows].join('\n')
        const longer = usual.replace(/(\S)$/gm, '$1 more')
        expect(collect(longer)).toEqual(collect(usual))
      }),
    )
  })

  it('gives the same flows in whatever order its rows stand', () => {
    const shuffled = fc
      .array(line, { maxLength: 30 })
      .chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })))
    fc.assert(
      fc.property(shuffled, ([lines, other]) => {
        const one = collect([header, ...lines].join('\n'))
        const two = collect([header, ...other].join('\n'))
        expect(sorted(two.flows)).toEqual(sorted(one.flows))
        expect(two.account).toEqual(one.account)
      }),
    )
  })

  it('accounts for every record, and for every byte of the rows that it uses', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const { account, flows } = collect([header, ...lines].join('\n'))
        expect(account.used + sumOfLeftOut(account)).toBe(account.records)
        expect(account.records).toBe(lines.filter((text) => text !== '' && text !== header).length)
        const usable = lines
          .map((text) => text.split(' '))
          .filter(
            (f) =>
              f.length === 14 &&
              f[13] === 'OK' &&
              /^[\d.]+$|:/.test(f[3] ?? '') &&
              /^[\d.]+$|:/.test(f[4] ?? '') &&
              !`${f[3]} ${f[4]}`.includes('300') &&
              f[5] !== '99999' &&
              f[6] !== '99999' &&
              f[3]?.includes(':') === f[4]?.includes(':'),
          )
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
        expect(sum(flows.map((flow) => flow.bytes[0] + flow.bytes[1]))).toBe(sum(usable.map((f) => Number(f[9]))))
        expect(sum(flows.map((flow) => flow.packets[0] + flow.packets[1]))).toBe(sum(usable.map((f) => Number(f[8]))))
      }),
    )
  })

  it('made of any bytes ends in a result or an InputError, and the account adds up', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .string({
          unit: fc.constantFrom('2', '-', ' ', '\n', '\r', '\t', '.', ':', 'a', 'O', 'K', '0', '9'),
          maxLength: 300,
        })
        .map((text) => new TextEncoder().encode(`${header}\n${text}`)),
    )
    fc.assert(
      fc.property(bytes, (data) => {
        const parser = new VpcFlowLogParser({ answer: () => {}, flows: () => {} }, {})
        try {
          parser.push(data)
          parser.end()
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
        const account = parser.account()
        expect(account.used + sumOfLeftOut(account)).toBe(account.records)
      }),
      { numRuns: 500 },
    )
  })
})
