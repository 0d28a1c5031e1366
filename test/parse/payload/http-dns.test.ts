import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { questionOf, readHttpDnsAnswer } from '../../../functions/parse/payload/http-dns.ts'
import { Conversation, join, text } from './conversation.ts'

const get = (target: string, host = '203.0.113.5') => text(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
const ok = (body: string | Uint8Array, fields = '') => {
  const bytes = typeof body === 'string' ? text(body) : body
  return join(text(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n${fields}\r\n`), bytes)
}
const ask = (target = '/164566/d?host=a.example') => new Conversation({ portB: 80 }).send('a', get(target))
const told = (talk: Conversation) =>
  talk.answers.map((a) => `${a.client} ${a.via} ${a.name} ${a.address} ${(a.expires - a.time) / 1e6}`)

describe('HTTP-DNS', () => {
  it.each<[string, string[]]>([
    ['/164566/sign_d?host=appmarket.example&sdk=1', ['appmarket.example']],
    ['/d?dn=A.example.&ttl=1', ['a.example']],
    ['/164566/resolve?host=a.example%2Cb.example', ['a.example', 'b.example']],
    ['/resolv?x=1&host=a.example', ['a.example']],
    ['/d?host=192.0.2.1', []],
    ['/d?id=4', []],
    ['/advert?host=a.example', []],
    ['/d', []],
  ])('knows what %s asks for', (target, names) => {
    expect(questionOf(target)).toEqual(names)
  })

  it('marks the names as asked for, beside the address that was asked', () => {
    const talk = ask()
    expect(talk.close()).toEqual(['http-host:203.0.113.5', 'http-dns:a.example?'])
  })

  it('asks only where the server is an address literal', () => {
    const talk = new Conversation({ portB: 80 }).send('a', get('/d?host=a.example', 'ads.example'))
    expect(talk.close()).toEqual(['http-host:ads.example'])
    const bare = new Conversation({ portB: 80 }).send('a', text('GET /d?dn=a.example HTTP/1.0\r\n\r\n'))
    expect(bare.close()).toEqual(['http-dns:a.example?'])
  })

  it('tells the answer as JSON, to the client that asked', () => {
    const talk = ask().send(
      'b',
      ok('{"ips":["192.0.2.1","192.0.2.2"],"host":"a.example","ttl":57,"client_ip":"10.0.0.2"}'),
    )
    expect(told(talk)).toEqual(['10.0.0.2 http-dns a.example 192.0.2.1 57', '10.0.0.2 http-dns a.example 192.0.2.2 57'])
  })

  it('tells an answer in chunks, in small segments, zipped, or up to the end of the connection', () => {
    const json = '{"host":"a.example","ips":["192.0.2.1"],"ttl":5}'
    const line = '10.0.0.2 http-dns a.example 192.0.2.1 5'
    const chunked = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n${json.slice(0, 9)}\r\n27\r\n${json.slice(9)}\r\n0\r\n\r\n`
    const small = ask()
    for (const byte of text(chunked)) small.send('b', Uint8Array.of(byte))
    expect(told(small)).toEqual([line])
    expect(told(ask().send('b', ok(gzipSync(json), 'Content-Encoding: gzip\r\n')))).toEqual([line])
    const open = ask().send('b', text(`HTTP/1.1 200 OK\r\n\r\n${json}`))
    expect(told(open)).toEqual([])
    open.close()
    expect(told(open)).toEqual([line])
  })

  it('tells the answers of one question after another', () => {
    const talk = ask('/d?dn=a.example').send('b', ok('192.0.2.1;2001:db8::2,9')).send('a', get('/d?dn=b.example'))
    talk.send('b', text('HTTP/1.1 100 Continue\r\n\r\n')).send('b', ok('192.0.2.3'))
    expect(told(talk)).toEqual([
      '10.0.0.2 http-dns a.example 192.0.2.1 9',
      '10.0.0.2 http-dns a.example 2001:db8::2 9',
      '10.0.0.2 http-dns b.example 192.0.2.3 60',
    ])
  })

  it.each<[string, string, string[]]>([
    [
      'a list of several names',
      '{"dns":[{"host":"a.example","ips":["192.0.2.1"]},{"host":"b.example","ipsv6":["2001:db8::1"],"ttl":"7"}]}',
      ['a.example 192.0.2.1 60', 'b.example 2001:db8::1 7'],
    ],
    [
      'lines led by names',
      'a.example.:192.0.2.1;192.0.2.2,30\nb.example.:192.0.2.3,40',
      ['a.example 192.0.2.1 30', 'a.example 192.0.2.2 30', 'b.example 192.0.2.3 40'],
    ],
    ['nothing of an encrypted answer', '{"code":"success","data":"p0kq=="}', []],
    ['nothing of an error page', '<html>192.0.2.1 is not here</html>', []],
    ['nothing of what is no address', '{"host":"a.example","ips":["example.com","1.2.3"]}', []],
    ['nothing of a name that is none', '{"host":"<b>","ips":["192.0.2.1"]}', []],
  ])('reads %s', (_, body, answers) => {
    expect(readHttpDnsAnswer(body, ['a.example', 'b.example']).map((a) => `${a.name} ${a.address} ${a.ttl}`)).toEqual(
      answers,
    )
  })
})
