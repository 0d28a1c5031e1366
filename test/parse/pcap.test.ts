import { expect, test } from 'vitest'
import { hex, ipv4, join, numbers, pcap, see, udp } from './capture-builder.ts'

const bytes = ipv4(udp(1000, 53), { protocol: 17 })
const time = 1_414_800_000_123_456
const flow = { ends: '10.0.0.1|1000 192.0.2.1|53', start: time, end: time + 1 }
const packets = [
  { bytes, time },
  { bytes, time: time + 1 },
]

for (const little of [true, false])
  for (const [name, magic] of [
    ['microseconds', 0xa1b2c3d4],
    ['nanoseconds', 0xa1b23c4d],
    ['longer record headers', 0xa1b2cd34],
  ] as const)
    test(`reads ${little ? 'little' : 'big'} endian captures with ${name}`, async () => {
      const { flows, read } = await see(pcap(packets, { little, magic, linkType: 101 }))
      expect(flows).toMatchObject([flow])
      expect(read).toMatchObject({ format: 'pcap', records: 2, used: 2, error: null })
    })

test('bits above the link type are not part of it', async () => {
  const { flows } = await see(pcap(packets, { linkType: 0x14000065 }))
  expect(flows).toMatchObject([flow])
})

test('lengths that an old writer swapped are swapped back', async () => {
  const { u16, u32 } = numbers(true)
  const header = join(u32(0xa1b2c3d4), u16(2), u16(3), u32(0), u32(0), u32(65535), u32(101))
  const record = join(u32(1), u32(0), u32(3000), u32(bytes.length), bytes)
  const { flows } = await see(join(header, record))
  expect(flows).toMatchObject([{ packets: [1, 0] }])
})

test('nanoseconds are cut to microseconds, never rounded up', async () => {
  const capture = pcap([{ bytes, time: 5e6 }], { magic: 0xa1b23c4d, linkType: 101 })
  capture.set(numbers(true).u32(1999), 24 + 4)
  expect((await see(capture)).flows).toMatchObject([{ start: 5e6 + 1 }])
})

test('a capture that is cut short gives what it holds, and says where it ends', async () => {
  const whole = pcap(packets, { linkType: 101 })
  const { flows, read } = await see(whole.subarray(0, whole.length - 1))
  expect(flows).toMatchObject([{ packets: [1, 0] }])
  expect(read).toMatchObject({ records: 1, used: 1 })
  expect(read.error).toMatch(/^byte 72: the pcap file is cut short/)
  expect((await see(whole.subarray(0, 10))).read.error).toMatch(/^byte 0: the pcap file is cut short/)
})

test('a capture without packets is no error', async () => {
  expect((await see(pcap([]))).read).toMatchObject({ records: 0, error: null })
})

test('a length that cannot be ends the reading where it stands', async () => {
  const damaged = join(pcap(packets, { linkType: 101 }), hex('00000000 00000000 ffffff7f ffffff7f'), new Uint8Array(99))
  const { flows, read } = await see(damaged)
  expect(flows).toMatchObject([{ packets: [2, 0] }])
  expect(read.error).toMatch(/^byte 120: a packet claims 2147483647 captured bytes/)
})

test('a packet of an unsupported link type may be longer than memory should hold', async () => {
  const { u32 } = numbers(true)
  const huge = join(u32(0), u32(0), u32(1_000_000), u32(1_000_000), new Uint8Array(1_000_000))
  const { read } = await see(join(pcap([], { linkType: 220 }), huge, huge), [500_000, 1_000_100])
  expect(read).toMatchObject({ records: 2, leftOut: { 'link type 220 (USB Linux) not supported': 2 }, error: null })
})

test('a version that is not known is refused', async () => {
  const capture = pcap(packets)
  capture.set([9, 0], 4)
  expect((await see(capture)).read.error).toMatch(/pcap version 9\.4 is not known/)
})
