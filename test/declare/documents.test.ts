import { describe, expect, it } from 'vitest'
import { kindOf, loadDeclaration, loadSession } from '../../functions/declare/load.ts'
import { changed, declaration, session, shown } from './fault-cases.ts'

describe('a text that is no map of keys', () => {
  it.each([
    ['', '1:1 error the file is empty: begin with `apiVersion: domicile/v1` and `kind: Declaration`'],
    ['# nothing yet\n', '1:1 error the file is empty: begin with `apiVersion: domicile/v1` and `kind: Declaration`'],
    [
      '- a\n',
      '1:1 error a declaration is a map of keys, and this is a list: begin with `apiVersion: domicile/v1` and `kind: Declaration`',
    ],
    [
      'hello',
      '1:1 error a declaration is a map of keys, and this is the text `hello`: begin with `apiVersion: domicile/v1` and `kind: Declaration`',
    ],
  ])('such as %j is told what to begin with', (text, expected) => {
    expect(loadDeclaration(text, 'declaration.yaml').faults.map(shown)).toEqual([expected])
  })
})

describe('the kind of a text', () => {
  it('is what it says', () => {
    expect([declaration, session, 'kind: Deklaration', 'a', '[', ''].map(kindOf)).toEqual([
      'Declaration',
      'Session',
      null,
      null,
      null,
      null,
    ])
  })
})

describe('hosts', () => {
  const hosts = (account: string, cloud: string) => {
    const text = changed(changed(declaration, '[account.example.com]', account), '["*.cloud.example.com"]', cloud)
    return loadDeclaration(text, 'declaration.yaml').faults.map(shown)
  }

  it('may be a wildcard of one service and a name below it of another', () => {
    expect(hosts('["*.example.com"]', '[push.example.com, "*.cloud.example.com"]')).toEqual([])
  })

  it('may repeat the wildcard of a service below which another service has a wildcard', () => {
    expect(hosts('["*.example.com", a.cloud.example.com]', '["*.cloud.example.com"]')).toEqual([])
  })

  it('may be a suffix and every name below it', () => {
    expect(hosts('[example.com, "*.example.com"]', '[xn--bro-hoa.example, _srv.a-b.example.org]')).toEqual([])
  })
})

describe('places', () => {
  const places = (california: string) =>
    loadDeclaration(changed(declaration, '{ cloud: "aws:us-west-1" }', california), 'd').faults.map(shown)

  it('may take a zone for its region', () => {
    expect(places('{ cloud: "aws:us-west-2", zones: ["aws:us-west-2-lax-1"] }')).toEqual([])
  })

  it.each(['google:us-west1', 'azure:westus', 'oracle:us-sanjose-1', 'alibaba:us-west-1'])(
    'may be a region of another provider: %s',
    (key) => expect(places(`{ cloud: "${key}" }`)).toEqual([]),
  )

  it("has the spelling of its provider's ranges, whichever was written", () => {
    const text = changed(declaration, '{ cloud: "aws:us-west-1" }', '{ cloud: "azure:norwayeast" }')
    const { declaration: built } = loadDeclaration(text, 'd')
    expect(built?.places.find(({ id }) => id === 'california')?.cloud).toBe('azure:norwaye')
  })

  it('may be a zone', () => {
    expect(places('{ cloud: "aws:us-west-2-lax-1" }')).toEqual([])
  })

  it('may be a subdivision of a country whose subdivisions are not listed here', () => {
    expect(places('{ subdivision: NG-LA }')).toEqual([])
  })
})

describe('a fault that follows from another', () => {
  it('is not told: a place whose description is wrong is still a place', () => {
    const text = changed(declaration, '{ cloud: "aws:us-west-1" }', '{ cloud: 7 }')
    expect(loadDeclaration(text, 'd').faults.map(({ path }) => path)).toEqual(['places.california.cloud'])
  })

  it('is not told: no gap is seen beside a phase whose time cannot be read', () => {
    const text = changed(declaration, 'until: 2014-10-31,', 'until: 31.10.2014,')
    expect(loadDeclaration(text, 'd').faults.map(({ path }) => path)).toEqual(['services[0].phases[0].until'])
  })

  it('is not told: names of services are not unknown where a service has none', () => {
    const text = changed(declaration, '- id: account', '- id: [account]')
    expect(loadDeclaration(text, 'd').faults.map(({ path }) => path)).toEqual(['services[0].id'])
  })

  it('is not told: steps do not overlap with a step whose time cannot be read', () => {
    const text = changed(session, '2014-11-03T10:05:00+05:30', 'soon')
    expect(loadSession(text, 's').faults.map(({ path }) => path)).toEqual(['steps[0].until'])
  })
})
