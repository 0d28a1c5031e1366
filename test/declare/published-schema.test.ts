import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadDeclaration, loadSession } from '../../functions/declare/load.ts'
import { publishedSchemas } from '../../functions/declare/published-schema.ts'
import { changed, declaration, session } from './fault-cases.ts'

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), 'utf8'))
const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true })
const accepts = { d: ajv.compile(read('declaration-v1.json')), s: ajv.compile(read('session-v1.json')) }

describe.each([...publishedSchemas])('schemas/%s', (name, made) => {
  it('is what the shape gives; `npx tsx schemas/write.ts` writes it anew', () => {
    expect(read(name)).toEqual(JSON.parse(JSON.stringify(made())))
  })
})

const hash = 'a'.repeat(64)
const planted = (id: string, commitment: string) =>
  `{ key: 0123456789abcdef, envelope: seeds.json.enc, seeds: [{ id: ${id}, kind: imei, commitments: [${commitment}] }] }`

/** Changes of a right text that are a matter of keys and types alone, so that an editor and `check` have to agree. */
const structural: readonly (readonly [kind: 'd' | 's', what: string, from: string, to: string, right: boolean])[] = [
  ['d', 'no change', 'version: 1', 'version: 1', true],
  ['d', 'another standard', 'services:\n', 'standard: strict\nservices:\n', true],
  ['d', 'a standard that is none', 'services:\n', 'standard: lax\nservices:\n', false],
  ['d', 'an unknown key', 'version: 1', 'version: 1\n  versoin: 2', false],
  ['d', 'a missing key', '  vendor: Example Inc.\n', '', false],
  ['d', 'no tolerance', 'tolerance: { indeterminateFlows: 0.02 }\n', '', true],
  ['d', 'a version that is text', 'version: 1', 'version: "1"', false],
  ['d', 'a version that is a fraction', 'version: 1', 'version: 1.5', false],
  ['d', 'a version of nought', 'version: 1', 'version: 0', false],
  ['d', 'an empty title', 'title: Data moves', 'title: ""', false],
  ['d', 'an id with a space', 'id: example-2014', 'id: example 2014', false],
  ['d', 'another kind', 'kind: Declaration', 'kind: Session', false],
  ['d', 'another apiVersion', 'domicile/v1', 'domicile/v2', false],
  [
    'd',
    'no places',
    '  beijing: { country: CN }\n',
    '  bei jing: { country: CN }\n  beijing: { country: CN }\n',
    false,
  ],
  ['d', 'a place with nothing', 'beijing: { country: CN }', 'beijing: {}', false],
  ['d', 'a place with two things', 'beijing: { country: CN }', 'beijing: { country: CN, subdivision: CN-BJ }', false],
  ['d', 'a place in a subdivision', 'beijing: { country: CN }', 'beijing: { subdivision: CN-BJ }', true],
  ['d', 'zones with a cloud region', '"aws:us-west-1" }', '"aws:us-west-1", zones: [] }', true],
  ['d', 'zones without a cloud region', '{ country: CN }', '{ country: CN, zones: [] }', false],
  ['d', 'a country in lower case', '{ country: CN }', '{ country: cn }', false],
  ['d', 'a host in capital letters', '[account.example.com]', '[Account.example.com]', false],
  ['d', 'a host with a port', '[account.example.com]', '["account.example.com:443"]', false],
  ['d', 'an inner wildcard', '[account.example.com]', '[account.*.example.com]', false],
  ['d', 'a top-level domain', '[account.example.com]', '["*.com"]', false],
  ['d', 'no hosts', '[account.example.com]', '[]', false],
  ['d', 'a host that is no list', '[account.example.com]', 'account.example.com', false],
  ['d', 'an empty list of what is denied', 'deny: [beijing]', 'deny: []', false],
  ['d', 'neither allow nor deny', ', allow: [california, singapore], deny: [beijing]', '', false],
  ['d', 'deny alone', 'allow: [california, singapore], deny', 'deny', true],
  ['d', 'a time without zone', 'from: 2014-11-01', 'from: 2014-11-01T00:00', false],
  ['d', 'a time with zone', 'until: 2014-10-31,', 'until: 2014-11-01T00:00+08:00,', true],
  ['d', 'a date that is none', 'from: 2014-11-01', 'from: 1 November', false],
  ['d', 'a source of a month', 'date: 2014-10-22', 'date: 2014-10', false],
  ['d', 'a share above one', 'indeterminateFlows: 0.02', 'indeterminateFlows: 1.01', false],
  ['d', 'no migration', /^migration.*\n/m.exec(declaration)?.[0] ?? '', '', true],
  ['d', 'no deadlines', /\[\{ id: D1.*\]/.exec(declaration)?.[0] ?? '', '[]', false],
  ['d', 'a waiver of an unknown rule', 'rule: residency', 'rule: residence', false],
  ['d', 'a waiver that matches nothing', 'match: { service: cloud }', 'match: {}', false],
  ['d', 'a waiver without approver', ', approver: Bob', '', false],
  ['d', 'no steps to cover', 'steps: [idle]', 'steps: []', true],
  ['d', 'a suffix with a wildcard', '[example.com]', '["*.example.com"]', false],
  ['d', 'a claim of consent', 'data: [user.device]', 'consent: { optIn: agree, before: forbid-contact }', true],
  ['d', 'a claim of consent without its step', 'data: [user.device]', 'consent: { before: forbid-contact }', false],
  ['d', 'a claim of nothing', 'data: [user.device]', 'consent: { optIn: agree, before: nothing }', false],
  [
    'd',
    'a claim of what comes after no step',
    'data: [user.device]',
    'consent: { optIn: agree, before: forbid-contact, afterOptOut: { forbid: forbid-contact } }',
    false,
  ],
  [
    'd',
    'a grace in words',
    'data: [user.device]',
    'consent: { optIn: a, optOut: b, before: forbid-contact, afterOptOut: { forbid: forbid-contact, grace: soon } }',
    false,
  ],
  [
    'd',
    'preconditions of nothing',
    'data: [user.device]',
    'consent: { optIn: agree, before: forbid-contact, preconditions: {} }',
    false,
  ],
  ['d', 'salts', 'tolerance:', 'salts: [pepper]\ntolerance:', true],
  ['d', 'an empty salt', 'tolerance:', 'salts: [""]\ntolerance:', false],
  ['s', 'a state', 'model: Redmi 1S', 'state: updated, model: Redmi 1S', true],
  ['s', 'a state that is none', 'model: Redmi 1S', 'state: old, model: Redmi 1S', false],
  ['s', 'what was planted', 'steps:\n', `seeds: ${planted('imei', hash)}\nsteps:\n`, true],
  ['s', 'a value for a commitment', 'steps:\n', `seeds: ${planted('imei', '"001012345678902"')}\nsteps:\n`, false],
  ['s', 'a value for an id', 'steps:\n', `seeds: ${planted('"001012345678902"', hash)}\nsteps:\n`, false],
  ['s', 'no change', 'id: delhi-1', 'id: delhi-1', true],
  ['s', 'an unknown key', 'clockErrorMs: 50', 'clockErrorMs: 50\n  operator: me', false],
  ['s', 'a clock that is text', 'clockErrorMs: 50', 'clockErrorMs: 50 ms', false],
  ['s', 'a clock below nought', 'clockErrorMs: 50', 'clockErrorMs: -50', false],
  ['s', 'no rig', /^rig:\n( .*\n)+/m.exec(session)?.[0] ?? '', '', false],
  ['s', 'no device', /^device.*\n/m.exec(session)?.[0] ?? '', '', true],
  ['s', 'a latitude beyond the pole', 'latitude: 28.6', 'latitude: -90.1', false],
  ['s', 'a latitude alone', ', longitude: 77.2', '', false],
  ['s', 'a step without zone', 'until: 2014-11-03T05:35:00Z', 'until: 2014-11-03T05:35:00', false],
  ['s', 'a step of a day', 'until: 2014-11-03T05:35:00Z', 'until: 2014-11-03', false],
  ['s', 'no captures', /^captures:\n( .*\n)+/m.exec(session)?.[0] ?? '', '', true],
  ['s', 'an empty list of captures', /^captures:\n( .*\n)+/m.exec(session)?.[0] ?? '', 'captures: []\n', false],
  ['s', 'a capture without file', '{ file: captures/wlan0.pcapng }', '{}', false],
]

describe('an editor and `check`', () => {
  it.each(structural)('agree (%s) on %s', (kind, _what, from, to, right) => {
    const text = changed(kind === 'd' ? declaration : session, from, to)
    const loaded = kind === 'd' ? loadDeclaration(text, 'declaration.yaml') : loadSession(text, 'session.yaml')
    const errors = loaded.faults.filter(({ severity }) => severity === 'error')
    expect({ editor: accepts[kind](parse(text)), check: errors.length === 0 }).toEqual({ editor: right, check: right })
  })
})
