import { describe, expect, it } from 'vitest'
import { decides, placeLabel, type Relation, relate } from '../../functions/judge/place.ts'
import type { Grade, Location, Place } from '../../functions/model.ts'
import { regionFacts } from '../../functions/net/cloud-regions.ts'
import { location } from './world.ts'

const where = (known: Partial<Location>) => location('192.0.2.1', 'proven', known)

/** As a provider's ranges locate an address of a region. */
function aws(region: string): Partial<Location> {
  const facts = regionFacts(`aws:${region}`)
  return { country: facts?.country ?? null, subdivision: facts?.subdivision ?? null, cloud: `aws:${region}` }
}

const relations: readonly (readonly [title: string, place: Place, known: Partial<Location>, relation: Relation])[] = [
  [
    'a region is inside itself',
    { id: 'p', cloud: 'aws:us-west-1' },
    { cloud: 'aws:us-west-1', country: 'US' },
    'inside',
  ],
  [
    'another region is outside',
    { id: 'p', cloud: 'aws:us-west-1' },
    { cloud: 'aws:us-west-2', country: 'US' },
    'outside',
  ],
  [
    'the same region name of another provider is outside',
    { id: 'p', cloud: 'aws:us-west-1' },
    { cloud: 'alibaba:us-west-1', country: 'US' },
    'outside',
  ],
  [
    'a zone is not its region',
    { id: 'p', cloud: 'aws:us-west-2' },
    { cloud: 'aws:us-west-2-lax-1', country: 'US' },
    'outside',
  ],
  [
    'a zone that is not proven may have been its region',
    { id: 'p', cloud: 'aws:us-west-2' },
    { grade: 'corroborated', cloud: 'aws:us-west-2-lax-1', country: 'US' },
    'undecided',
  ],
  [
    'a zone that is not proven is outside of every other region',
    { id: 'p', cloud: 'aws:us-west-1' },
    { grade: 'corroborated', cloud: 'aws:us-west-2-lax-1', country: 'US' },
    'outside',
  ],
  [
    'a region that is not proven, and not more finely located, may have been its zone',
    { id: 'p', cloud: 'aws:us-west-2-sea-1' },
    { grade: 'corroborated', cloud: 'aws:us-west-2', country: 'US' },
    'undecided',
  ],
  [
    'the same of a zone that counts as another place',
    { id: 'p', cloud: 'aws:us-west-1', zones: ['aws:us-west-2-sea-1'] },
    { grade: 'corroborated', cloud: 'aws:us-west-2', country: 'US' },
    'undecided',
  ],
  [
    'a region that is not proven is not a zone where the city is known',
    { id: 'p', cloud: 'aws:us-west-2-sea-1' },
    { grade: 'corroborated', cloud: 'aws:us-west-2', country: 'US', subdivision: 'US-OR', city: 'Boardman' },
    'outside',
  ],
  [
    'a region that is proven is not a zone',
    { id: 'p', cloud: 'aws:us-west-2-sea-1' },
    { cloud: 'aws:us-west-2', country: 'US' },
    'outside',
  ],
  [
    'a region is not a zone of another',
    { id: 'p', cloud: 'aws:us-west-2-sea-1' },
    { grade: 'corroborated', cloud: 'aws:us-west-1', country: 'US' },
    'outside',
  ],
  [
    'the country of a zone that counts does not tell',
    { id: 'p', cloud: 'aws:us-east-1', zones: ['aws:us-east-1-bue-1'] },
    { country: 'AR' },
    'undecided',
  ],
  [
    'a third country is outside of the region and its zones',
    { id: 'p', cloud: 'aws:us-east-1', zones: ['aws:us-east-1-bue-1'] },
    { country: 'CN' },
    'outside',
  ],
  [
    'a zone that nobody knows is never excluded by country',
    { id: 'p', cloud: 'aws:us-east-1', zones: ['aws:us-east-1-new-1'] },
    { country: 'CN' },
    'undecided',
  ],
  [
    'a region that may have been one of its zones is not surely itself',
    { id: 'p', cloud: 'aws:ap-southeast-1' },
    { grade: 'corroborated', cloud: 'aws:ap-southeast-1' },
    'undecided',
  ],
  [
    'a region of which only the country is public may be its zone where no list gives the address',
    { id: 'p', cloud: 'aws:ap-northeast-2' },
    { grade: 'corroborated', cloud: 'aws:ap-northeast-2', country: 'KR', prefix: null },
    'undecided',
  ],
  [
    'the same where its country is left open, because a zone stands in another',
    { id: 'p', cloud: 'aws:me-south-1' },
    { grade: 'corroborated', cloud: 'aws:me-south-1', prefix: '15.220.160.0/21' },
    'undecided',
  ],
  [
    'such a region on one list is itself',
    { id: 'p', cloud: 'aws:ap-northeast-2' },
    { grade: 'corroborated', cloud: 'aws:ap-northeast-2', country: 'KR', prefix: '3.34.0.0/15' },
    'inside',
  ],
  [
    'a region without zones is itself by a name alone',
    { id: 'p', cloud: 'aws:us-west-1' },
    { grade: 'corroborated', cloud: 'aws:us-west-1', country: 'US', subdivision: 'US-CA', prefix: null },
    'inside',
  ],
  [
    'a region on one list is itself',
    { id: 'p', cloud: 'aws:ap-southeast-1' },
    { grade: 'corroborated', cloud: 'aws:ap-southeast-1', country: 'SG', city: 'Singapore' },
    'inside',
  ],
  [
    'a zone counts where the declaration says so',
    { id: 'p', cloud: 'aws:us-west-2', zones: ['aws:us-west-2-lax-1'] },
    { cloud: 'aws:us-west-2-lax-1' },
    'inside',
  ],
  ['another country is outside a region', { id: 'p', cloud: 'aws:us-west-1' }, { country: 'CN' }, 'outside'],
  [
    "the region's country does not tell",
    { id: 'p', cloud: 'aws:us-west-1' },
    { country: 'US', subdivision: 'US-CA' },
    'undecided',
  ],
  ['nothing known does not tell of a region', { id: 'p', cloud: 'aws:us-west-1' }, {}, 'undecided'],
  [
    'a region that nobody knows is never excluded by country',
    { id: 'p', cloud: 'nobody:nowhere-1' },
    { country: 'CN' },
    'undecided',
  ],
  [
    'a subdivision is inside itself',
    { id: 'p', subdivision: 'US-CA' },
    { country: 'US', subdivision: 'US-CA' },
    'inside',
  ],
  [
    'another subdivision is outside',
    { id: 'p', subdivision: 'US-CA' },
    { country: 'US', subdivision: 'US-OR' },
    'outside',
  ],
  ['another country is outside a subdivision', { id: 'p', subdivision: 'US-CA' }, { country: 'SG' }, 'outside'],
  ['the country does not tell the subdivision', { id: 'p', subdivision: 'CN-BJ' }, { country: 'CN' }, 'undecided'],
  ['nothing known does not tell of a subdivision', { id: 'p', subdivision: 'CN-BJ' }, {}, 'undecided'],
  [
    'a zone stands in a subdivision by where it stands',
    { id: 'p', subdivision: 'US-CA' },
    { country: 'US', subdivision: 'US-CA', cloud: 'aws:us-west-2-lax-1' },
    'inside',
  ],
  ['a country is inside itself', { id: 'p', country: 'SG' }, { country: 'SG' }, 'inside'],
  ['another country is outside', { id: 'p', country: 'SG' }, { country: 'MY' }, 'outside'],
  ['no country does not tell', { id: 'p', country: 'SG' }, {}, 'undecided'],
  ['Hong Kong is not in China, whichever code says so', { id: 'p', country: 'CN' }, { country: 'HK' }, 'outside'],
  ['CN-HK is HK', { id: 'p', subdivision: 'CN-HK' }, { country: 'HK' }, 'inside'],
  ['HK is CN-HK', { id: 'p', country: 'HK' }, { country: 'CN', subdivision: 'CN-HK' }, 'inside'],
  ['CN-HK is not CN', { id: 'p', country: 'CN' }, { country: 'CN', subdivision: 'CN-HK' }, 'outside'],
  ['CN alone may mean CN-HK', { id: 'p', subdivision: 'CN-HK' }, { country: 'CN' }, 'undecided'],
  ['CN alone may mean HK', { id: 'p', country: 'HK' }, { country: 'CN' }, 'undecided'],
  ['CN alone may mean a region in HK', { id: 'p', cloud: 'aws:ap-east-1' }, { country: 'CN' }, 'undecided'],
  [
    'CN-HK may be a region in HK',
    { id: 'p', cloud: 'aws:ap-east-1' },
    { country: 'CN', subdivision: 'CN-HK' },
    'undecided',
  ],
  ['CN-BJ is no region in HK', { id: 'p', cloud: 'aws:ap-east-1' }, { country: 'CN', subdivision: 'CN-BJ' }, 'outside'],
  ['CN alone may mean Taipei', { id: 'p', subdivision: 'TW-TPE' }, { country: 'CN' }, 'undecided'],
  ['the code of before is the code of today', { id: 'p', subdivision: 'IN-TG' }, aws('ap-south-2'), 'inside'],
  ['the same for departments', { id: 'p', subdivision: 'FR-75' }, aws('eu-west-3'), 'inside'],
  ['London may be in England', { id: 'p', subdivision: 'GB-ENG' }, aws('eu-west-2'), 'undecided'],
  ['Paris may be in Île-de-France', { id: 'p', subdivision: 'FR-IDF' }, aws('eu-west-3'), 'undecided'],
  ['Dublin may be in Leinster', { id: 'p', subdivision: 'IE-L' }, aws('eu-west-1'), 'undecided'],
  ['Milan may be in Lombardy', { id: 'p', subdivision: 'IT-25' }, aws('eu-south-1'), 'undecided'],
  ['Saragossa may be in Aragon', { id: 'p', subdivision: 'ES-Z' }, aws('eu-south-2'), 'undecided'],
  [
    'Scotland is not in England',
    { id: 'p', subdivision: 'GB-ENG' },
    { country: 'GB', subdivision: 'GB-SCT' },
    'outside',
  ],
  [
    'levels that are not known decide nothing',
    { id: 'p', subdivision: 'UG-C' },
    { country: 'UG', subdivision: 'UG-102' },
    'undecided',
  ],
  ['US-CA is not Canada', { id: 'p', country: 'CA' }, { country: 'US', subdivision: 'US-CA' }, 'outside'],
]

describe('a location held against a place', () => {
  it.each(relations)('%s', (_, place, known, relation) => {
    expect(relate(where(known), place)).toBe(relation)
  })
})

describe('a grade', () => {
  const decisive: readonly (readonly [Grade, balanced: boolean, strict: boolean])[] = [
    ['proven', true, true],
    ['corroborated', true, false],
    ['suspected', false, false],
    ['conflicted', false, false],
    ['edge', false, false],
    ['unknown', false, false],
  ]
  it.each(decisive)('%s decides under balanced: %s, under strict: %s', (grade, balanced, strict) => {
    expect(decides(location('192.0.2.1', grade), 'balanced')).toBe(balanced)
    expect(decides(location('192.0.2.1', grade), 'strict')).toBe(strict)
  })
})

it('a place is labelled by its id and by what it is, once where they are the same', () => {
  expect(placeLabel({ id: 'beijing', subdivision: 'CN-BJ' })).toBe('beijing (CN-BJ)')
  expect(placeLabel({ id: 'SG', country: 'SG' })).toBe('SG')
})
