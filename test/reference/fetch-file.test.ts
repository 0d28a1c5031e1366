import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchFile } from '../../functions/reference/fetch-file.ts'
import { PublisherServer } from '../support/publisher-server.ts'

const limits = { answerMs: 1000, stallMs: 1000, totalMs: 2500, bytes: 10_000 }
const context = { fetch: globalThis.fetch, userAgent: 'domicile/test', limits }

let server: PublisherServer
beforeEach(async () => {
  server = await PublisherServer.start()
})
afterEach(() => server.stop())

const fetched = (path = '/file', hosts: readonly string[] = []) => fetchFile(server.url(path), hosts, context)
const redirect = (location: string): RequestListener => {
  return (_, response) => response.writeHead(302, { location }).end()
}

describe('fetching', () => {
  it('gives the bytes, where they came from, and what the server says of times', async () => {
    server.serve('/file', Buffer.from('the ranges'), { 'last-modified': 'Fri, 05 Jun 2026 00:37:05 GMT' })
    expect(await fetched()).toMatchObject({
      bytes: Buffer.from('the ranges'),
      url: server.url('/file'),
      lastModified: Date.parse('2026-06-05T00:37:05Z') * 1000,
      answered: expect.any(Number),
      isWhole: true,
    })
    expect(server.agents).toEqual(['domicile/test'])
  })

  it('follows redirects to the same host', async () => {
    server.answers.set('/file', redirect('/next'))
    server.answers.set('/next', redirect(server.url('/last')))
    server.serve('/last', Buffer.from('the ranges'))
    expect(await fetched()).toMatchObject({ bytes: Buffer.from('the ranges'), url: server.url('/last') })
  })

  it('says that an answer without a length may have been cut', async () => {
    server.answers.set('/file', (_, response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nthe ranges')
    })
    expect(await fetched()).toMatchObject({ bytes: Buffer.from('the ranges'), isWhole: false })
    server.serve('/file', gzipSync('the ranges'), { 'content-encoding': 'gzip' })
    expect(await fetched()).toMatchObject({ bytes: Buffer.from('the ranges'), isWhole: false })
  })

  it.each([
    'http://ip-ranges.amazonaws.com/ip-ranges.json',
    'http://127.0.0.1.example.org/',
    'https://user:password@example.org/',
    'file:///etc/passwd',
    'no URL',
  ])('refuses %s', async (url) => {
    await expect(fetchFile(url, [], context)).rejects.toThrow('it has to be a URL with https')
  })

  const failures: [string, RequestListener, RegExp][] = [
    ['an error of the server', (_, response) => response.writeHead(500).end('oops'), /the answer is 500/],
    ['too many requests', (_, response) => response.writeHead(429).end(), /the answer is 429.*try again later/],
    ['a locked door', (_, response) => response.writeHead(403).end(), /does not let this program or network in/],
    ['nothing new', (_, response) => response.writeHead(304).end(), /the answer is 304/],
    ['a redirect to another host', redirect('https://evil.example/x'), /evil\.example\/x, which is another host/],
    ['a redirect to another address here', redirect('http://127.0.0.2:1/x'), /which is another host/],
    ['a redirect to http', redirect('http://example.org/x'), /which is not encrypted/],
    ['a redirect to a file', redirect('file:///etc/passwd'), /which is not encrypted/],
    ['a redirect in a circle', redirect('/file'), /redirected more than 3 times/],
    ['a redirect to nowhere', redirect('http://['), /redirected to what is no address/],
    ['too much', (_, response) => response.end(Buffer.alloc(20_000)), /it is longer than 10000 bytes/],
    [
      'a promise of too much',
      (_, response) => response.writeHead(200, { 'content-length': '20000' }).flushHeaders(),
      /it is longer than 10000 bytes/,
    ],
    ['silence', () => {}, /no answer came within 1 s/],
    ['a body that stalls', (_, response) => void response.write('{'), /it stopped in the middle.* 1 s/],
    [
      'a body that never ends',
      (_, response) => {
        const timer = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(timer))
      },
      /it did not come within 2.5 s/,
    ],
    [
      'less than was promised',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{}')
        setTimeout(() => response.destroy(), 20)
      },
      /it broke off before its end/,
    ],
    [
      'a chunk that breaks off',
      (_, response) => {
        response.write('{}')
        setTimeout(() => response.destroy(), 20)
      },
      /it broke off before its end/,
    ],
    ['what is not HTTP', (_, response) => void response.socket?.end('ranges\r\n\r\n'), /fetch failed|broke off/],
  ]
  it.each(failures)('says why after %s', async (_, listener, message) => {
    server.answers.set('/file', listener)
    const failed = await fetched().catch((error: Error) => error)
    expect(String(failed)).toMatch(message)
    expect(String(failed)).toContain(`fetching ${server.url('/file')}: `)
  })

  const answering = (location: string) => ({
    ...context,
    fetch: async (url: string | URL | Request) =>
      String(url) === 'https://publisher.example/file'
        ? new Response(null, { status: 301, headers: { location } })
        : new Response('the ranges'),
  })
  it.each(['https://www.publisher.example/x', 'https://files.example/x'])('follows a publisher to %s', async (url) => {
    const { bytes } = await fetchFile('https://publisher.example/file', ['files.example'], answering(url))
    expect(bytes.toString()).toBe('the ranges')
  })
  it.each(['http://publisher.example/file', 'http://127.0.0.1/x', 'https://publisher.example.evil.example/x'])(
    'does not follow a publisher to %s',
    async (url) => {
      await expect(fetchFile('https://publisher.example/file', ['files.example'], answering(url))).rejects.toThrow(
        'it was redirected to',
      )
    },
  )
})
