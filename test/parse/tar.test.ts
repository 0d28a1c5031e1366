import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accounted, ethernet, ipv4, join, pcap, see, tcp } from './capture-builder.ts'
import { columnsOf, conn, jsonOf, ssl } from './zeek/logs.ts'

const text = (value: string) => new TextEncoder().encode(value)

/** A header of the ustar format, with the right checksum. */
function header(name: string, size: number, type = '0'): Uint8Array {
  const block = new Uint8Array(512)
  block.set(text(name).subarray(0, 100))
  block.set(text('0000644\0'), 100)
  block.set(text(`${size.toString(8).padStart(11, '0')}\0`), 124)
  block.set(text('        '), 148)
  block.set(text(`${type}\0`).subarray(0, 1), 156)
  block.set(text('ustar\x0000'), 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.set(text(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
  return block
}

const padded = (bytes: Uint8Array) => join(bytes, new Uint8Array((512 - (bytes.length % 512)) % 512))
const member = (name: string, content: string | Uint8Array, type = '0') => {
  const bytes = typeof content === 'string' ? text(content) : content
  return join(header(name, bytes.length, type), padded(bytes))
}
const archive = (...members: Uint8Array[]) => join(...members, new Uint8Array(1024))

const phone = conn('C1')
const connections = columnsOf('conn', [phone])
const names = columnsOf('ssl', [ssl(phone, 'api.example.com')])

describe('a tar archive of logs is one capture', () => {
  test.each<[string, Uint8Array]>([
    ['', archive(member('logs/', '', '5'), member('logs/conn.log', connections), member('logs/ssl.log', names))],
    ['whose names come first', archive(member('ssl.log', names), member('conn.log', connections))],
    ['of packed logs', archive(member('conn.log.gz', gzipSync(connections)), member('ssl.log.gz', gzipSync(names)))],
    [
      'with pax headers',
      archive(
        member('PaxHeaders/conn.log', '26 path=a/very/long/name\n', 'x'),
        member('conn.log', connections),
        member('ssl.log', names),
      ),
    ],
    [
      'whose pax header has the size',
      archive(
        member('x', `16 size=${text(connections).length}\n`, 'x'),
        header('conn.log', 0),
        padded(text(connections)),
        member('ssl.log', names),
      ),
    ],
    ['without an end', join(member('conn.log', connections), member('ssl.log', names))],
  ])('%s', async (_, bytes) => {
    for (const packed of [bytes, gzipSync(bytes)]) {
      const { flows, read } = await see(packed)
      expect(read).toMatchObject({ format: 'zeek', records: 2, used: 2, leftOut: {} })
      expect(flows.map((flow) => flow.names)).toEqual([['api.example.com']])
    }
  })

  test.each<[string, Uint8Array]>([
    ['', join(archive(member('conn.log', connections)), archive(member('ssl.log', names)))],
    ['each packed', join(gzipSync(archive(member('a', connections))), gzipSync(archive(member('b', names))))],
    [
      'with zeros between and behind',
      join(archive(member('a', connections)), new Uint8Array(9216), archive(member('b', names)), new Uint8Array(7)),
    ],
  ])('or several, one put behind the other %s', async (_, bytes) => {
    for (const cuts of [[], [1500, 2049, 2050, 11_000]]) {
      const { flows, read } = await see(bytes, cuts)
      expect(read).toMatchObject({ format: 'zeek', records: 2, used: 2, leftOut: {}, error: null })
      expect(flows.map((flow) => flow.names)).toEqual([['api.example.com']])
    }
  })

  test('behind whose end something else stands is not read further, and says where', async () => {
    const whole = archive(member('conn.log', connections))
    for (const more of ['x', 'x'.repeat(2000)]) {
      const { read, flows } = await see(join(whole, new Uint8Array(100), text(more)))
      expect(flows).toHaveLength(1)
      expect(read.error).toBe(
        `byte ${whole.length + 100}: behind the end of the tar archive stands something that is no tar archive`,
      )
    }
  })

  test('of which some files are none: they are counted', async () => {
    const { read, flows } = await see(
      archive(member('README', 'about\n'), member('stderr.log', ''), member('conn.log', connections)),
    )
    expect(read).toMatchObject({
      format: 'zeek',
      records: 3,
      used: 1,
      leftOut: { 'tar-member-empty': 1, 'tar-member-not-known': 1 },
      error: null,
    })
    expect(flows).toHaveLength(1)
  })

  test('of several formats has the sum of their accounts', async () => {
    const packets = pcap([{ time: 1e6, bytes: ethernet(0x0800, ipv4(tcp(1000, 443, 2, 100))) }])
    const { read, flows } = await see(archive(member('a.pcap', packets), member('conn.json', jsonOf([phone]))))
    expect(read).toMatchObject({ format: 'pcap and zeek', records: 2, used: 2, error: null })
    expect(flows).toHaveLength(2)
  })

  test('of which no file is a capture is none', async () => {
    const { read } = await see(archive(member('README', 'about\n')))
    expect(read).toMatchObject({
      format: 'unknown',
      records: 1,
      used: 0,
      error: expect.stringContaining('no file in the tar archive'),
    })
  })

  test('that is cut short or damaged gives what was read before, and says where', async () => {
    const whole = archive(member('conn.log', connections), member('ssl.log', names))
    const cut = await see(whole.slice(0, 512 + text(connections).length + 600))
    expect(cut.read).toMatchObject({ used: 1, error: expect.stringMatching(/^byte \d+: the tar archive is cut short/) })
    const damaged = whole.slice()
    damaged[padded(text(connections)).length + 512 + 3] = 7
    expect((await see(damaged)).read).toMatchObject({
      used: 1,
      error: expect.stringMatching(/^byte \d+: the tar archive is damaged/),
    })
  })

  test('any damage gives a result that accounts for every record, wherever the chunks are cut', async () => {
    const whole = archive(member('ssl.log', names), member('conn.log', connections), member('x', 'y'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: whole.length }), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        fc.array(fc.nat({ max: whole.length }), { maxLength: 12 }),
        async (changes, cuts) => {
          const damaged = whole.slice()
          for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte
          const once = await see(damaged)
          expect(once.read.records).toBe(accounted(once.read))
          expect(await see(damaged, cuts)).toEqual(once)
        },
      ),
      { numRuns: 100 },
    )
  })
})
