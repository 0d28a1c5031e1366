import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Conversation, text } from './conversation.ts'

const request = (...lines: string[]) => text(`${lines.join('\r\n')}\r\n\r\n`)

describe('HTTP/1', () => {
  it.each<[string, string[], string[]]>([
    ['a Host field', ['GET / HTTP/1.1', 'Host: WWW.Example.com'], ['http-host:www.example.com']],
    ['a Host with port, last dot and blanks', ['GET / HTTP/1.1', 'host :  a.example.:8080 '], ['http-host:a.example']],
    ['an unusual method', ['CCM_POST /x HTTP/1.1', 'Host: a.example'], ['http-host:a.example']],
    ['an address literal as what was asked for', ['GET / HTTP/1.1', 'Host: 192.0.2.1:80'], ['http-host:192.0.2.1']],
    ['an IPv6 literal', ['GET / HTTP/1.1', 'Host: [2001:DB8::1]:80'], ['http-host:2001:db8::1']],
    [
      'a target with its host',
      ['GET http://u@b.example:1/ HTTP/1.1', 'Host: c.example'],
      ['http-host:b.example', 'http-host:c.example'],
    ],
    [
      'hosts behind user names and passwords, which are not shown',
      ['GET http://alice:p@ss@b.example/x@y HTTP/1.1', 'Host: bob:hunter2@c.example'],
      ['http-host:b.example', 'http-host:c.example'],
    ],
    ['nothing of a Host that is a user name alone', ['GET / HTTP/1.1', 'Host: bob:hunter2@'], []],
    [
      'a tunnel',
      ['CONNECT d.example:443 HTTP/1.1', 'Host: d.example:443'],
      ['http-connect:d.example', 'http-host:d.example'],
    ],
    [
      'two Host fields',
      ['GET / HTTP/1.1', 'Host: a.example', 'X: y', 'HOST: b.example'],
      ['http-host:a.example', 'http-host:b.example'],
    ],
    ['markup and formulas as they were sent', ['GET / HTTP/1.1', 'Host: =cmd()<script>'], ['http-host:=cmd()<script>']],
    ['a line that servers forgive', ['GET / HTTP/1.', 'Host: a.example'], ['http-host:a.example']],
    ['nothing of a request without host', ['GET / HTTP/1.0', 'Accept: */*'], []],
    ['nothing of an empty host', ['GET / HTTP/1.1', 'Host:'], []],
  ])('finds %s', (_, lines, names) => {
    const talk = new Conversation({ portB: 12345 }).send('a', request(...lines))
    expect(talk.close()).toEqual(names)
    expect(talk.flow.hidden).toBe(names.length === 0 ? 'http-without-host' : undefined)
  })

  it('finds the hosts of every request of a connection, sent one after another or at once', () => {
    const talk = new Conversation({ portB: 80 })
      .send('a', request('GET /1 HTTP/1.1', 'Host: a.example'))
      .send('b', text('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
      .send('a', text('GET /2 HTTP/1.1\r\nHost: b.example\r\n\r\n\r\nGET /3 HTTP/1.1\r\nHost: c.example\r\n\r\n'))
    expect(talk.close()).toEqual(['http-host:a.example', 'http-host:b.example', 'http-host:c.example'])
  })

  it('passes over bodies, so that a request within one is none', () => {
    const inner = 'GET / HTTP/1.1\r\nHost: forged.example\r\n\r\n'
    const counted = new Conversation({ portB: 80 })
      .send('a', request('POST / HTTP/1.1', 'Host: a.example', `Content-Length: ${inner.length}`))
      .send('a', text(inner))
      .send('a', request('GET / HTTP/1.1', 'Host: b.example'))
    expect(counted.close()).toEqual(['http-host:a.example', 'http-host:b.example'])

    const size = inner.length.toString(16)
    const chunked = new Conversation({ portB: 80 })
      .send('a', request('POST / HTTP/1.1', 'Host: a.example', 'Transfer-Encoding: gzip, chunked'))
      .send('a', text(`${size};x=y\r\n`))
      .send('a', text(inner))
      .send('a', text('\r\n0\r\nTrailer: x\r\n\r\nGET / HTTP/1.1\r\nHost: b.example\r\n\r\n'))
    expect(chunked.close()).toEqual(['http-host:a.example', 'http-host:b.example'])
  })

  it('finds the next request where a part of the body was not captured', () => {
    const talk = new Conversation({ portB: 80 })
    const head = request('POST / HTTP/1.1', 'Host: a.example', 'Content-Length: 5000')
    talk.segment('a', 0, head).segment('a', head.length + 3000, new Uint8Array(2000))
    talk.segment('a', head.length + 5000, request('GET / HTTP/1.1', 'Host: b.example'))
    expect(talk.close()).toEqual(['http-host:a.example', 'http-host:b.example'])
  })

  it('finds the host however the head is cut into segments and in whatever order they come', () => {
    const bytes = request('POST /a/long/path?with=query HTTP/1.1', 'Accept: */*', 'Host: cut.example', 'Cookie: none')
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 8 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (cuts, order) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          const segments = edges.slice(1).map((end, i) => ({ at: edges[i] ?? 0, end, key: order.next().value }))
          const talk = new Conversation({ portB: 80 })
          for (const { at, end } of segments.sort((a, b) => a.key - b.key))
            talk.segment('a', at, bytes.subarray(at, end))
          expect(talk.close()).toEqual(['http-host:cut.example'])
        },
      ),
      { numRuns: 500 },
    )
  })

  it('reads no half of a host that the capture cut', () => {
    const talk = new Conversation({ portB: 80 }).send('a', text('GET / HTTP/1.1\r\nHost: www.exam'))
    expect(talk.close()).toEqual([])
  })

  it.each([
    'EHLO phone\r\n',
    'SSH-2.0-OpenSSH_9.9\r\n',
    'GET key\r\n',
    'USER someone\r\nHost: x\r\n',
    '* OK IMAP4 ready\r\n',
  ])('takes %j for no request', (line) => {
    const talk = new Conversation({ portB: 80 }).send('a', text(line))
    expect(talk.close()).toEqual([])
    expect(talk.flow.hidden).toBeUndefined()
  })

  it('keeps no more names of a connection than a report can bear', () => {
    const talk = new Conversation({ portB: 8080 })
    for (let i = 0; i < 1000; i++) talk.send('a', request('GET / HTTP/1.1', `Host: h${i}.example`))
    expect(talk.close()).toHaveLength(256)
  })

  it('finds the host that a UPnP search is sent to', () => {
    const talk = new Conversation({ protocol: 17, portB: 1900 })
    talk.datagram('a', request('M-SEARCH * HTTP/1.1', 'HOST: 239.255.255.250:1900', 'MAN: "ssdp:discover"'))
    expect(talk.close()).toEqual(['http-host:239.255.255.250'])
  })
})

describe('HTTP/1 of the end that was called', () => {
  it('names nothing by a request, and answers an HTTP-DNS question as ever', () => {
    const forged = request('GET / HTTP/1.1', 'Host: www.example.org')
    const talk = new Conversation({ portB: 80, opener: 1 }).send('b', forged)
    expect(talk.close()).toEqual([])
    const asked = new Conversation({ portB: 80, opener: 2 }).send('b', forged)
    expect(asked.close()).toEqual(['http-host:www.example.org'])
  })
})
