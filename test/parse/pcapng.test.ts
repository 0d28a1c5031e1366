import { expect, test } from 'vitest'
import {
  block,
  enhancedPacket,
  hex,
  interfaceDescription,
  ipv4,
  join,
  numbers,
  option,
  sectionHeader,
  see,
  udp,
} from './capture-builder.ts'

const bytes = ipv4(udp(1000, 53), { protocol: 17 })
const micros = 1_414_800_000_123_456
const { u16, u32 } = numbers(true)
const u64 = (n: bigint) => join(u32(Number(n & 0xffff_ffffn)), u32(Number(n >> 32n)))

for (const little of [true, false])
  test(`reads ${little ? 'little' : 'big'} endian sections`, async () => {
    const capture = join(
      sectionHeader(little),
      interfaceDescription(101, new Uint8Array(0), 0, little),
      enhancedPacket(bytes, BigInt(micros), 0, little),
    )
    const { flows, read } = await see(capture)
    expect(flows).toMatchObject([{ ends: '10.0.0.1|1000 192.0.2.1|53', start: micros, bytes: [32, 0] }])
    expect(read).toMatchObject({ format: 'pcapng', records: 1, used: 1, error: null })
  })

const resolutions: [string, number, bigint][] = [
  ['nanoseconds', 9, BigInt(micros) * 1000n + 999n],
  ['milliseconds', 3, BigInt(Math.floor(micros / 1000))],
  ['seconds', 0, 1_414_800_000n],
  ['tenths of a microsecond', 7, BigInt(micros) * 10n],
  ['picoseconds', 12, 1_000_000n * 1_000_000n + 999_999n],
  ['2^-10 seconds', 0x8a, 1_414_800_000n * 1024n + 512n],
  ['2^-32 seconds', 0xa0, (1_414_800_000n << 32n) + (1n << 31n)],
]

test.each(resolutions)('reads times in %s', async (_, resolution, ticks) => {
  const perSecond = resolution < 0x80 ? 10n ** BigInt(resolution) : 1n << BigInt(resolution & 0x7f)
  const described = interfaceDescription(101, option(9, Uint8Array.of(resolution)))
  const { flows } = await see(join(sectionHeader(), described, enhancedPacket(bytes, ticks)))
  expect(flows[0]?.start).toBe(Number((ticks * 1_000_000n) / perSecond))
})

test('an offset in seconds is added to every time, also a negative one', async () => {
  const described = interfaceDescription(101, option(14, hex('f6ffffff ffffffff')))
  const { flows } = await see(join(sectionHeader(), described, enhancedPacket(bytes, 60_000_000n)))
  expect(flows[0]?.start).toBe(50e6)
})

test('sections have their own interfaces and byte order', async () => {
  const capture = join(
    sectionHeader(true),
    interfaceDescription(1),
    interfaceDescription(101),
    enhancedPacket(bytes, 1n, 1),
    sectionHeader(false),
    interfaceDescription(101, new Uint8Array(0), 0, false),
    enhancedPacket(bytes, 2n, 0, false),
  )
  const { flows, read } = await see(capture)
  expect(flows).toMatchObject([{ packets: [2, 0], start: 1, end: 2 }])
  expect(read).toMatchObject({ records: 2, error: null })
})

test('simple packets are of the first interface and cut to its snap length', async () => {
  const long = ipv4(udp(1000, 53, new Uint8Array(100)), { protocol: 17 })
  const body = join(u32(long.length), long.subarray(0, 64))
  const { flows } = await see(join(sectionHeader(), interfaceDescription(101, new Uint8Array(0), 64), block(3, body)))
  expect(flows).toMatchObject([{ bytes: [128, 0], start: Number.NaN }])
})

test('the old packet block is read', async () => {
  const body = join(u16(0), u16(7), u32(0), u32(9), u32(bytes.length), u32(bytes.length), bytes)
  const { flows } = await see(join(sectionHeader(), interfaceDescription(101), block(2, body)))
  expect(flows).toMatchObject([{ start: 9, packets: [1, 0] }])
})

test('blocks that hold no packets are passed over, in any length', async () => {
  const capture = join(
    sectionHeader(),
    interfaceDescription(101),
    block(4, new Uint8Array(40)),
    block(0x7777, new Uint8Array(300_000)),
    enhancedPacket(bytes, 1n),
    block(10, new Uint8Array(8)),
  )
  expect((await see(capture, [1000, 1001, 200_000])).read).toMatchObject({ records: 1, used: 1, error: null })
})

test('records that are no packets are counted and left out', async () => {
  const { read } = await see(join(sectionHeader(), block(9, new Uint8Array(24)), block(0xbad, new Uint8Array(8))))
  expect(read).toMatchObject({
    records: 2,
    leftOut: { 'not a packet: systemd journal entry': 1, 'not a packet: custom block': 1 },
    error: null,
  })
})

test('an interface of an unsupported link type leaves the others alone', async () => {
  const capture = join(
    sectionHeader(),
    interfaceDescription(195),
    interfaceDescription(101),
    enhancedPacket(new Uint8Array(40), 1n, 0),
    enhancedPacket(bytes, 2n, 1),
  )
  const { read } = await see(capture)
  expect(read).toMatchObject({ records: 2, used: 1, leftOut: { 'link type 195 (802.15.4) not supported': 1 } })
})

test('packets that were dropped while capturing are a gap', async () => {
  const statistics = (dropped: bigint) =>
    block(5, join(u32(0), u32(0), u32(0), option(5, u64(dropped)), option(7, u64(2n ** 64n - 1n)), u32(0)))
  const capture = join(
    sectionHeader(),
    interfaceDescription(101),
    enhancedPacket(bytes, 10n),
    statistics(3n),
    enhancedPacket(bytes, 20n),
    statistics(5n),
  )
  const { read } = await see(capture)
  expect(read.gaps).toEqual([{ from: 10, until: 20, reason: 'packets dropped while capturing', records: 5 }])
  expect(read.records).toBe(2)
})

test('packets without a usable time are left out by why, and shown as flows without one', async () => {
  const capture = join(
    sectionHeader(),
    interfaceDescription(101),
    enhancedPacket(bytes, 10n),
    block(3, join(u32(bytes.length), bytes)),
    enhancedPacket(bytes, 2n ** 63n),
    enhancedPacket(bytes, 20n),
    block(3, join(u32(1), Uint8Array.of(0))),
  )
  const { flows, read } = await see(capture)
  expect(flows).toMatchObject([
    { packets: [2, 0], start: 10, end: 20 },
    { packets: [2, 0], start: Number.NaN, end: Number.NaN },
  ])
  expect(read).toMatchObject({
    records: 5,
    used: 2,
    leftOut: { 'no-time': 1, 'time-out-of-range': 1, 'malformed: IP version': 1 },
  })
})

test('drops that the blocks of packets tell are a gap too, and the same as those of the statistics', async () => {
  const old = (drops: number) =>
    block(2, join(u16(0), u16(drops), u32(0), u32(9), u32(bytes.length), u32(bytes.length), bytes))
  const told = (drops: bigint, time: bigint) => {
    const packet = join(u32(0), u32(0), u32(Number(time)), u32(bytes.length), u32(bytes.length), bytes)
    return block(6, join(packet, option(2, u32(1)), option(4, u64(drops)), u32(0)))
  }
  const gapsOf = async (...blocks: Uint8Array[]) =>
    (await see(join(sectionHeader(), interfaceDescription(101), ...blocks))).read.gaps
  const reason = 'packets dropped while capturing'
  expect(await gapsOf(old(0), old(3), old(0xffff))).toEqual([{ from: 9, until: 9, reason, records: 3 }])
  expect(await gapsOf(told(0n, 10n), told(2n, 20n))).toEqual([{ from: 10, until: 20, reason, records: 2 }])
  const statistics = block(5, join(u32(0), u32(0), u32(0), option(5, u64(5n)), u32(0)))
  expect(await gapsOf(told(2n, 10n), statistics)).toMatchObject([{ records: 5 }])
  expect(await gapsOf(told(0n, 10n))).toEqual([])
})

test('gaps stay few however many sections tell of them', async () => {
  const statistics = block(5, join(u32(0), u32(0), u32(0), option(5, u64(2n)), u32(0)))
  const section = (time: number) =>
    join(sectionHeader(), interfaceDescription(101), enhancedPacket(bytes, BigInt(time)), statistics)
  const { read } = await see(join(...Array.from({ length: 2000 }, (_, i) => section(i))))
  expect(read.gaps).toEqual([{ from: 0, until: 1999, reason: 'packets dropped while capturing', records: 4000 }])
})

const start = join(sectionHeader(), interfaceDescription(101), enhancedPacket(bytes, 1n))
const damaged: [string, Uint8Array, RegExp][] = [
  ['a block that is too short', join(start, hex('06000000 08000000 00000000')), /^byte 112: a block claims 8 bytes/],
  [
    'a length that is no multiple of 4',
    join(start, hex('77000000 0d000000 00000000 00')),
    /^byte 112: a block claims 13/,
  ],
  [
    'a packet that claims more than its block has',
    join(start, block(6, join(u32(0), u32(0), u32(0), u32(99), u32(99)))),
    /^byte 112: a packet claims 99/,
  ],
  [
    'a packet of an unknown interface',
    join(start, enhancedPacket(bytes, 1n, 4)),
    /^byte 112: a packet is of interface 4/,
  ],
  [
    'lengths that differ',
    join(start, start.subarray(start.length - 64, start.length - 4), u32(60)),
    /^byte 112: a block's length is 64 at its beginning and 60/,
  ],
  [
    'a section without its magic',
    join(start, hex('0a0d0d0a 1c000000 00000000 00000000')),
    /^byte 112: a section header has no byte-order magic/,
  ],
  [
    'another version',
    join(start, hex('0a0d0d0a 1c000000 4d3c2b1a 02000000 00000000')),
    /^byte 112: pcapng version 2\.0 is not known/,
  ],
  ['an end inside a block', start.subarray(0, start.length - 2), /^byte 48: the pcapng file is cut short/],
  ['an end inside a block that is passed over', join(start, hex('77000000 00100000 00000000')), /cut short/],
]

test.each(damaged)('stops with the byte at %s', async (name, capture, message) => {
  const { read } = await see(capture)
  expect(read.error).toMatch(message)
  expect(read.records).toBe(name === 'an end inside a block' ? 0 : 1)
})
