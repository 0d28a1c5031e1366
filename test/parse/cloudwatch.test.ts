import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaptureReading } from '../../functions/model.ts'
import { readCapture } from '../../functions/parse/read-capture.ts'
import { accounted, see } from './capture-builder.ts'
import { type CollectedFlow, copy } from './vpc-collect.ts'

const head = '2 123456789012 eni-0a'
const rows = [
  `${head} 10.0.0.5 203.0.113.9 40000 443 6 10 1000 1600000000 1600000059 ACCEPT OK`,
  `${head} 203.0.113.9 10.0.0.5 443 40000 6 20 9000 1600000001 1600000050 ACCEPT OK`,
  `${head} - - - - - - - 1600000000 1600000060 - NODATA`,
  `${head} - - - - - - - 1600000000 1600000060 - SKIPDATA`,
]
const events = rows.map((message, i) => ({ id: `${i}`, timestamp: 1_600_000_000_000, message }))
const text = `${rows.join('\n')}\n`
const names = [
  'srcAddr',
  'dstAddr',
  'srcPort',
  'dstPort',
  'protocol',
  'packets',
  'bytes',
  'startTime',
  'endTime',
  'logStatus',
]
const insights = rows.map((row) => {
  const cells = row.split(' ')
  const values = [...cells.slice(3, 12), cells[13] as string]
  return Object.fromEntries(names.map((name, i) => [name, values[i] as string]))
})
const subscription = (messages: unknown, messageType = 'DATA_MESSAGE') => ({
  messageType,
  owner: '123456789012',
  logGroup: 'flows',
  logStream: 'eni-0a-all',
  subscriptionFilters: ['all'],
  logEvents: messages,
})
const csv = (lines: readonly (readonly string[])[]) => `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`

async function read(bytes: string | Uint8Array, reading: CaptureReading = {}) {
  const flows: CollectedFlow[] = []
  const chunks = async function* () {
    yield typeof bytes === 'string' ? new TextEncoder().encode(bytes) : new Uint8Array(bytes)
  }
  const {
    sha256: _,
    size: __,
    ...account
  } = await readCapture(chunks(), reading, {
    answer: () => {},
    flows: (batch) => {
      for (let row = 0; row < batch.length; row++) flows.push(copy(batch, row))
    },
  })
  return { flows, account }
}

const forms: readonly (readonly [string, string])[] = [
  [
    'filter-log-events',
    JSON.stringify({
      events: events.map((event) => ({ logStreamName: 'eni-0a-all', ...event })),
      searchedLogStreams: [],
    }),
  ],
  ['get-log-events, on many lines', JSON.stringify({ events, nextForwardToken: 'f/1' }, null, 4)],
  ['a subscription', JSON.stringify(subscription(events))],
  ['subscriptions one after the other', events.map((event) => JSON.stringify(subscription([event]))).join('')],
  ['subscriptions a line each', events.map((event) => JSON.stringify(subscription([event]))).join('\n')],
  [
    'an answer of Logs Insights',
    JSON.stringify({
      results: rows.map((value) => [
        { field: '@timestamp', value: '2020-09-13 12:26:40.000' },
        { field: '@message', value },
      ]),
      status: 'Complete',
    }),
  ],
  [
    'saved results of Logs Insights',
    JSON.stringify(rows.map((row) => ({ '@timestamp': '2020-09-13 12:26:40.000', '@message': `${row}\n` }))),
  ],
  ['saved results of Logs Insights, field by field', JSON.stringify(insights)],
  [
    'results of Logs Insights as CSV',
    csv([['@timestamp', '@message'], ...rows.map((row) => ['2020-09-13 12:26:40.000', row])]),
  ],
  [
    'results of Logs Insights as CSV, quoted',
    csv([['"@timestamp"', '"@message"'], ...rows.map((row) => ['"2020-09-13 12:26:40.000"', `"${row}"`])]),
  ],
  [
    'results of Logs Insights as CSV, field by field',
    csv([names, ...insights.map((row) => names.map((name) => row[name] as string))]),
  ],
  ['what the console saves as CSV', csv([['timestamp', 'message'], ...rows.map((row) => ['1600000000000', row])])],
]

describe('a VPC flow log from CloudWatch', () => {
  it.each(forms)('gives what its rows give as text: %s', async (_, form) => {
    const expected = await read(text)
    expect(expected.account).toMatchObject({ records: 4, used: 2, leftOut: { NODATA: 1, SKIPDATA: 1 }, error: null })
    expect(await read(form)).toEqual({
      ...expected,
      account: { ...expected.account, format: 'vpc-flow-log-cloudwatch' },
    })
    expect(await read(gzipSync(form))).toEqual(await read(form))
  })

  it('as it is exported to S3 is text whose rows stand behind the time of the event', async () => {
    const exported = rows.map((row) => `2020-09-13T12:26:40.000Z ${row}\n`).join('')
    expect(await read(gzipSync(exported))).toEqual(await read(text))
  })

  it.each([
    ['exported to S3', `2020-09-13T12:26:40.000Z 10.0.0.5 203.0.113.9 1600000000 OK\n`],
    [
      'as JSON',
      JSON.stringify(subscription([{ id: '0', timestamp: 0, message: '10.0.0.5 203.0.113.9 1600000000 OK' }])),
    ],
  ])('in an order of its own is read in the order that the user gives: %s', async (_, form) => {
    const { flows, account } = await read(form, { format: 'srcaddr dstaddr start log-status' })
    expect(account).toMatchObject({ records: 1, used: 1, error: null })
    expect(flows).toMatchObject([{ a: '10.0.0.5', b: '203.0.113.9', start: 1_600_000_000_000_000 }])
    expect((await read(form)).account.error).toMatch(/--format/)
  })

  it('counts what CloudWatch says of itself', async () => {
    const control = subscription(
      [{ id: '', timestamp: 0, message: 'CWL CONTROL MESSAGE: Checking health.' }],
      'CONTROL_MESSAGE',
    )
    const { account } = await read(JSON.stringify(control) + JSON.stringify(subscription(events)))
    expect(account).toMatchObject({ records: 5, used: 2, leftOut: { 'cloudwatch-control-message': 1 } })
  })

  it('keeps what stood before the end of a file that is cut short', async () => {
    const { account } = await read(JSON.stringify(subscription(events)).slice(0, -2))
    expect(account).toMatchObject({ records: 4, used: 2, error: expect.stringMatching(/cut short/) })
  })

  it('that OpenSearch keeps is read, whether as messages or in fields, and each event once', async () => {
    const [first, second] = insights
    const hit = (source: object) => ({ _index: 'flows', _source: source })
    const hits = [hit({ '@message': rows[0] }), hit(second ?? {}), hit({ parsed: first, '@message': rows[0] })]
    const { account } = await read(JSON.stringify({ hits: { hits } }))
    expect(account).toMatchObject({ records: 3, used: 3, error: null })
  })

  it('other JSON and CSV are not taken for it', async () => {
    for (const other of [
      '{"events":[{"message":"user logged in"}]}',
      '[1, 2]',
      'timestamp,message\n1,user logged in\n',
    ])
      expect((await read(other)).account.error).toMatch(/not a capture that is known/)
  })

  it('any damage and any cuts give one result that accounts for every event', { timeout: 120_000 }, async () => {
    const anyForm = fc.constantFrom(...forms.map(([, form]) => new TextEncoder().encode(form)))
    const anyChange = fc.tuple(fc.nat({ max: 1200 }), fc.constantFrom(...Buffer.from('{}[]",:\\ \n2-x')))
    const anyCuts = fc.array(fc.nat({ max: 1200 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(anyForm, fc.array(anyChange, { maxLength: 4 }), anyCuts, async (form, changes, cuts) => {
        const damaged = form.slice()
        for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte
        const whole = await see(damaged)
        expect(whole.read.records).toBe(accounted(whole.read))
        expect(await see(damaged, cuts)).toEqual(whole)
      }),
      { numRuns: 1000 },
    )
  })
})

const material = resolve(import.meta.dirname, '../../../shared/material/vpcflow')
describe.skipIf(!existsSync(material))('events of others', () => {
  it('of a subscription in an order of its own are read in it', async () => {
    const bytes = readFileSync(resolve(material, 'otel__valid_vpc_flow_cw_custom.json'))
    const { account } = await read(bytes, { format: 'version interface-id srcaddr dstaddr' })
    expect(account).toMatchObject({ records: 2, leftOut: { 'no-time': 2 }, error: null })
    expect((await read(bytes)).account.error).toMatch(/--format/)
  })

  it('that OpenSearch keeps are read', async () => {
    const { account, flows } = await read(readFileSync(resolve(material, 'opensearch__amazon_vpc_flow_sample.json')))
    expect(account).toMatchObject({ format: 'vpc-flow-log-cloudwatch', error: null, used: account.records })
    expect(flows.length).toBeGreaterThan(0)
  })
})
