import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchLimited } from '../../functions/lambda/fetch-limited.ts'
import { keepRanges } from '../../functions/lambda/refresh-ranges.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'

const limits = { milliseconds: 2000, bytes: 10_000 }

let servers: Server[] = []
let store: FolderStore
beforeEach(() => {
  store = new FolderStore(mkdtempSync(join(tmpdir(), 'reference-')))
})
afterEach(() => {
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
  servers = []
  rmSync(store.folder, { recursive: true })
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ip-ranges.json`
}

/** A file of AWS's form with that many prefixes. */
function ranges(day: string, prefixes: number): Buffer {
  const one = (i: number) => ({
    ip_prefix: `54.${i >> 8}.${i & 255}.0/24`,
    region: 'us-west-1',
    service: 'EC2',
    network_border_group: 'us-west-1',
  })
  const file = {
    syncToken: '1',
    createDate: `${day}-00-00-00`,
    prefixes: Array.from({ length: prefixes }, (_, i) => one(i)),
    ipv6_prefixes: [],
  }
  return Buffer.from(JSON.stringify(file))
}

const keep = (bytes: Uint8Array) => keepRanges(store, bytes, 'https://example.org/ip-ranges.json')

describe('keeping ranges', () => {
  it('adds a dated snapshot once, and says so', async () => {
    expect(await keep(ranges('2026-06-05', 10))).toMatchObject({
      outcome: 'added',
      date: '2026-06-05',
      prefixes: 10,
      prefixesBefore: null,
    })
    expect(await keep(ranges('2026-06-05', 10))).toMatchObject({ outcome: 'unchanged', prefixesBefore: 10 })
    expect(await keep(ranges('2026-06-06', 9))).toMatchObject({ outcome: 'added', prefixesBefore: 10 })
    const keys = await store.list('ranges/aws/')
    expect(keys).toHaveLength(2)
    expect(Buffer.from(await store.read(keys[0] ?? '')).equals(ranges('2026-06-05', 10))).toBe(true)
  })

  it.each([
    ['cut short', ranges('2026-06-06', 100).subarray(0, 500), /it is not JSON/],
    ['empty', Buffer.alloc(0), /it is not JSON/],
    ['without a prefix', ranges('2026-06-06', 0), /it lists no prefix at all/],
    ['a page', Buffer.from('<html>'), /it is not JSON/],
    ['something else', Buffer.from('{"hello": 1}'), /it needs createDate/],
    [
      'shrunken',
      ranges('2026-06-06', 79),
      /it lists 79 prefixes, and the newest snapshot \(ranges\/aws\/2026-06-05.*\) 100: more than 20 %/,
    ],
  ])('refuses a file that is %s, and keeps what there was', async (_, bytes, message) => {
    await keep(ranges('2026-06-05', 100))
    const before = await store.listFacts('')
    await expect(keep(bytes)).rejects.toThrow(message)
    expect(await store.listFacts('')).toEqual(before)
  })

  it('takes a file that has lost no more than a fifth', async () => {
    await keep(ranges('2026-06-05', 100))
    expect((await keep(ranges('2026-06-06', 80))).outcome).toBe('added')
  })
})

describe('fetching', () => {
  it('gives the bytes', async () => {
    const url = await serve((_, response) => response.end('the ranges'))
    expect(Buffer.from(await fetchLimited(url, limits)).toString()).toBe('the ranges')
  })

  it.each([
    'http://ip-ranges.amazonaws.com/ip-ranges.json',
    'http://127.0.0.1.example.org/',
    'file:///etc/passwd',
    'no URL',
  ])('refuses %s', async (url) => {
    await expect(fetchLimited(url, limits)).rejects.toThrow('it has to be a URL with https')
  })

  const failures: [string, RequestListener, RegExp][] = [
    ['an error of the server', (_, response) => response.writeHead(503).end('busy'), /the answer is 503/],
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /redirect/],
    ['too much', (_, response) => response.end(Buffer.alloc(20_000)), /it is longer than 10000 bytes/],
    ['silence', () => {}, /it did not come within 0.3 s/],
    ['a body that never ends', (_, response) => void response.write('{'), /it did not come within 0.3 s/],
    [
      'less than was promised',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{}')
        setTimeout(() => response.destroy(), 20)
      },
      /terminated|closed/,
    ],
  ]
  it.each(failures)('says that nothing was changed, and why, after %s', async (_, listener, message) => {
    const url = await serve(listener)
    const failed = await fetchLimited(url, { ...limits, milliseconds: 300 }).catch((error: Error) => error)
    expect(String(failed)).toMatch(message)
    expect(String(failed)).toContain(`fetching ${url}: `)
    expect(String(failed)).toContain('nothing was changed')
  })
})
