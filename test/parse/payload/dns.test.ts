import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NameAnswer } from '../../../functions/model.ts'
import { readDnsAnswers } from '../../../functions/parse/payload/dns-message.ts'
import { Conversation, hex, join, sized16, text, u16 } from './conversation.ts'

const [A, CNAME, AAAA, SVCB, HTTPS] = [1, 5, 28, 64, 65]

const name = (dotted: string) =>
  join(
    ...dotted
      .split('.')
      .filter((l) => l !== '')
      .map((l) => join(l.length, text(l))),
    0,
  )
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)]
const ip4 = (dotted: string) => dotted.split('.').map(Number)
const ip6 = (last: number) => [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), last]

interface Rr {
  readonly owner: string | Uint8Array
  readonly type: number
  readonly ttl?: number
  readonly data: ArrayLike<number>
  readonly class?: number
}

function message(parts: {
  asks: string
  type?: number
  flags?: number
  answers: Rr[]
  more?: Rr[]
  questions?: number
}) {
  const { asks, type = A, flags = 0x8180, answers, more = [], questions = 1 } = parts
  const rr = ({ owner, type, ttl = 60, data, class: c = 1 }: Rr) =>
    join(typeof owner === 'string' ? name(owner) : owner, u16(type), u16(c), u32(ttl), sized16(data))
  return join(
    [0xab, 0xcd],
    u16(flags),
    u16(questions),
    u16(answers.length),
    u16(0),
    u16(more.length),
    name(asks),
    u16(type),
    u16(1),
    ...answers.map(rr),
    ...more.map(rr),
  )
}

/** `via name address ttl` */
const told = (answers: readonly NameAnswer[]) =>
  answers.map((a) => `${a.via} ${a.name} ${a.address} ${(a.expires - a.time) / 1e6}`)

function ask(bytes: Uint8Array, ends = { protocol: 17, portB: 53 }): NameAnswer[] {
  return new Conversation(ends).datagram('b', bytes).answers
}

describe('DNS', () => {
  it('tells the name that was asked for every address, of both families', () => {
    const answers = ask(
      message({
        asks: 'A.Example',
        answers: [
          { owner: 'a.example', type: A, data: ip4('192.0.2.1'), ttl: 30 },
          { owner: hex('c00c'), type: A, data: ip4('192.0.2.2'), ttl: 300 },
          { owner: hex('c00c'), type: AAAA, data: ip6(1), ttl: 0 },
        ],
      }),
    )
    expect(told(answers)).toEqual([
      'dns a.example 192.0.2.1 30',
      'dns a.example 192.0.2.2 300',
      'dns a.example 2001:db8::1 0',
    ])
    expect(answers[0]).toMatchObject({ client: '10.0.0.2', time: 1e6, expires: 31e6 })
  })

  it('follows a chain of aliases, whatever the order of its records, with the smallest TTL on the way', () => {
    const answers = ask(
      message({
        asks: 'www.a.example',
        answers: [
          { owner: 'edge.c.example', type: A, data: ip4('192.0.2.9'), ttl: 20 },
          { owner: 'cdn.b.example', type: CNAME, data: name('edge.c.example'), ttl: 10 },
          { owner: 'www.a.example', type: CNAME, data: name('cdn.b.example'), ttl: 900 },
        ],
      }),
    )
    expect(told(answers).sort()).toEqual([
      'dns www.a.example 192.0.2.9 10',
      'dns-cname cdn.b.example 192.0.2.9 10',
      'dns-cname edge.c.example 192.0.2.9 20',
    ])
  })

  it('takes hints and targets of HTTPS records for answers', () => {
    const hints = join(
      u16(1),
      sized16(2, text('h3')),
      u16(4),
      sized16(ip4('192.0.2.3'), ip4('192.0.2.4')),
      u16(6),
      sized16(ip6(6)),
    )
    expect(
      told(
        ask(
          message({
            asks: 'a.example',
            type: HTTPS,
            answers: [{ owner: 'a.example', type: HTTPS, data: join(u16(1), 0, hints) }],
          }),
        ),
      ),
    ).toEqual(['dns a.example 192.0.2.3 60', 'dns a.example 192.0.2.4 60', 'dns a.example 2001:db8::6 60'])
    const aliased = message({
      asks: '_8443._https.a.example',
      type: SVCB,
      answers: [{ owner: '_8443._https.a.example', type: SVCB, data: join(u16(1), name('pool.b.example')) }],
      more: [{ owner: 'pool.b.example', type: A, data: ip4('192.0.2.5') }],
    })
    expect(told(ask(aliased)).sort()).toEqual(['dns a.example 192.0.2.5 60', 'dns-cname pool.b.example 192.0.2.5 60'])
  })

  const good: Rr = { owner: 'a.example', type: A, data: ip4('192.0.2.1') }
  it.each<[string, Uint8Array]>([
    ['a question', message({ asks: 'a.example', flags: 0x0100, answers: [good] })],
    ['a failure', message({ asks: 'a.example', flags: 0x8183, answers: [good] })],
    ['an update', message({ asks: 'a.example', flags: 0xa800, answers: [good] })],
    ['an answer to two questions', message({ asks: 'a.example', questions: 2, answers: [good] })],
    ['a record of another name', message({ asks: 'b.example', answers: [good] })],
    ['a record of another class', message({ asks: 'a.example', answers: [{ ...good, class: 3 }] })],
    ['an address of three bytes', message({ asks: 'a.example', answers: [{ ...good, data: [1, 2, 3] }] })],
    ['a name that is no host', message({ asks: 'a b.example', answers: [{ ...good, owner: hex('c00c') }] })],
    [
      'an alias without address',
      message({ asks: 'a.example', answers: [{ ...good, type: CNAME, data: name('b.example') }] }),
    ],
    [
      'a text of an address as alias',
      message({ asks: 'a.example', answers: [{ ...good, type: CNAME, data: name('192.0.2.1') }] }),
    ],
    [
      'aliases in a circle',
      message({ asks: 'a.example', answers: [{ ...good, type: CNAME, data: name('a.example') }] }),
    ],
    ['a pointer to itself', message({ asks: 'a.example', answers: [{ ...good, owner: hex('c01b') }] })],
    ['a message cut in its record', message({ asks: 'a.example', answers: [good] }).subarray(0, -2)],
    ['nothing', join()],
  ])('tells nothing of %s', (_, bytes) => {
    expect(ask(bytes)).toEqual([])
  })

  it('takes multicast DNS and LLMNR for no resolver', () => {
    const bytes = message({
      asks: 'printer.example',
      answers: [{ owner: 'printer.example', type: A, data: ip4('192.0.2.1') }],
    })
    for (const portB of [137, 5353, 5355]) expect(ask(bytes, { protocol: 17, portB })).toEqual([])
    // Both ends of multicast DNS speak from its port, and LLMNR and mDNS go over TCP as well.
    const multicast = new Conversation({ protocol: 17, portA: 5353, portB: 5353 })
    expect(multicast.datagram('b', bytes).answers).toEqual([])
    for (const portB of [5353, 5355]) {
      const talk = new Conversation({ portB })
      talk.send('b', sized16(bytes))
      expect(talk.answers).toEqual([])
      expect(talk.close()).toEqual([])
    }
  })

  it('reads what came before a record that is broken', () => {
    const bytes = message({ asks: 'a.example', answers: [good, { ...good, data: ip4('192.0.2.2') }] })
    expect(told(ask(bytes.subarray(0, -1)))).toEqual(['dns a.example 192.0.2.1 60'])
  })

  it('reads answers over TCP, several in a segment, one over several, out of order', () => {
    const one = sized16(message({ asks: 'a.example', answers: [good] }))
    const two = sized16(message({ asks: 'b.example', answers: [{ ...good, owner: 'b.example' }] }))
    const stream = join(one, two)
    const talk = new Conversation({ portB: 53 })
    talk
      .segment('b', 1, stream.subarray(1, 40))
      .segment('b', 0, stream.subarray(0, 1))
      .segment('b', 40, stream.subarray(40))
    expect(told(talk.answers)).toEqual(['dns a.example 192.0.2.1 60', 'dns b.example 192.0.2.1 60'])
  })

  it('reads over TCP no more than a length says, and finds the next message behind one whose length lies', () => {
    const answer = message({ asks: 'a.example', answers: [good] })
    const long = new Conversation({ portB: 53 })
    long.send('b', join(u16(answer.length + 4), answer))
    expect(long.answers).toEqual([])
    expect(told(long.send('b', join([1, 2, 3, 4], sized16(answer))).answers)).toEqual([
      'dns a.example 192.0.2.1 60',
      'dns a.example 192.0.2.1 60',
    ])
    const short = new Conversation({ portB: 53 })
    short.send('b', join(u16(answer.length - 3), answer)).send('b', sized16(answer))
    expect(told(short.answers)).toContain('dns a.example 192.0.2.1 60')
    for (const length of [0, 1, 11]) {
      const none = new Conversation({ portB: 53 })
      none.send('b', join(u16(length), answer)).send('b', sized16(answer))
      expect(told(none.answers)).toEqual(['dns a.example 192.0.2.1 60'])
    }
  })

  it('ends in an answer on any bytes, and in short time on pointers made to take long', () => {
    const shape = message({ asks: 'a.example', answers: [good, good] })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(shape.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const bytes = Uint8Array.from(shape)
        for (const [at, value] of changes) bytes[at] = value
        for (const { address, ttl } of readDnsAnswers(bytes, 0, bytes.length))
          expect([address, ttl >= 0]).toContain(true)
      }),
    )
    const chain = join(...Array.from({ length: 8000 }, (_, i) => u16(0xc000 | Math.max(0, 12 + 2 * (i - 1)))))
    const began = performance.now()
    readDnsAnswers(join(hex('0000 8180 0001 0fff 0000 0000'), chain, new Uint8Array(40_000).fill(0xcf)), 0, 56_000)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

describe('DNS answers', () => {
  const query = (asks: string, type = A) => message({ asks, type, flags: 0x0100, answers: [] })
  const answer = (asks: string, last = 1) =>
    message({ asks, answers: [{ owner: asks, type: A, data: ip4(`192.0.2.${last}`) }] })
  const LATE = 60e6
  /** A capture that has long begun. */
  const late = (ends: { protocol: number; portB: number; opener?: number } = { protocol: 17, portB: 53 }) =>
    new Conversation(ends)

  it('are believed where the client asked, whatever the case of its letters', () => {
    const talk = late()
    talk.datagram('a', query('WwW.example'), 0).datagram('b', answer('www.Example'), LATE)
    expect(told(talk.answers)).toEqual(['dns www.example 192.0.2.1 60'])
  })

  it('are not believed where it asked something else, another type, or nothing any more', () => {
    const talk = late()
    talk.datagram('a', query('a.example'), 0).datagram('a', query('c.example', AAAA), 0)
    talk.datagram('b', answer('b.example'), LATE).datagram('b', answer('c.example'), LATE)
    expect(talk.answers).toEqual([])
    talk.datagram('b', answer('a.example', 1), LATE).datagram('b', answer('a.example', 2), LATE)
    expect(told(talk.answers)).toEqual(['dns a.example 192.0.2.1 60'])
    const otherId = answer('d.example')
    otherId[0] = 1
    talk.datagram('a', query('d.example'), LATE).datagram('b', otherId, LATE)
    expect(talk.answers).toHaveLength(1)
  })

  it('are believed without a question only where it may have been asked before the capture began', () => {
    const talk = late()
    talk.datagram('b', answer('a.example', 1), 0).datagram('b', answer('b.example', 2), 5e6)
    talk.datagram('b', answer('c.example', 3), 5.1e6)
    expect(told(talk.answers)).toEqual(['dns a.example 192.0.2.1 60', 'dns b.example 192.0.2.2 60'])
  })

  it('are held against questions over TCP too', () => {
    const talk = late({ protocol: 6, portB: 53, opener: 1 })
    talk.send('a', sized16(query('a.example')), 0)
    talk.send('b', sized16(answer('b.example')), LATE).send('b', sized16(answer('a.example')), LATE)
    expect(told(talk.answers)).toEqual(['dns a.example 192.0.2.1 60'])
  })

  it('need not be asked for one at a time, but the number of open questions is bounded', () => {
    const talk = late()
    for (let i = 0; i < 1100; i++) talk.datagram('a', query(`n${i}.example`), 0)
    talk.datagram('b', answer('n0.example'), LATE).datagram('b', answer('n1099.example'), LATE)
    expect(told(talk.answers)).toEqual(['dns n1099.example 192.0.2.1 60'])
  })
})
