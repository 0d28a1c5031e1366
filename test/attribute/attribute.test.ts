import { describe, expect, it } from 'vitest'
import { Attributor } from '../../functions/attribute/attribute.ts'
import type { NameAnswer } from '../../functions/model.ts'
import { batchOf, type Row, sessionOf } from './rows.ts'

const SECOND = 1e6
const answer = (parts: Partial<NameAnswer>): NameAnswer => ({
  client: '10.0.0.2',
  address: '198.18.0.7',
  name: 'a.example',
  via: 'dns',
  time: 100 * SECOND,
  expires: 160 * SECOND,
  ...parts,
})

/** Names of flows after answers, as `via:name`. */
function named(answers: readonly NameAnswer[], rows: readonly Row[], addresses: readonly string[] = []): string[][] {
  const attributor = new Attributor(sessionOf(addresses))
  for (const one of answers) attributor.answer(one)
  const batch = batchOf(...rows)
  const { names } = attributor.attribute(batch)
  return names.slice(0, batch.length).map((list) => list.map((n) => `${n.via}:${n.name}`))
}
const namesAt = (start: number, ...answers: NameAnswer[]) => named(answers, [{ start }])[0]

describe('names from answers', () => {
  it('are given to flows that began after the answer and before it expired', () => {
    expect(namesAt(99.9 * SECOND, answer({}))).toEqual([])
    expect(namesAt(100 * SECOND, answer({}))).toEqual(['dns:a.example'])
    expect(namesAt(160 * SECOND, answer({}))).toEqual(['dns:a.example'])
    expect(namesAt(160 * SECOND + 1, answer({}))).toEqual([])
    expect(namesAt(Number.NaN, answer({}))).toEqual([])
  })

  it('count for a second where the TTL is zero', () => {
    const zero = answer({ expires: 100 * SECOND })
    expect(namesAt(100.5 * SECOND, zero)).toEqual(['dns:a.example'])
    expect(namesAt(101.5 * SECOND, zero)).toEqual([])
  })

  it('hold as long as the latest answer before the flow says', () => {
    const renewed = [answer({}), answer({ time: 150 * SECOND, expires: 155 * SECOND })]
    expect(namesAt(140 * SECOND, ...renewed)).toEqual(['dns:a.example'])
    expect(namesAt(154 * SECOND, ...renewed)).toEqual(['dns:a.example'])
    expect(namesAt(158 * SECOND, ...renewed)).toEqual([])
    const again = [answer({}), answer({ time: 500 * SECOND, expires: 560 * SECOND })]
    expect(namesAt(300 * SECOND, ...again)).toEqual([])
    expect(namesAt(150 * SECOND, ...again)).toEqual(['dns:a.example'])
    expect(namesAt(510 * SECOND, ...again)).toEqual(['dns:a.example'])
  })

  it('are all kept where an address has several: those asked for first, the latest of them first', () => {
    const answers = [
      answer({ name: 'old.example' }),
      answer({ name: 'edge.example', via: 'dns-cname' }),
      answer({ name: 'new.example', via: 'http-dns', time: 101 * SECOND }),
    ]
    expect(namesAt(110 * SECOND, ...answers)).toEqual([
      'http-dns:new.example',
      'dns:old.example',
      'dns-cname:edge.example',
    ])
  })

  it('are those that the initiator got for the address of the responder', () => {
    expect(named([answer({})], [{ start: 110 * SECOND, a: '10.0.0.3' }])).toEqual([[]])
    expect(named([answer({})], [{ start: 110 * SECOND, b: '198.18.0.8' }])).toEqual([[]])
    const reverse = { start: 110 * SECOND, a: '198.18.0.7', b: '10.0.0.2', portA: 443, portB: 40000 }
    expect(named([answer({})], [reverse, { ...reverse, opener: 1 }])).toEqual([['dns:a.example'], []])
  })

  it('count for a device at all of its addresses', () => {
    const overIPv6 = answer({ client: 'fd00::2' })
    const row = { start: 110 * SECOND, macA: 0x00005e005301 }
    expect(named([overIPv6], [row])).toEqual([[]])
    expect(named([overIPv6], [row], ['10.0.0.2', 'fd00::2'])).toEqual([['dns:a.example']])
    // By its hardware address, once a flow showed the other address.
    const shows = { a: 'fd00::2', b: 'fd00::1', portB: 53, macA: 0x00005e005301, start: 100 * SECOND }
    expect(named([overIPv6], [shows, row], ['00:00:5e:00:53:01'])).toEqual([[], ['dns:a.example']])
  })

  it('are those of the device where it is not seen who opened, whatever the ports say', () => {
    const midStream = { a: '198.18.0.7', b: '10.0.0.2', portA: 40000, portB: 40000, start: 110 * SECOND }
    expect(named([answer({})], [midStream], ['10.0.0.2'])[0]).toEqual(['dns:a.example'])
    expect(named([answer({})], [{ ...midStream, opener: 1 }], ['10.0.0.2'])[0]).toEqual([])
  })

  it('find IPv6 addresses', () => {
    const ipv6 = answer({ client: 'fd00::2', address: '2001:4860:4860::8888' })
    expect(named([ipv6], [{ start: 110 * SECOND, a: 'fd00::2', b: '2001:4860:4860::8888' }])).toEqual([
      ['dns:a.example'],
    ])
  })

  it('stand behind those of the payload, without doubles', () => {
    const own = [{ name: 'a.example', via: 'tls-sni' as const }]
    const answers = [answer({}), answer({ name: 'b.example' })]
    expect(named(answers, [{ start: 110 * SECOND, names: own }])).toEqual([['tls-sni:a.example', 'dns:b.example']])
    const asked = [{ name: 'a.example', via: 'http-dns' as const, asked: true as const }]
    expect(named([answer({})], [{ start: 110 * SECOND, names: asked }])).toEqual([
      ['http-dns:a.example', 'dns:a.example'],
    ])
  })

  it('are forgotten, the oldest first, where there are too many', () => {
    const attributor = new Attributor(sessionOf())
    const address = (i: number) => `11.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
    const many = 210_000
    for (let i = 0; i < many; i++) {
      attributor.answer(answer({ address: address(i), expires: 1000 * SECOND }))
      // One name is asked for again and again.
      if (i % 10_000 === 0) attributor.answer(answer({ address: address(0), expires: 1000 * SECOND }))
    }
    const at = { start: 200 * SECOND }
    const batch = batchOf({ ...at, b: address(0) }, { ...at, b: address(5000) }, { ...at, b: address(many - 1) })
    expect(attributor.attribute(batch).names.map((n) => n.length)).toEqual([1, 0, 1])
    expect(attributor.gaps()).toMatchObject([{ from: 100 * SECOND, until: 1000 * SECOND, records: many - 200_000 }])
  })

  it('stay few for one address, in short time', () => {
    const attributor = new Attributor(sessionOf())
    for (let i = 0; i < 512; i++) attributor.answer(answer({ name: `h${i}.example` }))
    const flow = { start: 110 * SECOND }
    const [first, second] = attributor.attribute(batchOf(flow, flow)).names
    expect(first).toHaveLength(512)
    expect(second, 'the same list, which nobody has to look at again').toBe(first)
    expect(attributor.gaps()).toEqual([])
  })

  it('name no flow of the time of one that was forgotten, and the gap is told', () => {
    const attributor = new Attributor(sessionOf())
    for (let i = 0; i < 513; i++) attributor.answer(answer({ name: `h${i}.example` }))
    attributor.answer(answer({ name: 'later.example', time: 300 * SECOND, expires: 400 * SECOND }))
    attributor.answer(answer({ name: 'other.example', address: '198.18.0.8' }))
    const flows = [{ start: 110 * SECOND }, { start: 310 * SECOND }, { start: 110 * SECOND, b: '198.18.0.8' }]
    const { names } = attributor.attribute(batchOf(...flows))
    expect(names.slice(0, 3).map((list) => list.map(({ name }) => name))).toEqual([
      [],
      ['later.example'],
      ['other.example'],
    ])
    const reason = 'DNS answers forgotten, more than are kept'
    expect(attributor.gaps()).toEqual([{ from: 100 * SECOND, until: 160 * SECOND, reason, records: 2 }])
  })

  it('are given anew once an answer begins, expires or comes', () => {
    const attributor = new Attributor(sessionOf())
    const namesAt = (start: number) => attributor.attribute(batchOf({ start })).names[0]?.map(({ name }) => name)
    attributor.answer(answer({}))
    attributor.answer(answer({ name: 'b.example', time: 120 * SECOND, expires: 200 * SECOND }))
    expect(namesAt(119 * SECOND)).toEqual(['a.example'])
    expect(namesAt(120 * SECOND)).toEqual(['b.example', 'a.example'])
    expect(namesAt(160 * SECOND)).toEqual(['b.example', 'a.example'])
    expect(namesAt(160 * SECOND + 1)).toEqual(['b.example'])
    expect(namesAt(119 * SECOND)).toEqual(['a.example'])
    attributor.answer(answer({ name: 'c.example', time: 119 * SECOND }))
    expect(namesAt(119 * SECOND)).toEqual(['c.example', 'a.example'])
  })
})

describe('the device', () => {
  const PHONE = 0x00005e005301
  const of = (addresses: readonly string[], row: Row) =>
    new Attributor(sessionOf(addresses)).attribute(batchOf(row)).device[0]

  it.each<[string, readonly string[], Row, number]>([
    ['is the end with the hardware address', ['00:00:5e:00:53:01'], { macB: PHONE }, 2],
    ['is the end with the IP address', ['10.0.0.2'], {}, 1],
    ['is the end with the IPv6 address, however it is spelt', ['FD00:0:0::2'], { a: '2001:db8::1', b: 'fd00::2' }, 2],
    ['is the end in the prefix', ['10.0.0.0/24'], {}, 1],
    ['is the end whose own address is given rather than its prefix', ['10.0.0.0/24', '10.0.0.9'], { b: '10.0.0.9' }, 2],
    ['is the initiator where both ends are in the prefix', ['10.0.0.0/24'], { b: '10.0.0.9', opener: 2 }, 2],
    ['is not known where the given addresses are neither end', ['10.9.9.9'], {}, 0],
    ['is the private end where none is given', [], {}, 1],
    ['is the private end on either side', [], { a: '192.0.2.1', b: '192.168.1.4' }, 2],
    ['is the end behind carrier-grade translation', [], { a: '100.64.0.9', b: '8.8.8.8' }, 1],
    ['is the unique-local end', [], { a: '2600::1', b: 'fd00::7' }, 2],
    ['is not known between two private ends', [], { b: '192.168.0.1' }, 0],
    ['is not known between two public ends', [], { a: '8.8.8.8', b: '1.1.1.1' }, 0],
    ['is the end that a log does not state', [], { a: '0.0.0.0', b: '8.8.8.8' }, 1],
    [
      'is the end that a log does not state, also where addresses are given',
      ['10.0.0.2'],
      { a: '::', b: '2600::1' },
      1,
    ],
    ['is not the end without an address whose hardware is another', ['10.9.9.9'], { a: '0.0.0.0', macA: 7 }, 0],
    ['is the end with the IPv4 address mapped into IPv6', ['10.0.0.2'], { a: '::ffff:10.0.0.2', b: '2600::1' }, 1],
    ['is not told by a multicast group', [], { b: '239.255.255.250' }, 0],
  ])('%s', (_, addresses, row, device) => {
    expect(of(addresses, row)).toBe(device)
  })
})

describe('bystanders', () => {
  const PHONE = 0x00005e005301
  const OTHER = 0x00005e005302
  const ROUTER = 0x00005e005303
  const devicesOf = (addresses: readonly string[], ...rows: Row[]) => [
    ...new Attributor(sessionOf(addresses)).attribute(batchOf(...rows)).device.slice(0, rows.length),
  ]
  const theirs = { a: '10.0.0.9', b: '198.18.0.8' }
  const theirs6 = { a: '2001:db8::9', b: '2001:db8:1::8' }

  it.each<[string, readonly string[], Row, Row, number]>([
    ['are told by an IPv4 address at which the device is', ['10.0.0.2'], theirs, {}, 3],
    ['are not told by one at which it never was', ['10.0.0.3'], theirs, {}, 0],
    ['are not told in IPv6 by an IPv4 address', ['10.0.0.2'], theirs6, {}, 0],
    ['are not told by an IPv6 address of several', ['fd00::2'], theirs6, { a: 'fd00::2', b: '2001:db8::8' }, 0],
    ['are told by an IPv6 prefix', ['fd00::/64'], theirs6, { a: 'fd00::2', b: '2001:db8::8' }, 3],
    ['are told by hardware', ['00:00:5e:00:53:01'], { ...theirs6, macA: OTHER, macB: ROUTER }, { macA: PHONE }, 3],
    [
      'are not told by hardware that one end hides',
      ['00:00:5e:00:53:01'],
      { ...theirs6, macA: OTHER },
      { macA: PHONE },
      0,
    ],
    [
      'are not told by hardware that is not there',
      ['00:00:5e:00:53:01'],
      { ...theirs, macA: OTHER, macB: ROUTER },
      {},
      0,
    ],
    ['are not told where no address is given', [], { a: '10.0.0.9', b: '10.0.0.8' }, {}, 0],
  ])('%s', (_, addresses, row, devices, expected) => {
    expect(devicesOf(addresses, row, devices)[0]).toBe(expected)
  })

  it('and unknown devices are near at their local end, else where the flow was opened', () => {
    const rows = [
      { a: '203.0.113.9', b: '10.0.0.9', opener: 1 as const },
      { a: '10.0.0.8', b: '10.0.0.9', opener: 2 as const },
      { a: '10.0.0.2', b: '10.0.0.9', opener: 2 as const },
    ]
    const { near, device } = new Attributor(sessionOf(['10.0.0.2'])).attribute(batchOf(...rows))
    expect([...near.slice(0, 3)]).toEqual([2, 2, 1])
    expect([...device.slice(0, 3)]).toEqual([3, 3, 1])
  })
})

describe('attribution', () => {
  it('doubts the step of flows that began no farther from its edges than the clock may be off', () => {
    const session = sessionOf([], [{ id: 'boot', from: 10_000, until: 30_000 }])
    const attributor = new Attributor({ ...session, rig: { id: 'rig', clockErrorMs: 1 } })
    const starts = [8_999, 9_000, 9_999, 10_000, 11_000, 11_001, 28_999, 29_000, 30_000, 31_000, 31_001]
    const { stepDoubt } = attributor.attribute(batchOf(...starts.map((start) => ({ start }))))
    expect([...stepDoubt]).toEqual([0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0])
  })

  it('tells flows that go on when their step is surely over', () => {
    const session = sessionOf([], [{ id: 'boot', from: 10_000, until: 30_000 }])
    const attributor = new Attributor({ ...session, rig: { id: 'rig', clockErrorMs: 1 } })
    const batch = batchOf({ start: 15_000 }, { start: 15_000 }, { start: 5_000 })
    batch.end.set([31_000, 31_001, 90_000])
    expect([...attributor.attribute(batch).outlives]).toEqual([0, 1, 0])
  })

  it('puts flows in the step in which they began', () => {
    const steps = [
      { id: 'boot', from: 10, until: 20 },
      { id: 'sim', from: 20, until: 30 },
      { id: 'idle', from: 50, until: 60 },
      { id: 'call', from: 55, until: 57 },
    ]
    const attributor = new Attributor(sessionOf([], steps))
    const starts = [9, 10, 19.9, 20, 30, 40, 50, 55, 56.9, 57, 60, 12]
    const { step } = attributor.attribute(batchOf(...starts.map((start) => ({ start }))))
    expect([...step]).toEqual([-1, 0, 0, 1, -1, -1, 2, 3, 3, 2, -1, 0])
  })

  it('takes batches of any size and keeps none of the names of the one before', () => {
    const attributor = new Attributor(sessionOf())
    const names = [{ name: 'a.example', via: 'tls-sni' as const }]
    expect(attributor.attribute(batchOf({ names })).names[0]).toEqual(names)
    const next = attributor.attribute(batchOf({}, {}, {}))
    expect(next.names.slice(0, 3)).toEqual([[], [], []])
    expect([...next.initiator.slice(0, 3)]).toEqual([1, 1, 1])
  })
})
