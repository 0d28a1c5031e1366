/** `report.json` is written in parts; its bytes are those of the whole document as canonical JSON. */
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../functions/model.ts'
import { renderJson, reportBytes } from '../../functions/report/json.ts'
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

  it('is the same however long its texts are and wherever a piece of its bytes ends', () => {
    const texts = ['é“x” ', '𝄞', 'a"b\\c\n', 'plain ']
    const findings = Array.from({ length: 400 }, (_, i) => ({ id: i, says: texts.map((text) => text.repeat(i * 3)) }))
    const members = { findings, limitations: ['long '.repeat(300_000), 'lone \ud800'.repeat(5)], summary: undefined }
    const expected = JSON.parse(JSON.stringify(members).replaceAll('\\ud800', '\ufffd'))
    expect(reportBytes(shaped(members)).length).toBeGreaterThan(3)
    expect(renderJson(shaped(members))).toBe(`${canonicalize(expected)}\n`)
  })

  it('refuses a number that JSON cannot carry', () => {
    expect(() => renderJson(shaped({ summary: { flows: Number.NaN } }))).toThrow('NaN')
  })
})
