import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadDeclaration, loadSession } from '../../functions/declare/load.ts'
import { changed, declaration, session } from './fault-cases.ts'

const at = (iso: string) => Date.parse(iso) * 1000

describe('a declaration that is read', () => {
  const { declaration: read } = loadDeclaration(declaration, 'declaration.yaml')

  it('has its places, in order, with what each is held against', () => {
    expect(read?.places).toEqual([
      { id: 'beijing', country: 'CN' },
      { id: 'california', cloud: 'aws:us-west-1' },
      { id: 'singapore', cloud: 'aws:ap-southeast-1' },
    ])
  })

  it('has phases whose days are those of its time zone, from the first instant to the first of the next day', () => {
    expect(read?.services[0]?.phases).toEqual([
      {
        id: 'before',
        from: null,
        until: at('2014-10-31T16:00:00Z'),
        allow: ['beijing', 'singapore'],
        deny: [],
        source: 'S1',
      },
      {
        id: 'migrated',
        from: at('2014-10-31T16:00:00Z'),
        until: null,
        allow: ['california', 'singapore'],
        deny: ['beijing'],
      },
    ])
  })

  it('has deadlines and waivers that end with their day', () => {
    expect(read?.migration.deadlines[0]?.at).toBe(at('2014-10-31T16:00:00Z'))
    expect(read?.waivers[0]?.expires).toBe(at('2015-03-31T16:00:00Z'))
  })

  it('carries the SHA-256 of its text', () => {
    expect(read?.sha256).toBe(createHash('sha256').update(declaration).digest('hex'))
  })

  it('has phases in order of time, however they are written', () => {
    const phases = /( +- \{ id: before.*\n)( +- \{ id: migrated.*\n)/
    const swapped = declaration.replace(phases, '$2$1')
    expect(swapped).not.toBe(declaration)
    expect(loadDeclaration(swapped, 'd').declaration?.services).toEqual(read?.services)
  })

  it('allows everything that is not denied where a phase has no list of what it allows', () => {
    const text = changed(declaration, 'allow: [california, singapore], deny', 'deny')
    expect(loadDeclaration(text, 'd').declaration?.services[0]?.phases[1]?.allow).toBeNull()
  })

  it('may take a phase from an instant, to which the phase before lasts', () => {
    const text = declaration
      .replace('until: 2014-10-31,', 'until: 2014-10-31T10:00:00.5+08:00,')
      .replace('from: 2014-11-01', 'from: 2014-10-31T02:00:00.5Z')
      .replace('at: 2014-10-31,', 'at: 2014-10-31T02:00:00.500000Z,')
    const { declaration: exact, faults } = loadDeclaration(text, 'd')
    expect(faults).toEqual([])
    expect(exact?.services[0]?.phases[1]?.from).toBe(at('2014-10-31T02:00:00Z') + 500_000)
  })

  it('has defaults for what is left out', () => {
    const text = declaration
      .replace(/^(undeclaredHosts|migration|coverage|tolerance|population).*\n/gm, '')
      .replace(/^waivers:\n.*\n/m, '')
    const { declaration: short, faults } = loadDeclaration(text, 'd')
    expect(faults).toEqual([])
    expect(short).toMatchObject({
      population: { description: '', markets: [] },
      undeclaredHosts: { vendorSuffixes: [], treatment: 'violation' },
      migration: { deadlines: [] },
      standard: 'balanced',
      coverage: { minSessions: 1, minRigs: 1, steps: [] },
      tolerance: { indeterminateFlows: 0 },
      waivers: [],
    })
  })

  it('may name a list once and use it again', () => {
    const text = changed(
      declaration,
      'allow: [california, singapore]',
      'allow: &abroad [california, singapore]',
    ).replace('allow: [singapore] }', 'allow: *abroad }')
    const { declaration: aliased, faults } = loadDeclaration(text, 'd')
    expect(faults).toEqual([])
    expect(aliased?.services[1]?.phases[0]?.allow).toEqual(['california', 'singapore'])
  })

  it('may be written with a byte order mark and CRLF', () => {
    const { declaration: windows, faults } = loadDeclaration(`\uFEFF${declaration.replaceAll('\n', '\r\n')}`, 'd')
    expect(faults).toEqual([])
    expect(windows?.services).toEqual(read?.services)
  })

  it('may be JSON, which is YAML', () => {
    const minimal = {
      apiVersion: 'domicile/v1',
      kind: 'Declaration',
      metadata: { id: 'x', version: 1, title: 'X', vendor: 'X', timezone: 'UTC' },
      places: { singapore: { country: 'SG' } },
      services: [{ id: 's', hosts: ['*.example.com'], phases: [{ id: 'p', allow: ['singapore'] }] }],
    }
    expect(loadDeclaration(JSON.stringify(minimal, null, 2), 'd').faults).toEqual([])
  })
})

describe('a session that is read', () => {
  const { session: read } = loadSession(session, 'session.yaml')

  it('has its steps as instants', () => {
    expect(read?.steps).toEqual([
      { id: 'first-boot', from: at('2014-11-03T04:30:00Z'), until: at('2014-11-03T04:35:00Z') },
      { id: 'idle', from: at('2014-11-03T04:35:00Z'), until: at('2014-11-03T05:35:00Z') },
    ])
  })

  it('has its rig, device and captures as they are written', () => {
    expect(read).toMatchObject({
      rig: { id: 'rig-delhi', clockErrorMs: 50, place: { country: 'IN', latitude: 28.6 } },
      device: { addresses: ['02:00:5e:10:00:01', '192.168.7.2', 'fd00:7::/64'], model: 'Redmi 1S' },
      captures: [{ file: 'captures/wlan0.pcapng' }, { file: 'flow.log.gz', format: 'version srcaddr dstaddr' }],
    })
  })

  it('needs no more than an id and a rig', () => {
    const { session: short, faults } = loadSession(
      'apiVersion: domicile/v1\nkind: Session\nid: s\nrig: { id: r, clockErrorMs: 0 }\n',
      's',
    )
    expect(faults).toEqual([])
    expect(short).toEqual({
      id: 's',
      rig: { id: 'r', clockErrorMs: 0 },
      device: { addresses: [] },
      steps: [],
      captures: [],
    })
  })
})
