/** `report.json` is written in parts; its bytes are those of the whole document as canonical JSON. */
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../functions/model.ts'
import { renderJson } from '../../functions/report/json.ts'
import { reportOf } from './sample.ts'

/** Any JSON in the place of a report's members: the writer knows no field by name. */
const shaped = (members: unknown) => members as Report

describe('report.json', () => {
  it('has the bytes that canonicalizing the whole report gives', () => {
    const report = reportOf()
    expect(renderJson(report)).toBe(`${canonicalize(report)}\n`)
  })

  it('is canonical whatever the keys, their order and the values', () => {
    const key = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('10', '9', 'a', 'B', 'é', '__proto__', '\\ud800'),
    )
    const { document } = fc.letrec((tie) => ({
      document: fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\\ud800', '\u2028', '\u0000"', '𝄞')),
        fc.array(tie('value'), { maxLength: 4 }),
        tie('document'),
      ),
    }))
    fc.assert(
      fc.property(document, (members) => {
        expect(renderJson(shaped(members))).toBe(`${canonicalize(members)}\n`)
      }),
      { numRuns: 500 },
    )
  })

  it('has U+FFFD for half a surrogate pair, in keys and in text, and keeps whole pairs', () => {
    const text = renderJson(shaped({ findings: [{ a: 'x\ud800y', b: 'é\u{1d11e}' }, { 'k\udc00': 1 }] }))
    expect(text).toBe('{"findings":[{"a":"x\ufffdy","b":"é\u{1d11e}"},{"k\ufffd":1}]}\n')
  })

  it('refuses a number that JSON cannot carry', () => {
    expect(() => renderJson(shaped({ summary: { flows: Number.NaN } }))).toThrow('NaN')
  })
})
