import { describe, expect, it } from 'vitest'
import { loadDeclaration } from '../../functions/declare/load.ts'
import { changed, declaration, shown } from './fault-cases.ts'

const asOf = Date.UTC(2015, 0, 10) * 1000

/** A declaration of which one service asks first. */
const asking = `${changed(
  declaration,
  '    hosts: ["*.cloud.example.com"]\n',
  `    hosts: ["*.cloud.example.com"]
    consent:
      since: 2014-08-14
      optIn: enable-cloud
      optOut: disable-cloud
      before: forbid-identifiers
      afterOptOut: { forbid: forbid-contact, grace: PT10M }
      preconditions: { firmware: [JHCMIBH50.0, "JHCMIBH6*"], deviceStates: [new, factory-reset] }
      source: S1
`,
)}salts: [com.example.push, pepper]
`

const cases: readonly (readonly [what: string, from: string, to: string, faults: readonly string[]])[] = [
  [
    'a source that is not there',
    'source: S1\n    phases:\n      - { id: always',
    'source: S2\n    phases:\n      - { id: always',
    ['32:15 error services[1].consent.source: there is no source `S2`: did you mean `S1`?'],
  ],
  [
    'no step by which the user agrees',
    '      optIn: enable-cloud\n',
    '',
    [
      '25:5 error services[1].consent.optIn: `optIn` is missing (The step of a session by which the user agrees): write `optIn: enable-cloud`',
    ],
  ],
  [
    'a step that is no id',
    'optIn: enable-cloud',
    'optIn: enable the cloud',
    [
      '27:14 error services[1].consent.optIn: `enable the cloud` is no id: write letters, digits, dots, hyphens and underscores, at most 64, a letter or digit first',
    ],
  ],
  [
    'one step for both',
    'optOut: disable-cloud',
    'optOut: enable-cloud',
    [
      '28:15 error services[1].consent.optOut: `enable-cloud` is the step by which the user agrees: name the one by which the user takes it back, or leave the key out',
    ],
  ],
  [
    'a claim of a step that is not named',
    '      optOut: disable-cloud\n',
    '',
    [
      '29:20 error services[1].consent.afterOptOut: speaks of a step that is not named: write `optOut: disable-cloud` or the like too',
    ],
  ],
  [
    'nothing that it forbids',
    '      before: forbid-identifiers\n',
    '',
    [
      '25:5 error services[1].consent.before: `before` is missing (What must not happen before: any contact with the hosts, or only that identifiers of the device are sent to them): write `before: forbid-identifiers`',
    ],
  ],
  [
    'something else that it forbids',
    'before: forbid-identifiers',
    'before: forbid-everything',
    [
      '29:15 error services[1].consent.before: `forbid-everything` is none of its values: write one of `forbid-contact`, `forbid-identifiers`',
    ],
  ],
  [
    'a grace that is no duration',
    'grace: PT10M',
    'grace: 10 minutes',
    [
      '30:53 error services[1].consent.afterOptOut.grace: `10 minutes` is no duration: write `PT90S`, `PT10M`, `PT1H30M` or `P1D` (ISO 8601, without months and years)',
    ],
  ],
  [
    'a grace of a month, which has no length',
    'grace: PT10M',
    'grace: P1M',
    [
      '30:53 error services[1].consent.afterOptOut.grace: `P1M` is no duration: write `PT90S`, `PT10M`, `PT1H30M` or `P1D` (ISO 8601, without months and years)',
    ],
  ],
  [
    'a grace that no session outlasts',
    'grace: PT10M',
    'grace: P60D',
    [
      '30:53 error services[1].consent.afterOptOut.grace: is longer than 31 days, and no session shows what comes after: write what the vendor promised, such as PT10M',
    ],
  ],
  [
    'a state that is none',
    'deviceStates: [new,',
    'deviceStates: [boxed,',
    [
      '31:77 error services[1].consent.preconditions.deviceStates[0]: `boxed` is none of its values: write one of `new`, `factory-reset`, `updated`, `in-use`',
    ],
  ],
  [
    'a state twice',
    'deviceStates: [new,',
    'deviceStates: [factory-reset,',
    [
      '31:92 error services[1].consent.preconditions.deviceStates[1]: `factory-reset` is listed twice: remove one of them',
    ],
  ],
  [
    'every firmware',
    '"JHCMIBH6*"',
    '"*"',
    ['31:48 error services[1].consent.preconditions.firmware[1]: `*` is every firmware: leave the key out'],
  ],
  [
    'a star in the middle of a firmware',
    '"JHCMIBH6*"',
    '"JHC*6.0"',
    [
      '31:48 error services[1].consent.preconditions.firmware[1]: `JHC*6.0` has a `*` that is not at its end: write the beginning of the versions and one `*` behind it',
    ],
  ],
  [
    'preconditions that ask for nothing',
    '{ firmware: [JHCMIBH50.0, "JHCMIBH6*"], deviceStates: [new, factory-reset] }',
    '{}',
    [
      '31:22 error services[1].consent.preconditions: asks for nothing: write `firmware`, `deviceStates` or both, or leave the key out',
    ],
  ],
  [
    'a day that is not there',
    'since: 2014-08-14',
    'since: 2014-08-32',
    [
      '26:14 error services[1].consent.since: 2014-08-32 is impossible, 2014-08 has 31 days: write 2014-08-01 to 2014-08-31',
    ],
  ],
  [
    'a salt twice',
    'pepper',
    'com.example.push',
    ['41:27 error salts[1]: is listed already, as salts[0]: remove one of them'],
  ],
  ['an empty salt', 'pepper', '""', ['41:27 error salts[1]: is empty text: write `com.example.push` or the like']],
]

describe('a claim that a service asks first', () => {
  it('is read', () => {
    const { declaration: read, faults } = loadDeclaration(asking, 'declaration.yaml', { asOf })
    expect(faults.map(shown)).toEqual([])
    expect(read?.services[1]?.consent).toEqual({
      // Midnight in Shanghai.
      since: Date.parse('2014-08-13T16:00:00Z') * 1000,
      optIn: 'enable-cloud',
      optOut: 'disable-cloud',
      before: 'forbid-identifiers',
      afterOptOut: { forbid: 'forbid-contact', graceMs: 600_000 },
      preconditions: { firmware: ['JHCMIBH50.0', 'JHCMIBH6*'], deviceStates: ['new', 'factory-reset'] },
      source: 'S1',
    })
    expect(read?.salts).toEqual(['com.example.push', 'pepper'])
    expect(read?.services[0]).not.toHaveProperty('consent')
  })

  it('may be as short as a step and what it forbids before', () => {
    const [claim = ''] = /consent:\n( {6}.*\n)+/.exec(asking) ?? []
    const text = changed(asking, claim, 'consent: { optIn: enable-cloud, before: forbid-contact }\n')
    const { declaration: read } = loadDeclaration(text, 'declaration.yaml', { asOf })
    expect(read?.services[1]?.consent).toEqual({ since: null, optIn: 'enable-cloud', before: 'forbid-contact' })
  })

  it('allows no grace where it says nothing of one', () => {
    const text = changed(asking, ', grace: PT10M', '')
    const { declaration: read } = loadDeclaration(text, 'declaration.yaml', { asOf })
    expect(read?.services[1]?.consent?.afterOptOut).toEqual({ forbid: 'forbid-contact', graceMs: 0 })
  })

  it('has rules that waivers can name', () => {
    for (const rule of ['consent-contact', 'consent-identifiers', 'consent-opt-out'])
      expect(loadDeclaration(changed(asking, 'rule: residency', `rule: ${rule}`), 'd', { asOf }).faults).toEqual([])
  })

  it.each(cases)('with %s is told so, where, and what to write instead', (_what, from, to, expected) => {
    const { declaration: read, faults } = loadDeclaration(changed(asking, from, to), 'declaration.yaml', { asOf })
    expect(faults.map(shown)).toEqual(expected)
    expect(read).toBeNull()
  })
})
