import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { connect } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Conversation, hex, join, sized16, text, u16 } from './conversation.ts'
import { clientHello, helloMessage, tlsRecords } from './hello.ts'

/** What the TLS client of this Node sends first. */
async function genuineHello(options: { servername?: string }): Promise<Uint8Array> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
  client.on('error', () => {})
  const [socket]: Socket[] = await once(server, 'connection')
  const [bytes]: Buffer[] = socket ? await once(socket, 'data') : []
  client.destroy()
  socket?.destroy()
  server.close()
  return new Uint8Array(bytes ?? [])
}

describe('TLS', () => {
  it('finds the server name in the hello of a real client', async () => {
    const talk = new Conversation().send('a', await genuineHello({ servername: 'api.account.xiaomi.com' }))
    expect(talk.close()).toEqual(['tls-sni:api.account.xiaomi.com'])
    expect(talk.flow.hidden).toBeUndefined()
    expect(talk.flow.watch).toBe(false)
  })

  it('says that a real hello without a server name has none', async () => {
    const talk = new Conversation().send('a', await genuineHello({}))
    expect(talk.close()).toEqual([])
    expect(talk.flow.hidden).toBe('tls-without-sni')
  })

  it.each<[string, Parameters<typeof clientHello>[0], string[], string | undefined]>([
    [
      'writes the name in lower case without its last dot',
      { name: 'Api.EXAMPLE.com.' },
      ['api.example.com'],
      undefined,
    ],
    ['keeps the outer name of an encrypted hello', { name: 'front.example', ech: true }, ['front.example'], 'tls-ech'],
    ['says that an encrypted hello without outer name is one', { ech: true }, [], 'tls-ech'],
    ['shows an address literal that stands for a name', { name: '192.0.2.7' }, ['192.0.2.7'], undefined],
    ['escapes control characters', { name: 'a\x1b[2Jb\r\nc.example' }, ['a%1b[2jb%0d%0ac.example'], undefined],
    ['keeps markup as the text that it is', { name: '<script>' }, ['<script>'], undefined],
    ['shows text direction marks as their bytes', { name: 'a\xe2\x80\xaeb' }, ['aâ%80®b'], undefined],
    ['cuts a name of ten kilobytes', { name: 'x'.repeat(10_000) }, ['x'.repeat(255)], undefined],
    ['takes an empty name for none', { name: '' }, [], 'tls-without-sni'],
    ['reads a hello with much before its name', { name: 'late.example', padding: 9000 }, ['late.example'], undefined],
  ])('%s', (_, parts, names, hidden) => {
    const talk = new Conversation().send('a', clientHello(parts))
    expect(talk.close()).toEqual(names.map((n) => `tls-sni:${n}`))
    expect(talk.flow.hidden).toBe(hidden)
  })

  it('finds the name whichever end is the client', () => {
    expect(new Conversation().send('b', clientHello({ name: 'b.example' })).close()).toEqual(['tls-sni:b.example'])
  })

  it('takes no hello of the end that was called, where the opening was seen', () => {
    const called = new Conversation({ opener: 1 }).send('b', clientHello({ name: 'b.example' }))
    expect(called.close()).toEqual([])
    expect(called.flow.hidden).toBeUndefined()
    const calling = new Conversation({ opener: 2 }).send('b', clientHello({ name: 'b.example' }))
    expect(calling.close()).toEqual(['tls-sni:b.example'])
  })

  it('finds the name in a hello over many records, down to a byte each', () => {
    for (const size of [1, 2, 5, 60]) {
      const talk = new Conversation().send('a', clientHello({ name: 'records.example' }, size))
      expect(talk.close(), `records of ${size}`).toEqual(['tls-sni:records.example'])
    }
  })

  it('finds the name however the hello is cut into segments, in whatever order and how often they come', () => {
    const bytes = clientHello({ name: 'cut.example', padding: 300 }, 200)
    // Often within the first six bytes, by which a hello is known. All pieces together stay far below what a stream keeps.
    const cut = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: bytes.length - 1 }))
    const length = fc.integer({ min: 1, max: 200 })
    fc.assert(
      fc.property(
        fc.uniqueArray(cut, { maxLength: 12 }),
        fc.array(
          fc.tuple(
            cut.map((at) => at - 1),
            fc.oneof(fc.integer({ min: 1, max: 4 }), length),
          ),
          { maxLength: 6 },
        ),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (cuts, repeats, order) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          const segments = edges.slice(1).map((end, i) => ({ at: edges[i] ?? 0, end, key: order.next().value ?? 0 }))
          const again = repeats.map(([at, n]) => ({ at, end: Math.min(bytes.length, at + n), key: order.next().value }))
          const talk = new Conversation()
          for (const { at, end } of [...segments, ...again].sort((a, b) => a.key - b.key)) {
            talk.segment('a', at, bytes.subarray(at, end))
          }
          expect(talk.close()).toEqual(['tls-sni:cut.example'])
          expect(talk.reader.kept).toBe(0)
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    { order: 'a shorter piece of the first segment follows it', segments: ['0-4', '0-1', '4-398'] },
    { order: 'the shorter piece comes first', segments: ['0-1', '0-4', '4-398'] },
    { order: 'the rest is there already', segments: ['4-398', '0-1', '0-4'] },
    { order: 'a piece from within the first segment follows it', segments: ['0-4', '1-2', '4-398'] },
    { order: 'single bytes come again among longer pieces', segments: ['2-4', '0-3', '1-2', '0-1', '3-4', '4-398'] },
  ])('finds the name where $order', ({ segments }) => {
    const bytes = clientHello({ name: 'cut.example', padding: 300 }, 200)
    expect(bytes).toHaveLength(398)
    const talk = new Conversation()
    for (const [at = 0, end] of segments.map((s) => s.split('-').map(Number))) {
      talk.segment('a', at, bytes.subarray(at, end))
    }
    expect(talk.close()).toEqual(['tls-sni:cut.example'])
    expect(talk.reader.kept).toBe(0)
  })

  it('finds the name behind what STARTTLS and a proxy were told', () => {
    const starttls = new Conversation({ portB: 587 })
      .send('b', text('220 mail.example ESMTP\r\n'))
      .send('a', text('EHLO phone\r\n'))
      .send('b', text('250-STARTTLS\r\n250 OK\r\n'))
      .send('a', text('STARTTLS\r\n'))
      .send('b', text('220 Go ahead\r\n'))
      .send('a', clientHello({ name: 'mail.example' }))
    expect(starttls.close()).toEqual(['tls-sni:mail.example'])

    const ldap = '302502010177208016312e332e362e312e342e312e313436362e3230303337'
    const openings: Readonly<Record<string, readonly [port: number, ...said: (readonly ['a' | 'b', Uint8Array])[]]>> = {
      imap: [
        143,
        ['b', text('* OK IMAP4rev1\r\n')],
        ['a', text('a1 CAPABILITY\r\n')],
        ['b', text('* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n')],
        ['a', text('a2 STARTTLS\r\n')],
        ['b', text('a2 OK\r\n')],
      ],
      pop3: [110, ['b', text('+OK ready\r\n')], ['a', text('STLS\r\n')], ['b', text('+OK\r\n')]],
      ftp: [21, ['b', text('220 FTP\r\n')], ['a', text('AUTH TLS\r\n')], ['b', text('234 proceed\r\n')]],
      xmpp: [
        5222,
        ['a', text("<stream:stream to='chat.example' xmlns='jabber:client' version='1.0'>")],
        ['b', text("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>")],
        ['a', text("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")],
        ['b', text("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")],
      ],
      ldap: [389, ['a', hex(ldap)], ['b', hex('300c02010178070a010004000400')]],
      postgres: [5432, ['a', hex('0000000804d2162f')], ['b', text('S')]],
      mysql: [
        3306,
        ['b', join(hex('4a0000000a'), text('8.0.36\0'), new Uint8Array(66))],
        ['a', join(hex('20000001 85ae0f00 00000001 21'), new Uint8Array(23))],
      ],
      rdp: [
        3389,
        ['a', hex('030000130ee000000000000100080003000000')],
        ['b', hex('030000130ed000001234000200080002000000')],
      ],
      nntp: [119, ['b', text('200 news\r\n')], ['a', text('STARTTLS\r\n')], ['b', text('382 go\r\n')]],
      sieve: [4190, ['b', text('"STARTTLS"\r\nOK\r\n')], ['a', text('STARTTLS\r\n')], ['b', text('OK\r\n')]],
      irc: [6667, ['a', text('STARTTLS\r\n')], ['b', text(':irc.example 670 * :go\r\n')]],
    }
    for (const [protocol, [portB, ...said]] of Object.entries(openings)) {
      const talk = new Conversation({ portB, opener: 1 })
      for (const [from, bytes] of said) talk.send(from, bytes)
      talk.send('a', clientHello({ name: `${protocol}.example`, padding: 600 }, 500))
      expect(talk.close()).toEqual([`tls-sni:${protocol}.example`])
    }

    const connect = new Conversation({ portB: 3128 })
      .send('a', text('CONNECT Far.example:443 HTTP/1.1\r\nHost: far.example:443\r\n\r\n'))
      .send('b', text('HTTP/1.1 200 Connection established\r\n\r\n'))
      .send('a', clientHello({ name: 'inner.example' }))
    expect(connect.close()).toEqual(['http-connect:far.example', 'http-host:far.example', 'tls-sni:inner.example'])

    const balanced = new Conversation().send(
      'a',
      join(text('PROXY TCP4 192.0.2.1 192.0.2.2 5000 443\r\n'), clientHello({ name: 'behind.example' })),
    )
    expect(balanced.close()).toEqual(['tls-sni:behind.example'])
  })

  it('finds the name where the capture cut the packet behind it', () => {
    const bytes = clientHello({ name: 'snap.example' })
    const name = Buffer.from(bytes).indexOf('snap.example')
    const kept = bytes.subarray(0, name + 'snap.example'.length)
    expect(new Conversation().send('a', kept).close()).toEqual(['tls-sni:snap.example'])
    const without = new Conversation().send('a', bytes.subarray(0, name + 4))
    expect(without.close()).toEqual([])
    expect(without.flow.hidden, 'a hello of which a part is missing may have a name').toBeUndefined()
  })

  it('finds the name of a stream whose capture began in its middle', () => {
    const talk = new Conversation()
      .segment('a', 5000, text('the rest of something'))
      .segment('b', 100, new Uint8Array(1400))
      .segment('a', 5021, clientHello({ name: 'middle.example' }))
    expect(talk.close()).toEqual(['tls-sni:middle.example'])
  })

  it('knows a hello of SSL 2 without a name, and no such hello where the lengths do not add up', () => {
    const rest = join(u16(6), u16(0), u16(16), [1, 0, 128, 0, 0, 255], new Uint8Array(16))
    const hello = join(0x80, 3 + rest.length, 1, 3, 1, rest)
    const talk = new Conversation().send('a', hello)
    expect(talk.close()).toEqual([])
    expect(talk.flow.hidden).toBe('tls-without-sni')
    const other = new Conversation().send('a', join(hello.subarray(0, 9), u16(17), hello.subarray(11)))
    other.close()
    expect(other.flow.hidden).toBeUndefined()
  })

  it('learns nothing from a server hello, alerts and application data', () => {
    const talk = new Conversation()
      .send('b', tlsRecords(join(2, helloMessage({ name: 'server.example' }).subarray(1))))
      .send('b', hex('15 0303 0002 0228'))
      .send('b', join(23, 3, 3, sized16(new Uint8Array(900))))
    expect(talk.close()).toEqual([])
    expect(talk.flow.hidden).toBeUndefined()
  })

  it('stops watching a connection in which nothing is recognised', () => {
    const talk = new Conversation()
    for (let i = 0; i < 400; i++) talk.send('a', new Uint8Array(1000).fill(i & 15)).send('b', new Uint8Array(1000))
    expect(talk.flow.watch).toBe(false)
    expect(talk.reader.kept).toBe(0)
  })

  it('bounds what it keeps of a hello that never ends', () => {
    const talk = new Conversation()
    const record = join(22, 3, 1, sized16(1, 0, 0xff, 0xff, new Uint8Array(16000)))
    talk.send('a', record)
    for (let i = 0; i < 100; i++) talk.segment('a', 20_000 + i * 16_384, record)
    expect(talk.reader.kept).toBeLessThan(200_000)
    talk.close()
    expect(talk.reader.kept).toBe(0)
  })
})
