/** HTTP archives and mitmproxy dumps of others, against what they say by other readers and of each other. Skipped where they are not at hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readCapture } from '../../../functions/parse/read-capture.ts'
import { type CollectedLog, collectLog, sumOf } from '../log-collect.ts'

const MATERIAL = '../shared/material'
const isHere = existsSync(join(MATERIAL, 'oracle/har'))

/** What Python's reader of JSON found in a HAR: how many entries there are, and the addresses stated for each host. */
interface Summary {
  readonly error?: string
  readonly creator: string
  readonly entries: number
  readonly with_serverIP: number
  readonly first: string
  readonly hosts: Readonly<Record<string, { readonly n: number; readonly ips: readonly string[] }>>
}

const summaries: [string, Summary][] = isHere
  ? Object.entries(
      JSON.parse(readFileSync(join(MATERIAL, 'oracle/har/har_summary.json'), 'utf8')) as Record<string, Summary>,
    ).filter(([name]) => existsSync(join(MATERIAL, name)))
  : []
const read = (name: string) => collectLog(new Uint8Array(readFileSync(join(MATERIAL, name))))

/** Each host with the addresses that its flows go to, in order. */
function addressesByHost({ flows }: CollectedLog): Record<string, string[]> {
  const found = new Map<string, Set<string>>()
  for (const { names, b } of flows) for (const { name } of names) found.set(name, (found.get(name) ?? new Set()).add(b))
  return Object.fromEntries([...found].map(([name, addresses]) => [name, [...addresses].sort()]))
}

const ofWebPageTest = ({ creator }: Summary) => creator === 'WebPagetest'

describe.skipIf(!isHere)(`HTTP archives of ${MATERIAL} (skipped where the folder is absent)`, () => {
  test.each(summaries.filter(([, { error }]) => error === undefined))(
    '%s is read as its summary says',
    (name, summary) => {
      const log = read(name)
      expect(log.error).toBeNull()
      expect(log.account.records).toBe(summary.entries)
      expect(sumOf(log.account)).toBe(summary.entries)
      const expected = Object.entries(summary.hosts).filter(([, { ips }]) => ips.length > 0)
      const found = addressesByHost(log)
      // Known difference: WebPageTest states the server's address in a field of its own, which the summary passes over.
      if (ofWebPageTest(summary)) expect(summary.with_serverIP).toBe(0)
      else {
        expect(found).toEqual(Object.fromEntries(expected.map(([host, { ips }]) => [host, [...ips].sort()])))
        expect(log.account.used).toBe(summary.with_serverIP)
      }
      const times = log.flows.map(({ start }) => Date.parse(start ?? ''))
      for (const time of times) expect(time).toBeGreaterThanOrEqual(Date.parse(summary.first) - 1)
    },
  )

  test('what is no HAR ends in an error', async () => {
    for (const [name] of summaries.filter(([, { error }]) => error !== undefined)) {
      const chunks = async function* () {
        yield readFileSync(join(MATERIAL, name))
      }
      const { error, records } = await readCapture(chunks(), {}, { answer: () => {}, flows: () => {} })
      expect([name, records, error]).toEqual([name, 0, expect.any(String)])
    }
  })

  test('a compressed one is read as it is unpacked', async () => {
    const file = readFileSync(join(MATERIAL, 'mitmproxy/flows_compressed.zhar'))
    const chunks = async function* () {
      yield file
    }
    const account = await readCapture(chunks(), {}, { answer: () => {}, flows: () => {} })
    expect(account).toMatchObject({ format: 'har', error: null, records: 2, used: 2 })
    expect(collectLog(inflateSync(file)).flows.map(({ names }) => names[0]?.name)).toEqual([
      'example.com',
      'httpbin.org',
    ])
  })
})

const dumps = isHere ? readdirSync(join(MATERIAL, 'mitmproxy')).filter((name) => name.endsWith('.mitm')) : []
const pairs = dumps.filter((name) => existsSync(join(MATERIAL, 'mitmproxy', name.replace('.mitm', '.har'))))

describe.skipIf(!isHere)(`mitmproxy dumps of ${MATERIAL} (skipped where the folder is absent)`, () => {
  test.each(dumps)('%s is read whole, with every flow accounted for', (name) => {
    const log = read(join('mitmproxy', name))
    expect(log.error).toBeNull()
    expect(log.account.records).toBeGreaterThan(0)
    expect(sumOf(log.account)).toBe(log.account.records)
  })

  test.each(pairs)('%s says what the HAR of the same flows says', (name) => {
    const har = read(join('mitmproxy', name.replace('.mitm', '.har')))
    const dump = read(join('mitmproxy', name))
    // A HAR has exchanges of HTTP only.
    const http = dump.flows.filter(({ names }) => names.some(({ via }) => via === 'http-host'))
    const told = ({ b, portB, protocol, bytes, start, names }: CollectedLog['flows'][number]) => ({
      to: [b, portB, protocol],
      bytes,
      start,
      hosts: names.filter(({ via }) => via === 'http-host').map((one) => one.name),
    })
    expect(http.map(told)).toEqual(har.flows.map(told))
  })
})
