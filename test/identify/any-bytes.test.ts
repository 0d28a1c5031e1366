import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapedSpans } from '../../functions/identify/escapes.ts'
import { Examiner } from '../../functions/identify/examiner.ts'
import { sent } from '../../functions/identify/layer.ts'
import { unescapedLayer } from '../../functions/identify/unescape.ts'
import { content } from './made-content.ts'
import { madeSeeds } from './made-seeds.ts'

/** Pieces of which bytes are made that get deep into every part of the program. */
const pieces = [
  ...[
    '%',
    '%u',
    '%41',
    '\\',
    '\\u',
    '\\ud83d',
    '\\udc00',
    '&#x10ffff;',
    '&#',
    '&amp;',
    '\0\u0001',
    '\x1f\x8b\x08',
    '==',
    '\n',
  ],
  ...[
    '{"',
    '":',
    '[',
    '--b\r\n',
    'a=',
    '&',
    '001012345678903',
    '12.971',
    'MDAxMDEyMzQ1Njc4OTAz',
    '303031',
    'zoe.testova@example.com',
  ],
].map((text) => Buffer.from(text, 'latin1'))

const anyBytes = fc
  .array(
    fc.oneof(fc.constantFrom(...pieces), fc.uint8Array({ maxLength: 40 }), fc.constant(gzipSync('id=001012345678903'))),
  )
  .map((parts) => Buffer.concat(parts))
const part = fc.constantFrom('body', 'stream', 'url', 'header', 'cookie')
const codings = fc.array(fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'odd'), { maxLength: 2 })

describe('any bytes', () => {
  const examiner = new Examiner(madeSeeds, { salts: ['pepper'] })

  it('give a result, which is the same every time', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyBytes, part, codings, (bytes, of, stated) => {
        const given = content({ part: of, codings: stated, bytes })
        examiner.take(given)
        const once = examiner.examinedOf(1, true)
        examiner.forget(1)
        examiner.take(given)
        expect(examiner.examinedOf(1, true)).toEqual(once)
        examiner.forget(1)
        expect(once.read).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('with escapes say where each byte that they resolve to came from', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const whole = unescapedLayer(sent(bytes), { from: 0, until: bytes.length })
        let last = 0
        for (let i = 0; i < whole.bytes.length; i++) {
          const { from, until } = whole.above({ from: i, until: i + 1 })
          expect(from).toBeGreaterThanOrEqual(last)
          expect(until).toBeGreaterThanOrEqual(from)
          if (whole.coding({ from: i, until: i + 1 }) === null && until > from) expect(bytes[from]).toBe(whole.bytes[i])
          last = from
        }
      }),
    )
  })

  it('have their escapes in spans that are in order and apart', () => {
    fc.assert(
      fc.property(anyBytes, fc.integer({ min: 16, max: 100 }), (bytes, margin) => {
        let end = -1
        for (const { from, until } of escapedSpans(bytes, margin)) {
          expect(from).toBeGreaterThan(end)
          expect(until).toBeLessThanOrEqual(bytes.length)
          end = until
        }
      }),
    )
  })

  it.each<[string, (size: number) => Buffer]>([
    ['percents', (size) => Buffer.alloc(size, '%')],
    ['escapes of escapes', (size) => Buffer.alloc(size, '%2525')],
    ['backslashes', (size) => Buffer.alloc(size, '\\')],
    ['digits', (size) => Buffer.alloc(size, '001012345678903')],
    ['digits far apart', (size) => Buffer.alloc(size, '8903 . - / ')],
    ['open brackets', (size) => Buffer.alloc(size, '[')],
    ['quotes', (size) => Buffer.alloc(size, '{"a":"001012345678903')],
    ['letters', (size) => Buffer.alloc(size, 'MDAxMDEyMzQ1Njc4OTAz')],
    ['slashes', (size) => Buffer.alloc(size, 'aB3dE5gH7jK9/')],
    ['beginnings of gzip', (size) => Buffer.alloc(size, '\x1f\x8b\x08\0', 'latin1')],
    ['messages within messages', (size) => Buffer.alloc(size, '\x0a\x7f', 'latin1')],
    ['hits', (size) => Buffer.alloc(size, '{"id":"001012345678903"}\n')],
  ])('in bounded time: %s', { timeout: 60_000 }, (_what, make) => {
    const start = process.cpuUsage()
    examiner.take(content({ bytes: make(2 ** 18) }))
    expect(examiner.examinedOf(1, true).read).toBe(true)
    examiner.forget(1)
    // Ordinary bytes of this size take a few milliseconds; a law of the square would take minutes.
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1e6).toBeLessThan(10)
  })
})
