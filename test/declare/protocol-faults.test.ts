import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { durationSeconds } from '../../functions/declare/duration.ts'
import { kindOf, loadDeclaration, loadProtocol } from '../../functions/declare/load.ts'
import { root } from '../support/bundle.ts'
import { changed, shown } from './fault-cases.ts'

const protocol = `apiVersion: domicile/v1
kind: Protocol
id: smoke
title: A short test
steps:
  - { id: power-on, title: Power it on, instruct: Power it on. }
  - { id: canary, title: Canary, kind: canary, canary: { url: "http://example.com/" } }
  - { id: idle, title: Leave it alone, kind: idle, wait: PT15M }
  - { id: opt-in, title: Opt in, instruct: Agree., consent: opt-in }
  - { id: opt-out, title: Opt out, instruct: Take it back., consent: opt-out }
`
const schema = JSON.parse(readFileSync(join(root, 'schemas/protocol-v1.json'), 'utf8'))
const accepts = new Ajv2020({ strict: true, strictRequired: false }).compile(schema)

describe('protocols/', () => {
  it.each(readdirSync(join(root, 'protocols')))('%s has no faults, for the program and for an editor', (name) => {
    const text = readFileSync(join(root, 'protocols', name), 'utf8')
    expect(kindOf(text)).toBe('Protocol')
    expect(loadProtocol(text, name).faults.map(shown)).toEqual([])
    expect(accepts(parse(text))).toBe(true)
  })

  it('has the steps of F-Secure’s test', () => {
    const text = readFileSync(join(root, 'protocols/boxed-handset.yaml'), 'utf8')
    const ids = loadProtocol(text, '').protocol?.steps.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining([
        ...['power-on', 'insert-sim', 'join-wifi', 'allow-location', 'add-contact', 'send-sms', 'receive-sms'],
        ...['send-mms', 'receive-mms', 'make-call', 'receive-call', 'enable-cloud', 'disable-cloud'],
        ...['enable-cloud-again', 'factory-reset', 'enable-cloud-messaging', 'disable-cloud-messaging', 'canary'],
      ]),
    )
  })
})

describe('a protocol', () => {
  it('is read with its defaults', () => {
    const { protocol: read, faults } = loadProtocol(protocol, 'p.yaml')
    expect(faults).toEqual([])
    expect(read?.steps[0]).toMatchObject({ kind: 'act', optional: false })
    expect(read?.steps[1]).toMatchObject({ canary: { by: 'device' } })
  })

  const faults: readonly (readonly [what: string, from: string, to: string, says: RegExp])[] = [
    ['an idle step without a span', ', wait: PT15M', '', /^8:\d+ .*does not say for how long: write `wait: PT15M`/],
    ['a wait that is none', 'PT15M', '15 minutes', /no duration: write `PT90S`/],
    ['a wait of two months', 'PT15M', 'P62D', /longer than 31 days/],
    ['a step without instructions', ', instruct: Power it on.', '', /does not say what to do/],
    ['a canary of nothing', ', canary: { url: "http://example.com/" }', '', /does not say of what/],
    ['a canary that is encrypted', 'http://example.com', 'https://example.com', /write `http:\/\/example.com\/`/],
    ['a canary of another step', 'kind: canary, ', 'instruct: Ask., ', /belongs to a step of `kind: canary`/],
    [
      'a second canary',
      'id: idle, title: Leave it alone, kind: idle, wait: PT15M',
      'id: c2, title: C, kind: canary, canary: { url: "http://a.example/" }',
      /second canary/,
    ],
    ['two steps of a name', 'id: idle', 'id: power-on', /is there already, as steps\[0\]/],
    ['the name of a repetition', 'id: idle', 'id: power-on-2', /is what a repetition of `power-on` is called/],
    ['taking back what was not given', 'consent: opt-in', 'optional: false', /takes back what nobody agreed to/],
    [
      'an agreement that may be left out',
      'consent: opt-in',
      'consent: opt-in, optional: true',
      /leave open whether the user agreed/,
    ],
    ['a kind that is none', 'kind: idle', 'kind: idel', /did you mean `idle`/],
    [
      'an unknown key',
      'title: A short test',
      'title: A short test\ntitel: A',
      /unknown key `titel`: did you mean `title`/,
    ],
    ['a state that is none', 'instruct: Agree.', 'instruct: Agree., resets: wiped', /none of its values/],
    ['another kind of file', 'kind: Protocol', 'kind: Session', /is a Session where a Protocol is read/],
  ]
  it.each(faults)('says what is wrong with %s', (_what, from, to, says) => {
    const { protocol: read, faults } = loadProtocol(changed(protocol, from, to), 'p.yaml')
    expect(read).toBeNull()
    expect(faults.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`).join('\n')).toMatch(
      says,
    )
  })

  it('is not taken for a declaration', () => {
    expect(loadDeclaration(protocol, 'p.yaml').faults[0]?.message).toContain(
      'is a Protocol where a Declaration is read',
    )
  })
})

describe('a duration', () => {
  it.each([
    ['PT90S', 90],
    ['PT15M', 900],
    ['PT1H30M', 5400],
    ['P1D', 86_400],
    ['P1DT1S', 86_401],
    ['PT0S', 0],
    ['P', null],
    ['PT', null],
    ['P1DT', null],
    ['P1M', null],
    ['PT1.5S', null],
    ['15M', null],
  ])('%s is %s seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds)
  })
})
