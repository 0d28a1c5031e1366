import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadDeclaration, loadSession } from '../../functions/declare/load.ts'
import { TEXT_LIMIT } from '../../functions/declare/yaml-syntax.ts'
import { declaration, session } from './fault-cases.ts'

/** Loads a text as both kinds, and holds what every result has to be. */
function load(text: string): void {
  const lines = text.split(/\r?\n/).length
  const one = loadDeclaration(text, 'declaration.yaml', { asOf: 0 })
  const other = loadSession(text, 'session.yaml')
  for (const { value, faults } of [
    { value: one.declaration, faults: one.faults },
    { value: other.session, faults: other.faults },
  ]) {
    expect(value === null).toBe(faults.some(({ severity }) => severity === 'error'))
    for (const { line, column, message } of faults) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(line).toBeLessThanOrEqual(lines + 1)
      expect(column).toBeGreaterThanOrEqual(1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
      expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }
    const order = faults.map(({ line, column }) => line * 1e6 + column)
    expect(order).toEqual([...order].sort((a, b) => a - b))
  }
}

describe('any text', () => {
  it('gives a value or faults', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => load(text)),
      { numRuns: 300 },
    )
  })

  it('made of pieces of YAML gives a value or faults', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        ': ',
        '- ',
        '\n',
        '  ',
        '? ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '"',
        "'",
        '|',
        '>',
        '&a ',
        '*a',
        '!t ',
        '<<',
        '#',
        '%',
        '\t',
      ],
      ...[
        '---\n',
        '...\n',
        'kind: Session\n',
        'kind: Declaration\n',
        'places:\n',
        'services:\n',
        '__proto__: ',
        '\r',
        '.nan',
        '1e999',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => load(pieces.join(''))),
      { numRuns: 500 },
    )
  })

  it('with any value anywhere in a right document gives a value or faults', () => {
    const values = [
      'null',
      '[]',
      '{}',
      '-1',
      '.inf',
      '""',
      '[[[]]]',
      '{ a: { b: 1 } }',
      '"\\u202e<script>"',
      'constructor',
      '9'.repeat(400),
    ]
    const texts = [declaration, session].flatMap((text) =>
      [...text.matchAll(/(?<=: |\[|, )[^[\]{},\n]+/g)].map((match) => ({
        text,
        at: match.index,
        length: match[0].length,
      })),
    )
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.constantFrom(...values), ({ text, at, length }, value) =>
        load(text.slice(0, at) + value + text.slice(at + length)),
      ),
      { numRuns: 300 },
    )
  })

  it('that is cut off anywhere gives a value or faults', () => {
    for (let at = 0; at < declaration.length; at += 37) load(declaration.slice(0, at))
  })
})

/** A quarter of the longest text that is read, so that the suite stays short: the time grows with the length. */
const LENGTH = TEXT_LIMIT / 4

/** Texts that are made to keep a reader busy. */
const long = (piece: string, before = '', after = '') =>
  before + piece.repeat(Math.floor((LENGTH - before.length - after.length) / piece.length)) + after
const start = 'apiVersion: domicile/v1\nkind: Declaration\n'
const hostile: readonly (readonly [what: string, text: string])[] = [
  ['brackets that never close', long('[')],
  ['dashes', long('- ')],
  ['commas', long(',', '[')],
  ['tags', long('!a ')],
  ['comments', long('#\n')],
  ['unknown keys', start + Array.from({ length: 7_000 }, (_, i) => `k${i}:\n`).join('')],
  ['one key again and again', long('k:\n', start)],
  [
    'unknown places',
    `${start}places: { a: { country: CN } }\nservices: [{ id: s, hosts: [a.example.com], phases: [{ id: p, allow: [${long('abcdefg, ').slice(0, 60_000)}]}]}]`,
  ],
  [
    'hosts that shadow one another',
    `${start}services: [{ id: s, hosts: [${Array.from(
      { length: 1000 },
      (_, i) => `"*${'.a'.repeat(i % 100)}.b${i}.example.com"`,
    )
      .join(', ')
      .slice(0, 60_000)}"] }]`,
  ],
  [
    'aliases of aliases',
    `${start}a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghij'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(', ')}]\n`).join('')}`,
  ],
  [
    'aliases nested beyond any stack',
    `${start}${Array.from({ length: 26 }, (_, i) => `k${i}: &k${i} ${'['.repeat(60)}${i === 0 ? 'x' : `*k${i - 1}`}${']'.repeat(60)}\n`).join('')}`,
  ],
  ['ten megabytes', 'a: b\n'.repeat(2_000_000)],
]

describe('a hostile text', () => {
  it.each(hostile)('of %s gives faults in bounded time', (_what, text) => {
    const began = process.cpuUsage()
    const { declaration: read, faults } = loadDeclaration(text, 'declaration.yaml')
    expect(read).toBeNull()
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.length).toBeLessThanOrEqual(1001)
    const { user, system } = process.cpuUsage(began)
    expect((user + system) / 1e6, 'seconds of the processor').toBeLessThan(8)
  })

  it('cannot steer a terminal through a message', () => {
    const text = `${start}"\\e[2J\\u202e\\u0007": 1\nmetadata: { id: "\\e]0;owned\\a" }\n`
    const { faults } = loadDeclaration(text, 'declaration.yaml')
    expect(faults.map(({ path, message }) => path + message).join('')).not.toMatch(/\p{C}/u)
  })
})
