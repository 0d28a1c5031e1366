import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalHost, matchesPattern } from '../../functions/net/host-name.ts'

describe('a canonical host', () => {
  it.each([
    ['API.Account.Xiaomi.com', 'api.account.xiaomi.com'],
    ['a.example.', 'a.example'],
    ['a.example:8080', 'a.example'],
    ['a.example.:443', 'a.example'],
    ['localhost', 'localhost'],
    ['_dmarc.a-b.example', '_dmarc.a-b.example'],
    ['xn--fsq.example', 'xn--fsq.example'],
    ['1.2.3.4.example', '1.2.3.4.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ])('of %s is %s', (text, host) => {
    expect(canonicalHost(text)).toBe(host)
  })

  it.each([
    '',
    '.',
    'a..example',
    '.example',
    'a example',
    'a\n.example',
    '<script>',
    '=cmd()',
    'bücher.example',
    'a\u202e.example',
    '192.0.2.1',
    '192.0.2.1:80',
    '1.2.3',
    '4294967295',
    '::1',
    '[2001:db8::1]:443',
    'a.example:port',
    'a.example:123456',
    `${'a'.repeat(64)}.example`,
    'a.'.repeat(128),
    'x'.repeat(10_000),
  ])('is none of %j', (text) => {
    expect(canonicalHost(text)).toBeNull()
  })

  it('has itself as its canonical spelling', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string(), fc.ipV4()), (text) => {
        const host = canonicalHost(text)
        if (host !== null) expect(canonicalHost(host)).toBe(host)
      }),
    )
  })
})

it.each([
  ['a.example', 'a.example', true],
  ['b.a.example', 'a.example', false],
  ['b.a.example', '*.a.example', true],
  ['c.b.a.example', '*.a.example', true],
  ['a.example', '*.a.example', false],
  ['ba.example', '*.a.example', false],
  ['.a.example', '*.a.example', false],
])('%s under the pattern %s: %s', (host, pattern, matches) => {
  expect(matchesPattern(host, pattern)).toBe(matches)
})
