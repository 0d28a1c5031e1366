import { describe, expect, it } from 'vitest'
import { LineCutter } from '../../functions/parse/line-cutter.ts'

/** The lines of a text that is pushed in pieces of `size` bytes, each with its number. */
function linesOf(text: string, size: number, longest?: number): string[] {
  const lines: string[] = []
  const cutter = new LineCutter(
    (bytes, from, end) => lines.push(`${cutter.line} ${Buffer.from(bytes.subarray(from, end)).toString('latin1')}`),
    () => lines.push(`${cutter.line} too long`),
    longest,
  )
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += size) cutter.push(Uint8Array.from(bytes.subarray(at, at + size)))
  cutter.end()
  return lines
}

describe('lines', () => {
  it.each([1, 2, 3, 7, 40, 4096])('are the same in pieces of %i bytes', (size) => {
    expect(linesOf('\xef\xbb\xbffirst\r\n\nthird one\nno break', size)).toEqual([
      '1 first',
      '2 ',
      '3 third one',
      '4 no break',
    ])
    expect(linesOf('short\nfar too long a line\nshort', size, 8)).toEqual(['1 short', '2 too long', '3 short'])
  })

  it('have bytes behind them that may be read', () => {
    const cutter = new LineCutter(
      (bytes, _from, end) => expect(bytes.length - end).toBeGreaterThanOrEqual(16),
      () => expect.fail(),
    )
    cutter.push(Buffer.from('a\nbb\nccc\nand more'))
    cutter.end()
    expect(cutter.line).toBe(4)
  })
})
