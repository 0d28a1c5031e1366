import { describe, expect, it } from 'vitest'
import { whatWouldSettle } from '../../functions/locate/settle.ts'
import type { Evidence, Finding, Location } from '../../functions/model.ts'
import { ADDRESSES, at, judged, location, locatorOf, observe } from './world.ts'

const built = (source: string, date: string, supports = true): Evidence => {
  return { rule: 'database', source: `database/${source}`, date, says: `${source} of ${date} says so`, supports }
}
const STRICT = 'Under the strict standard this would be indeterminate.'

function found(evidence: readonly Evidence[], over: Partial<Location> = {}, host = 'api.account.xiaomi.com'): Finding {
  const ip = ADDRESSES.beijing
  const where = { [ip]: location(ip, 'corroborated', { country: 'CN', subdivision: 'CN-BJ', evidence, ...over }) }
  const flows = [observe({ remote: ip, first: at('2014-11-03T10:00:00Z'), names: [{ name: host, via: 'tls-sni' }] })]
  const [finding] = judged(flows, { locator: locatorOf(where) }).findings
  if (!finding) throw new Error('there is a finding')
  return finding
}

describe('a verdict that rests on databases alone', () => {
  it.each([
    ['both', ['2026-05-01', '2026-11-15'], 'Both databases were built more than 11 years after these packets'],
    ['both, of old', ['2010-01-01', '2012-01-01'], 'Both databases were built more than 2 years before these packets'],
    [
      'one each way',
      ['2013-01-01', '2018-01-01'],
      'Both databases were built more than a year away from these packets',
    ],
    [
      'one of them',
      ['2014-11-01', '2020-01-01'],
      '1 of the 2 databases was built more than 5 years after these packets',
    ],
  ])('says second how far they are from the packets: %s', (_, [a = '', b = ''], says) => {
    const { verdict, reasons } = found([built('one', a), built('two', b)])
    expect(verdict).toBe('violation')
    expect(reasons[0]).toContain('which phase “migrated”')
    expect(reasons[1]).toBe(`${says}; addresses change hands. ${STRICT}`)
  })

  it('says so of a compliant one too', () => {
    const { verdict, reasons } = found([built('one', '2026-05-01'), built('two', '2026-05-01')], {
      country: 'SG',
      subdivision: null,
      city: 'Singapore',
      cloud: 'aws:ap-southeast-1',
    })
    expect(verdict).toBe('compliant')
    expect(reasons[1]).toContain(STRICT)
  })

  it('counts the build of each source that is nearest to the packets', () => {
    const { reasons } = found([
      built('one', '2010-01-01'),
      built('one', '2014-12-01'),
      built('two', '2014-10-01'),
      built('three', '1999-01-01', false),
    ])
    expect(reasons).toHaveLength(1)
  })

  it('does not speak of the standard where the place does not decide', () => {
    const { rule, reasons } = found([built('one', '2026-05-01'), built('two', '2026-05-01')], {}, 'new.xiaomi.com')
    expect(rule).toBe('undeclared-host')
    expect(reasons[1]).toMatch(/addresses change hands\.$/)
  })
})

it('a verdict that rests on a provider’s ranges says nothing of databases', () => {
  const ranges = { rule: 'provider-range', source: 'ranges/aws', date: '2014-11-01', says: 'listed', supports: true }
  expect(found([ranges, built('one', '2026-05-01'), built('two', '2026-05-01')]).reasons).toHaveLength(1)
})

describe('a suspicion by databases', () => {
  const far: Evidence = { date: null, rule: 'time', source: 'database', says: 'They agree, but …', supports: false }
  const suspected = (evidence: readonly Evidence[]) => found(evidence, { grade: 'suspected', subdivision: null })
  const adviceOf = (evidence: readonly Evidence[]) =>
    whatWouldSettle(location(ADDRESSES.beijing, 'suspected', { country: 'CN', evidence }))

  it('says that two agree, which builds they are and how far, and what locate says would settle it', () => {
    const evidence = [built('one', '2026-06-05'), built('two', '2026-06-17'), far]
    const { verdict, reasons, settle } = suspected(evidence)
    expect(verdict).toBe('indeterminate')
    expect(reasons).toEqual([
      `${ADDRESSES.beijing} is only suspected to stand in CN: two databases agree, but not two were built within half a year of the packets, or on both sides of them (2026-06-05, 2026-06-17).`,
      'Both databases were built more than 11 years after these packets; addresses change hands.',
    ])
    expect(settle).toBe(adviceOf(evidence))
  })

  it('of one alone says that there is no second', () => {
    const { reasons, settle } = suspected([built('one', '2014-11-01')])
    expect(reasons).toEqual([expect.stringContaining('no second independent source says so')])
    expect(settle).toBe(adviceOf([built('one', '2014-11-01')]))
  })
})
