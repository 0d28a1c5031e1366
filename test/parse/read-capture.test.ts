import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import xxhash from 'xxhash-wasm'
import { UNPACK_LIMITS } from '../../functions/parse/decompress.ts'
import { readCapture } from '../../functions/parse/read-capture.ts'
import { ZSTD_WINDOW_LIMIT } from '../../functions/parse/zstd.ts'
import { hex, ipv4, join, numbers, pcap, see, udp } from './capture-builder.ts'

const { u32 } = numbers(true)
const bytes = ipv4(udp(1000, 53), { protocol: 17 })
const capture = (packets: number) => pcap(new Array(packets).fill({ bytes }), { linkType: 101 })
const noisy = Array.from({ length: 2000 }, (_, i) => ({
  bytes: ipv4(udp(1000, 53, createHash('sha512').update(`${i}`).digest()), { protocol: 17 }),
}))
const small = capture(3)
const large = capture(20_000)

/** A zstd frame whose blocks are stored as they are; `descriptor` 0x38 is a window of 128 KiB. */
function zstdFrame(content: Uint8Array, descriptor = 0x38): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at === 0 || at < content.length; at += 100_000) {
    const raw = content.subarray(at, at + 100_000)
    const header = (raw.length << 3) | (at + 100_000 >= content.length ? 1 : 0)
    blocks.push(u32(header).subarray(0, 3), raw)
  }
  return join(hex('28b52ffd 00'), Uint8Array.of(descriptor), ...blocks)
}
const { h64Raw } = await xxhash()
/** The same with the frame's checksum, whose flag is 4. */
function checkedFrame(content: Uint8Array): Uint8Array {
  const frame = zstdFrame(content)
  frame[4] = 4
  return join(frame, u32(Number(BigInt.asUintN(32, h64Raw(content)))))
}
/** What zstd itself does, where it is installed. */
const zstd = (flags: string[], input: Uint8Array) => spawnSync('zstd', flags, { input, maxBuffer: 2 ** 26 })
const hasZstd = zstd(['--version'], new Uint8Array(0)).status === 0
/** 128 KiB of zeros from four bytes. */
const zstdZeros = (isLast: boolean) => join(u32((131_072 << 3) | 2 | (isLast ? 1 : 0)).subarray(0, 3), hex('00'))

test('the fingerprint and the size are of the bytes as they were given', async () => {
  for (const given of [small, gzipSync(small), join(hex('00ff'), small)]) {
    const { read } = await see(given)
    expect(read).toMatchObject({ sha256: createHash('sha256').update(given).digest('hex'), size: given.length })
  }
})

test('who watches is told how many records were read, and ends the reading by throwing', async () => {
  const told: number[] = []
  let asked = 0
  async function* chunks() {
    for (const chunk of [capture(1), ...Array.from({ length: 400 }, () => capture(3000).subarray(24))]) {
      asked++
      yield chunk
    }
  }
  const watch = (records: number) => {
    told.push(records)
    if (records > 500_000) throw new Error('enough')
  }
  await expect(readCapture(chunks(), { watch }, { flows: () => {}, answer: () => {} })).rejects.toThrow('enough')
  expect(told.length).toBeGreaterThan(1)
  expect(told).toEqual([...told].sort((a, b) => a - b))
  expect(told.at(-1)).toBeGreaterThan(500_000)
  expect(asked).toBeLessThan(250)
})

test('an empty file and bytes that are no capture are told apart from captures', async () => {
  expect((await see(new Uint8Array(0))).read).toMatchObject({
    format: 'unknown',
    records: 0,
    error: expect.stringMatching(/empty/),
  })
  expect((await see(hex('00ff00ff'))).read).toMatchObject({
    format: 'unknown',
    error: expect.stringMatching(/not a capture that is known/),
  })
})

describe('chunks that are overwritten by the next', () => {
  const flowLog = Buffer.from(
    `\ufeff${'2 123 eni-1 10.0.0.1 192.0.2.1 1000 443 6 1 40 1600000001 1600000002 ACCEPT OK\n'.repeat(600)}`,
  )
  test.each([
    ['a pcap', capture(800)],
    ['a flow log', flowLog],
    ['gzip', gzipSync(pcap(noisy.slice(0, 400), { linkType: 101 }))],
    ['zstd in gzip', gzipSync(zstdFrame(capture(800)))],
  ])('%s is read as from chunks that stay', async (_, given) => {
    const whole = await see(given)
    expect(whole.read.used).toBeGreaterThan(0)
    for (const size of [3, 1000, 16_383]) {
      const flows: number[] = []
      const chunks = async function* () {
        const chunk = new Uint8Array(size)
        for (let at = 0; at < given.length; at += size) {
          chunk.fill(0xee)
          const part = given.subarray(at, at + size)
          chunk.set(part)
          yield chunk.subarray(0, part.length)
        }
      }
      const read = await readCapture(chunks(), {}, { answer: () => {}, flows: ({ length }) => flows.push(length) })
      expect(read).toEqual(whole.read)
      expect(flows.reduce((sum, length) => sum + length, 0)).toBe(whole.flows.length)
    }
  })
})

test('an error of the disk is not taken for one of the capture', async () => {
  const broken = async function* () {
    yield small
    throw new Error('EIO')
  }
  await expect(readCapture(broken(), {}, { answer: () => {}, flows: () => {} })).rejects.toThrow('EIO')
})

describe('gzip', () => {
  const packings: [string, Uint8Array][] = [
    ['one member', gzipSync(large)],
    ['several members', join(gzipSync(large.subarray(0, 1000)), gzipSync(large.subarray(1000)))],
    ['zeros behind the last member', join(gzipSync(large), new Uint8Array(512))],
    ['gzip in gzip', gzipSync(gzipSync(large))],
    ['zstd in gzip', gzipSync(zstdFrame(large))],
  ]
  test.each(packings)('is seen through: %s', async (_, packed) => {
    for (const cuts of [[], [1, 2, 3, 500, 1023, 70_000]])
      expect((await see(packed, cuts)).read).toMatchObject({ format: 'pcap', records: 20_000, error: null })
  })

  test.each([0, 1, 6, 9])('has a bare zlib stream beside it, of level %i', async (level) => {
    expect((await see(deflateSync(large, { level }))).read).toMatchObject({ records: 20_000, error: null })
    const { error } = (await see(deflateSync(large, { level }).subarray(0, 300))).read
    expect(error).toMatch(/^byte \d+: the zlib stream is cut short/)
  })

  test('that is cut short gives all that it held', async () => {
    const packed = gzipSync(large, { level: 0 })
    const { read } = await see(packed.subarray(0, 400_000))
    expect(read.error).toMatch(/^byte 39\d+: the gzip stream is cut short/)
    // Stored blocks: 5 bytes of header every 65,535, so all but a few of the 400,000 bytes are records.
    expect(read.records).toBe(Math.floor((Number(/^byte (\d+)/.exec(read.error ?? '')?.[1]) - 24) / 48))
  })

  test('that is damaged gives what came before', async () => {
    const packed = gzipSync(pcap(noisy, { linkType: 101 }))
    const { read } = await see(packed.map((byte, i) => (i > packed.length / 2 && i % 7 === 0 ? byte ^ 0xff : byte)))
    expect(read.error).toMatch(/^byte \d+: the gzip stream is damaged/)
    expect(read.records).toBeGreaterThan(100)
    expect(read.records).toBeLessThan(noisy.length)
  })

  test('with something else behind it is damaged, and still read', async () => {
    const { read } = await see(join(gzipSync(large), hex('cafe')))
    expect(read.error).toMatch(/gzip stream is damaged/)
    expect(read.records).toBeGreaterThan(10_000)
    const padded = join(gzipSync(large), new Uint8Array(70_000), hex('cafe'))
    expect((await see(padded)).read).toMatchObject({
      records: 20_000,
      error: expect.stringMatching(/stands behind its end/),
    })
  })

  test('is unpacked so many times over and no more', async () => {
    let packed: Uint8Array = small
    for (let depth = 0; depth < UNPACK_LIMITS.depth; depth++) packed = gzipSync(packed)
    expect((await see(packed)).read).toMatchObject({ records: 3, error: null })
    expect((await see(gzipSync(packed))).read.error).toMatch(/packed more than 3 times over/)
  })

  test('that gives far too much is stopped', async () => {
    const bomb = gzipSync(join(small, new Uint8Array(200 * 1024 * 1024)))
    expect(bomb.length).toBeLessThan(300_000)
    expect((await see(gzipSync(bomb))).read.error).toMatch(/unpacking stopped/)
  })
})

describe('zstd', () => {
  const skippable = join(hex('5a2a4d18'), u32(5), hex('0102030405'))
  const packings: [string, Uint8Array][] = [
    ['one frame', zstdFrame(large)],
    ['several frames', join(zstdFrame(large.subarray(0, 1000)), zstdFrame(large.subarray(1000)))],
    ['frames that are to be skipped', join(skippable, zstdFrame(large), skippable)],
    ['an empty frame', join(zstdFrame(new Uint8Array(0)), zstdFrame(large))],
  ]
  test.each(packings)('is seen through: %s', async (_, packed) => {
    for (const cuts of [[], [1, 2, 3, 500, 1023, 70_000]])
      expect((await see(packed, cuts)).read).toMatchObject({ format: 'pcap', records: 20_000, error: null })
  })

  test('that zstd itself packed is seen through', async () => {
    // `zstd -19` of the three packets.
    const packed = hex(
      '28b52ffd24a8e5010062c30b15d05d03805862c63c18b578745b57143a305048640a7f796d05084ff0e40d7b75d037f4ef5c82fffb7b1f8728690d030081a992ebbaf5022e5cdda6a4',
    )
    expect((await see(packed)).read).toMatchObject({ records: 3, error: null })
  })

  const empty = new Uint8Array(0)
  const checked: [string, Uint8Array][] = [
    ['one frame', checkedFrame(large)],
    [
      'several frames',
      join(checkedFrame(large.subarray(0, 7)), checkedFrame(empty), skippable, checkedFrame(large.subarray(7))),
    ],
    [
      // fzstd decodes a frame of less than 18 bytes late: none of its bytes may count for the next.
      'short frames, of which some have none',
      join(
        checkedFrame(large.subarray(0, 3)),
        zstdFrame(large.subarray(3, 5)),
        checkedFrame(large.subarray(5, 6)),
        zstdFrame(empty),
        checkedFrame(large.subarray(6)),
      ),
    ],
  ]
  test.each(checked)('whose checksum is right is read: %s', async (_, packed) => {
    for (const cuts of [[], [1, 2, 3, 500, 1023, 70_000]])
      expect((await see(packed, cuts)).read).toMatchObject({ format: 'pcap', records: 20_000, error: null })
    if (hasZstd) expect(zstd(['-t'], packed).status).toBe(0)
  })

  test('that gives other bytes than were packed is damaged, and still read', async () => {
    const first = checkedFrame(large.subarray(0, 480_024))
    const packed = join(first, checkedFrame(large.subarray(480_024)))
    // In a packet's time; in the first checksum; in the second frame's last packet. Nothing else would show them.
    for (const [at, offset] of [
      [6 + 3 + 24 + 48 + 5, 480_024],
      [first.length - 1, 480_024],
      [packed.length - 5, large.length],
    ] as const) {
      const flipped = packed.map((byte, i) => (i === at ? byte ^ 1 : byte))
      const { read } = await see(flipped)
      expect(read.error).toMatch(
        new RegExp(`^byte ${offset}: the zstd stream is damaged \\(its content does not match`),
      )
      expect(read.records).toBe((offset - 24) / 48)
      if (hasZstd) expect(zstd(['-t'], flipped).status).not.toBe(0)
    }
  })

  test.runIf(hasZstd)('that zstd packs at any level, with a checksum or without, is read', async () => {
    const content = pcap(noisy, { linkType: 101 })
    for (const flags of [['-1'], ['-9'], ['-19'], ['-3', '--no-check']]) {
      const packed = new Uint8Array(zstd([...flags, '-c'], content).stdout)
      expect((await see(packed)).read).toMatchObject({ records: noisy.length, error: null })
      const twice = join(packed, zstd([...flags, '-c'], capture(5).subarray(24)).stdout)
      expect((await see(twice)).read).toMatchObject({ records: noisy.length + 5, error: null })
    }
  })

  test('that is cut short gives all blocks that it held', async () => {
    const { read } = await see(zstdFrame(large).subarray(0, 250_000))
    expect(read).toMatchObject({ records: Math.floor((200_000 - 24) / 48) })
    expect(read.error).toMatch(/^byte 200000: the zstd stream is cut short/)
  })

  test.each([
    ['a block type that is reserved', join(hex('28b52ffd 00 38'), hex('070000')), /a block cannot be/],
    ['a frame that is none', join(zstdFrame(small), hex('0102030405')), /what follows a frame is no frame/],
    ['a dictionary', join(hex('28b52ffd 01 38 07'), hex('010000')), /needs a dictionary/],
    [
      'a compressed block of noise',
      join(hex('28b52ffd 00 38'), u32((40 << 3) | 5).subarray(0, 3), hex('ff'.repeat(40))),
      /zstd stream is damaged/,
    ],
  ])('with %s is refused', async (_, packed, message) => {
    expect((await see(packed)).read.error).toMatch(message)
  })

  test('that asks for too much memory is refused before it is given any', async () => {
    const descriptor = ((Math.log2(ZSTD_WINDOW_LIMIT) - 10) << 3) | 1
    expect((await see(zstdFrame(small, descriptor))).read.error).toMatch(/asks for a window of \d+ bytes/)
    expect((await see(join(hex('28b52ffd e0 ffffffffffffff7f'), hex('010000')))).read.error).toMatch(
      /asks for a window/,
    )
  })

  test('that gives far too much is stopped', async () => {
    const blocks = Array.from({ length: 2000 }, () => zstdZeros(false))
    const bomb = join(hex('28b52ffd 00 38'), u32(small.length << 3).subarray(0, 3), small, ...blocks, zstdZeros(true))
    expect((await see(bomb)).read.error).toMatch(/unpacking stopped/)
  })

  test('of blocks that give nothing is stopped', async () => {
    const bomb = join(hex('28b52ffd 00 38'), new Uint8Array(3 * 50_000))
    expect((await see(bomb)).read.error).toMatch(/unpacking stopped: \d+ zstd blocks gave only 0 bytes/)
  })
})

test('what stood whole in a short log that is damaged, and in a packing that is cut, makes flows', async () => {
  const request = {
    method: 'GET',
    url: 'http://a.example/',
    httpVersion: 'HTTP/1.1',
    headers: [],
    headersSize: 40,
    bodySize: 0,
  }
  const response = { status: 200, statusText: '', httpVersion: 'HTTP/1.1', headers: [], headersSize: 20, bodySize: 5 }
  const entry = { startedDateTime: '2024-01-01T00:00:00Z', time: 5, request, response, serverIPAddress: '192.0.2.7' }
  const text = JSON.stringify({ log: { version: '1.2', creator: { name: 'a', version: '1' }, entries: [entry] } })
  // What follows does not pack, so that it is there that the packing breaks off.
  const rest = createHash('shake256', { outputLength: 3000 }).update('a').digest('hex')
  const packed = deflateSync(`${text.slice(0, -3)}, {{{${rest}`)
  const chunks = async function* () {
    yield new Uint8Array(packed.subarray(0, -1000))
  }
  let flows = 0
  const sink = {
    answer: () => {},
    flows: ({ length }: { length: number }) => {
      flows += length
    },
  }
  const read = await readCapture(chunks(), {}, sink)
  expect(read.error).toContain('cut short')
  expect([read.format, read.used, flows]).toEqual(['har', 1, 1])
})
