import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { readWeighedPart } from '../../functions/judge/read-weighed-part.ts'
import { weigh } from '../../functions/judge/weigh.ts'
import { writtenPart } from '../../functions/judge/written-part.ts'
import { refiner } from '../../functions/locate/refine.ts'
import { observations, world } from './arbitrary.ts'
import { ADDRESSES, declare, locatorOf, observe } from './world.ts'

const weighed = (given: Parameters<typeof weigh>[0]['observations']) =>
  writtenPart(
    weigh({ ...world, declaration: declare(world.declaration), locator: locatorOf(), observations: given }, refiner),
  )

const part = JSON.parse(
  JSON.stringify(
    weighed([
      observe(),
      observe({ session: 's2' }),
      observe({ names: [], remote: ADDRESSES.oregon }),
      observe({
        names: [{ name: 'x.cloud.xiaomi.net', via: 'tls-sni' }],
        examined: {
          ...{ whole: 1, partly: 0, unread: 0 },
          hits: [
            {
              ...{ seed: 'imei-1', kind: 'imei', part: 'body', method: 'POST', path: '/', field: 'imei' },
              ...{ chain: [], offset: 0, excerpt: '‹imei›', count: 1 },
            },
          ],
          opaque: [{ part: 'body', method: 'POST', path: '/', field: 'd', looks: 'base64', bytes: 80, count: 1 }],
        },
      }),
      observe({ remote: '10.0.0.1' }),
      observe({ names: [{ name: 'example.org', via: 'dns' }] }),
    ]),
  ),
)

/** The part with one value replaced; the path's members are separated by dots. */
function altered(path: string, value: unknown): unknown {
  const copy = structuredClone(part)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const within = names.reduce((at, name) => at[name], copy)
  within[last] = value
  return copy
}

describe('a weighed part', () => {
  it('survives JSON', () => {
    fc.assert(
      fc.property(observations, (given) => {
        const written = weighed(given)
        const read = JSON.parse(JSON.stringify(written))
        expect(readWeighedPart(read)).toBe(read)
        expect(read).toEqual(written)
      }),
    )
  })

  it('of another version is refused, and what to do is said', () => {
    const other = { ...part, schema: 'urn:domicile:schema:weighed-part-v9' }
    expect(() => readWeighedPart(other, 'audits/c/1/partial/3.json')).toThrow(
      'reading a weighed part from audits/c/1/partial/3.json: its schema is "urn:domicile:schema:weighed-part-v9", and this program reads urn:domicile:schema:weighed-part-v5; weigh the observations again with this program',
    )
  })

  it.each([
    ['flows', -1, 'flows is no number of flows'],
    ['declaration', null, 'declaration is no SHA-256'],
    ['period', {}, 'period has no first and last packet'],
    ['steps', null, 'steps is no list of texts'],
    ['remotes', [1], 'remotes is no list of texts'],
    ['evidence', [{}], 'evidence is no list of evidence'],
    ['evidence.kind.0', 99, 'evidence is no list of evidence'],
    ['evidence.says', [], 'evidence has not as many texts as kinds'],
    ['kinds.0.supports', 1, 'kinds is no list of kinds of evidence'],
    ['places.grade.0', undefined, 'places is no list of places with numbers of evidence'],
    ['places.evidence.0', [99], 'places is no list of places with numbers of evidence'],
    ['places.city.0', 1, 'places has a fact that is no text'],
    ['places.cloud', [], 'places has columns of different lengths'],
    ['locations.remote', [99], 'locations.remote is no list of remotes'],
    ['locations.place', [], 'locations have not as many places as remotes'],
    ['locations.spelled', [[99, '::']], 'locations.spelled is no list of locations and addresses'],
    ['names', [['api.account.xiaomi.com']], 'names is no list of names'],
    ['circumstances.0.hidden', 'no', 'circumstances is no list of circumstances'],
    ['circumstances.0.deviceKnown', undefined, 'circumstances is no list of circumstances'],
    ['circumstances.0.carried', 'much', 'circumstances is no list of circumstances'],
    ['circumstances.0.contested', null, 'circumstances is no list of circumstances'],
    [
      'vantages',
      [{ rig: 'r', place: '', latitude: 'north', longitude: 0 }],
      'vantages is no list of rigs and where they stand',
    ],
    ['handshakes.location', [99], 'handshakes is no list of locations, vantages, ports and milliseconds'],
    ['handshakes.rttMs.0', 0, 'handshakes is no list of locations, vantages, ports and milliseconds'],
    ['handshakes', null, 'handshakes is no list of locations, vantages, ports and milliseconds'],
    ['handshakes.port.0', 65536, 'handshakes is no list of locations, vantages, ports and milliseconds'],
    ['controls.port', [], 'controls is no list of regions, vantages, ports and milliseconds'],
    ['controls.vantage.0', 99, 'controls is no list of regions, vantages, ports and milliseconds'],
    ['controls.region', [], 'controls is no list of regions, vantages, ports and milliseconds'],
    ['encrypted', [99], 'encrypted is no list of names'],
    ['circumstances.0.clocked', null, 'circumstances is no list of circumstances'],
    ['names.0.0.via', null, 'names is no list of names'],
    ['origins.0.step', 1, 'origins is no list of sessions and captures'],
    ['origins', [{}], 'origins is no list of sessions and captures'],
    ['cases.origins.0', [], 'cases.origins is no list of origins'],
    ['cases.location.0', 99, 'cases.location is no list of numbers of locations.remote'],
    ['cases.flows', [], 'cases.flows has 0 rows, and cases.origins 3'],
    ['cases.after.0', '0', 'cases.after is no list of numbers from 0'],
    ['cases', undefined, 'cases.origins is no list of origins'],
    ['consent', null, 'consent.contacts is no list of contacts'],
    ['consent.contacts.0.location', 99, 'consent.contacts is no list of contacts'],
    ['consent.contacts.0.origins', [99], 'consent.contacts is no list of contacts'],
    ['consent.contacts.0.aim', 'far', 'consent.contacts is no list of contacts'],
    ['consent.contacts.0.services.0.moment.stage', 'never', 'consent.contacts is no list of contacts'],
    ['consent.contacts.0.hits.0.kind', 'shoe-size', 'consent.contacts is no list of contacts'],
    ['consent.contacts.0.opaque.0.bytes', -1, 'consent.contacts is no list of contacts'],
    ['consent.presence', [{}], 'consent.presence is no list of sessions and stages'],
    ['inventory.0.location', 99, 'inventory is no list of what was sent'],
    ['inventory.0.kind', 'shoe-size', 'inventory is no list of what was sent'],
    ['inventory.0.stages', [{ service: 'a', stage: 'never' }], 'inventory is no list of what was sent'],
    ['reading.whole', -1, 'reading counts no flows'],
    ['outOfScope.special', null, 'outOfScope counts no flows by text'],
    ['outOfScope.unknown', [[99, 1]], 'outOfScope.unknown counts no flows by remote'],
  ])('with a wrong %s is refused', (path, value, fault) => {
    expect(() => readWeighedPart(altered(path, value))).toThrow(`reading a weighed part: ${fault}`)
  })

  it('is a part or an InputError, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(part)), (json, member) => {
        for (const given of [json, { ...part, [member]: json }])
          try {
            readWeighedPart(given)
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
          }
      }),
    )
  })
})
