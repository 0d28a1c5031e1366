import { describe, expect, it } from 'vitest'
import { whatWouldSettle } from '../../functions/locate/settle.ts'
import type { Evidence, Grade, Location } from '../../functions/model.ts'

/** A location with evidence of `rule` or `rule says`, against it where an exclamation mark stands before. */
function location(grade: Grade, rules: readonly string[], known: Partial<Location> = {}): Location {
  const evidence = rules.map((text): Evidence => {
    const [rule = '', ...says] = text.replace('!', '').split(' ')
    return {
      rule,
      source: sourceOf(rule, says),
      date: null,
      says: says.join(' '),
      supports: text[0] !== '!',
    }
  })
  return {
    ip: '192.0.2.1',
    grade,
    country: null,
    subdivision: null,
    city: null,
    cloud: null,
    prefix: null,
    ...known,
    evidence,
  }
}

/** What the locator says of two providers together has no source of one of them. */
function sourceOf(rule: string, says: readonly string[]): string {
  if (rule === 'provider-range' && says[0] === 'of') return 'ranges'
  return rule === 'time' || rule === 'provider-range' ? 'ranges/aws' : rule
}

describe('what would settle an address', () => {
  it.each([
    ['a proven one', location('proven', ['provider-range']), null],
    ['a private one', location('unknown', ['special-purpose']), null],
    ['one that nobody knows', location('unknown', ['!database']), /refresh/],
    [
      'one that moved between two lists',
      location('conflicted', ['!provider-range', '!time', '!geofeed']),
      /nearer to the packet/,
    ],
    [
      'one whose feed says otherwise',
      location('conflicted', ['!provider-range', '!geofeed']),
      /ranges, or the geofeed/,
    ],
    [
      'one of feeds and databases that differ',
      location('conflicted', ['!geofeed', '!database']),
      /own ranges that place/,
    ],
    [
      'one whose name says otherwise than its ranges',
      location('conflicted', ['!provider-range', '!name']),
      /DNS name, or/,
    ],
    ['one whose name says otherwise than databases', location('conflicted', ['!database', '!name']), /DNS name alone/],
    ['one of two providers', location('conflicted', ['!provider-range', '!provider-range of two']), /two of them/],
    [
      'one that a provider lists without a region, and databases that differ',
      location('conflicted', ['!provider-range', '!database']),
      /own ranges that place/,
    ],
    [
      'one in several regions',
      location('conflicted', ['!provider-range X lists it in several regions at once: a, b.']),
      /names several/,
    ],
    ['one beyond light', location('conflicted', ['!provider-range', '!physics']), /proxy/],
    [
      'one on a line too fast',
      location('corroborated', ['provider-range', '!physics'], { cloud: 'aws:us-west-1' }),
      /Handshakes/,
    ],
    [
      'one in a zone without a name yet',
      location('corroborated', ['provider-range', '!time X was on none of the lists'], { cloud: 'aws:us-west-2' }),
      /before its zone had a name/,
    ],
    [
      'one on one list',
      location('corroborated', ['provider-range', '!time'], { cloud: 'aws:us-west-2' }),
      /within 35 days/,
    ],
    [
      'one that a provider lists without a region',
      location('corroborated', ['!provider-range', 'database']),
      /word on the region/,
    ],
    ['one that databases place', location('corroborated', ['database']), /own ranges/],
    ['one database', location('suspected', ['database']), /second, independent/],
    ['an edge', location('edge', ['edge']), /origin behind it/],
  ])('says for %s', (_, known, expected) => {
    const settle = whatWouldSettle(known)
    if (expected === null) expect(settle).toBeNull()
    else expect(settle).toMatch(expected)
  })

  it('asks for databases of the time where those at hand are of another', () => {
    const far = location('suspected', ['database'])
    const evidence = [...far.evidence, { rule: 'time', source: 'database', date: null, says: '', supports: false }]
    expect(whatWouldSettle({ ...far, evidence })).toMatch(/within half a year/)
  })
})
