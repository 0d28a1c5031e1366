/** Names in packets that came in fragments; flows count every fragment by itself. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dnsMessage } from '../support/wire/dns.ts'
import { type CapturedPacket, hex, ipv4, ipv6, join, pcap, see, tcp, udp } from './capture-builder.ts'
import { clientHello } from './payload/hello.ts'

const name = 'files.example'
const asked = { id: 7, question: { name, type: 1 } }
const question = udp(40_000, 53, dnsMessage({ ...asked, answers: null }))
const addresses = Array.from({ length: 20 }, (_, i) => `198.51.100.${i + 1}`)
const answer = udp(
  53,
  40_000,
  dnsMessage({ ...asked, answers: addresses.map((address) => ({ name, ttl: 60, data: { address } })) }),
)

interface Part {
  readonly from: number
  readonly to: number
}

const back = { from: '192.0.2.1', to: '10.0.0.1', protocol: 17 }
const cut = (payload: Uint8Array, { from, to }: Part, more = to < payload.length) =>
  ipv4(payload.subarray(from, to), { ...back, fragment: from / 8 + (more ? 0x2000 : 0) })
const cut6 = (payload: Uint8Array, { from, to }: Part, next: number) => {
  const offset = (from + (to < payload.length ? 1 : 0)).toString(16).padStart(4, '0')
  return ipv6(join(Uint8Array.of(next, 0), hex(offset), hex('0000abcd'), payload.subarray(from, to)), 44)
}
const parts = (...ends: number[]): Part[] => ends.map((to, i) => ({ from: ends[i - 1] ?? 0, to }))
const three = parts(64, 200, answer.length)

const query = ipv4(question, { protocol: 17 })
const read = (packets: readonly (Uint8Array | CapturedPacket)[]) =>
  see(
    pcap(
      packets.map((packet) => (packet instanceof Uint8Array ? { bytes: packet } : packet)),
      { linkType: 101 },
    ),
  )
const answered = async (...packets: readonly (Uint8Array | CapturedPacket)[]) =>
  (await read([query, ...packets])).answers.map(({ address }) => address)

describe('an answer in fragments is read whole', () => {
  test('in any order', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ])
      expect(await answered(...order.map((i) => cut(answer, three[i] as Part)))).toEqual(addresses)
  })

  test('where a fragment was captured twice', async () => {
    const [a, b, c] = three.map((part) => cut(answer, part)) as [Uint8Array, Uint8Array, Uint8Array]
    expect(await answered(a, a, b, b, c)).toEqual(addresses)
  })

  test('of IPv6, also behind extension headers', async () => {
    const [half, rest] = parts(160, answer.length) as [Part, Part]
    const asks = ipv6(question, 17)
    // From the resolver's end: the builder's packets all go one way.
    const swap = (packet: Uint8Array) => {
      const swapped = packet.slice()
      swapped.set(packet.subarray(24, 40), 8)
      swapped.set(packet.subarray(8, 24), 24)
      return swapped
    }
    const whole = await read([asks, swap(cut6(answer, half, 17)), swap(cut6(answer, rest, 17))])
    expect(whole.answers.map(({ address }) => address)).toEqual(addresses)
    const options = join(hex('1100 0104 00000000'), answer)
    const [first, second] = parts(160, options.length) as [Part, Part]
    const behind = await read([asks, swap(cut6(options, first, 60)), swap(cut6(options, second, 60))])
    expect(behind.answers.map(({ address }) => address)).toEqual(addresses)
  })

  test('wherever it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: (answer.length >> 3) - 1 }), { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (units, keys) => {
          const ends = [...units.sort((a, b) => a - b).map((unit) => unit * 8), answer.length]
          const packets = parts(...ends).map((part) => ({ key: keys.next().value ?? 0, packet: cut(answer, part) }))
          packets.sort((a, b) => a.key - b.key)
          expect(await answered(...packets.map(({ packet }) => packet))).toEqual(addresses)
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('flows count every fragment by itself, the later ones without ports', async () => {
  const { flows } = await read([query, ...three.map((part) => cut(answer, part))])
  expect(flows).toMatchObject([
    { ends: '10.0.0.1|40000 192.0.2.1|53', packets: [1, 1], bytes: [query.length, 84] },
    { ends: '192.0.2.1 10.0.0.1', packets: [2, 0] },
  ])
})

test('a hello in fragments of one segment, and one in fragments of a datagram', async () => {
  const segment = tcp(40_000, 443, 0x18, 1, 1, clientHello({ name, padding: 200 }))
  const first = ipv4(segment.subarray(0, 120), { fragment: 0x2000 })
  const last = ipv4(segment.subarray(120), { fragment: 15 })
  expect((await read([last, first])).flows.map(({ names }) => names)).toEqual([[], [name]])
})

describe('what cannot be told is refused', () => {
  const [a, b, c] = three.map((part) => cut(answer, part)) as [Uint8Array, Uint8Array, Uint8Array]

  test.each<[string, Uint8Array]>([
    ['overlaps what was there', cut(answer, { from: 56, to: 200 })],
    ['lies within what was there', cut(answer, { from: 8, to: 16 }, true)],
    ['covers what was there', cut(answer, { from: 0, to: 200 })],
    ['ends within a unit of eight bytes', cut(answer, { from: 64, to: 197 })],
    ['goes on behind the end', cut(answer, { from: answer.length & ~7, to: answer.length }, true)],
    ['reaches beyond what a packet may have', ipv4(new Uint8Array(16), { ...back, fragment: 0x1fff })],
  ])('with a fragment that %s, the whole packet', async (_, strange) => {
    expect(await answered(c, a, strange, b)).toEqual([])
    expect(await answered(a, strange, b, c)).toEqual([])
  })

  test('and that is a gap, where names were looked for', async () => {
    const { read: account } = await read([query, a, cut(answer, { from: 56, to: 200 }), b, c])
    expect(account.gaps).toMatchObject([{ reason: 'fragments missing where names were looked for', records: 1 }])
  })
})

describe('a packet whose fragments do not all come', () => {
  const [a, b, c] = three.map((part) => cut(answer, part)) as [Uint8Array, Uint8Array, Uint8Array]

  test('shows what stands before the first that is missing, and is a gap', async () => {
    const { answers, read: account } = await read([query, a, c])
    expect(answers.length).toBeLessThan(3)
    expect(account.gaps).toMatchObject([{ reason: 'fragments missing where names were looked for' }])
    expect((await read([query, a, b])).answers.length).toBeGreaterThan(3)
  })

  test('is given up after a minute', async () => {
    const at = (bytes: Uint8Array, time: number) => ({ bytes, time })
    const late = await read([at(query, 1e6), at(a, 1e6), at(b, 1e6), at(c, 62e6)])
    expect(late.answers.length).toBeLessThan(addresses.length)
    const inTime = await read([at(query, 1e6), at(a, 1e6), at(b, 1e6), at(c, 61e6)])
    expect(inTime.answers).toHaveLength(addresses.length)
  })

  test('makes room for others: memory is bounded', async () => {
    const lone = Array.from({ length: 20_000 }, (_, i) => {
      const packet = ipv4(new Uint8Array(1400), { ...back, fragment: 0x2000 })
      packet.set([i >> 8, i & 255], 4)
      return packet
    })
    expect(await answered(...lone, a, b, c)).toEqual(addresses)
  })
})
