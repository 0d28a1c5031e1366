/** The files of the example: that they are what its program makes, and what they say they are. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as augustSessions from '../../examples/redmi-1s/make/august-sessions.ts'
import * as packetSessions from '../../examples/redmi-1s/make/packet-sessions.ts'
import { makeCaptures, readMade } from '../../examples/redmi-1s/make.ts'
import { loadDeclaration, loadSession } from '../../functions/declare/load.ts'

const example = join(import.meta.dirname, '../../examples/redmi-1s')
const sessions = readdirSync(example).filter((name) => /^\d{4}-\d{2}-\d{2}-/.test(name))
const captures = makeCaptures()
const read = (...path: string[]) => readFileSync(join(example, ...path), 'utf8')

describe('the captures of the Redmi 1S example', () => {
  it.each(captures)('$path is, unpacked, byte for byte what make.ts makes', (capture) => {
    const committed = readMade(example, capture)
    expect(committed).not.toBeNull()
    expect(Buffer.compare(committed ?? Buffer.alloc(0), capture.content)).toBe(0)
  })

  it('are all listed by their sessions, and nothing else is', () => {
    const listed = sessions.flatMap((session) => {
      const loaded = loadSession(read(session, 'session.yaml'), `${session}/session.yaml`)
      return loaded.session?.captures.map(({ file }) => `${session}/${file}`) ?? []
    })
    expect(listed).toEqual(captures.map(({ path }) => path))
  })

  it('are small: less than 300 kB together', () => {
    const sizes = captures.map(({ path }) => statSync(join(example, path)).size)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000)
  })

  it("carry no hardware address of anybody's: only those for documentation, and groups", () => {
    const made = Object.values({ ...packetSessions, ...augustSessions }).map((make) => make())
    const packets = made.flatMap((capture) => ('packets' in capture ? capture.packets : capture))
    const strangers = packets
      .flatMap(({ bytes }) => [Buffer.from(bytes.subarray(0, 6)), Buffer.from(bytes.subarray(6, 12))])
      // The first octet's lowest bit marks a group (IEEE 802, clause 8.2); 00-00-5E-00-53 is RFC 7042's block.
      .filter((mac) => ((mac[0] ?? 0) & 1) === 0 && !mac.toString('hex').startsWith('00005e0053'))
    expect(packets.length).toBeGreaterThan(400)
    expect(strangers).toEqual([])
  })
})

describe('the documents of the Redmi 1S example', () => {
  it('have no fault: the declaration', () => {
    const { declaration, faults } = loadDeclaration(read('declaration.yaml'), 'declaration.yaml')
    expect(faults).toEqual([])
    expect(declaration?.sources.map(({ id }) => id)).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S6'])
  })

  it.each(sessions)('have no fault: %s, whose id is the name of its folder', (session) => {
    const loaded = loadSession(read(session, 'session.yaml'), `${session}/session.yaml`)
    expect(loaded.faults).toEqual([])
    expect(loaded.session?.id).toBe(session)
  })

  it('are named by their hash and the date that they state: the ranges', () => {
    const ranges = readdirSync(join(example, 'reference/ranges/aws'))
    expect(ranges.length).toBe(2)
    for (const name of ranges) {
      const text = read('reference/ranges/aws', name)
      const date = String(JSON.parse(text).createDate).slice(0, 10)
      expect(name).toBe(`${date}.${createHash('sha256').update(text).digest('hex')}.json`)
    }
  })
})
