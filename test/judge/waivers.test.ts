import { describe, expect, it } from 'vitest'
import type { Waiver } from '../../functions/model.ts'
import { ADDRESSES, AFTER, at, judged, observe } from './world.ts'

const waiver = (over: Partial<Waiver> = {}): Waiver => ({
  id: 'W1',
  rule: 'residency',
  match: {},
  reason: 'Removal in 6.1',
  owner: 'jane@vendor.example',
  approver: 'lead@customer.example',
  expires: at('2015-03-31T00:00:00Z'),
  ...over,
})

const violating = observe({ remote: ADDRESSES.beijing })
const waived = (over: Partial<Waiver>, observation = violating) =>
  judged([observation], { declaration: { waivers: [waiver(over)] } }).findings[0]?.waiver

describe('a waiver', () => {
  const table: readonly (readonly [title: string, over: Partial<Waiver>, fits: boolean])[] = [
    ['of the rule fits', {}, true],
    ['of another rule does not', { rule: 'undeclared-host' }, false],
    ['of the service fits', { match: { service: 'mi-account' } }, true],
    ['of another service does not', { match: { service: 'other' } }, false],
    ['of the host fits', { match: { host: 'api.account.xiaomi.com' } }, true],
    ['of a pattern fits', { match: { host: '*.xiaomi.com' } }, true],
    ['of another host does not', { match: { host: 'account.xiaomi.com' } }, false],
    ['of the remote fits', { match: { remote: ADDRESSES.beijing } }, true],
    ['of a prefix around the remote fits', { match: { remote: '124.251.0.0/16' } }, true],
    ['of another prefix does not', { match: { remote: '124.250.0.0/16' } }, false],
    ['takes all that it names', { match: { host: 'api.account.xiaomi.com', remote: '124.250.0.1' } }, false],
    ['that expired does not', { expires: AFTER }, false],
  ]
  it.each(table)('%s', (_, over, fits) => {
    expect(waived(over)).toBe(fits ? 'W1' : null)
  })

  it('annotates a violation only', () => {
    expect(waived({}, observe())).toBeNull()
    expect(waived({}, observe({ remote: ADDRESSES.edge }))).toBeNull()
  })

  it('never removes the violation: the conclusion stays a fail', () => {
    const result = judged([violating], { declaration: { waivers: [waiver()] } })
    expect(result).toMatchObject({ conclusion: 'fail', summary: { judged: { violation: 1 } } })
    expect(result.waivers).toMatchObject([{ id: 'W1', expired: false, findings: [result.findings[0]?.id] }])
  })

  it('that expired is listed as such', () => {
    const result = judged([violating], { declaration: { waivers: [waiver({ expires: AFTER })] } })
    expect(result.waivers).toMatchObject([{ id: 'W1', expired: true, findings: [] }])
  })

  it('is judged for the day that is given', () => {
    const waivers = [waiver({ expires: AFTER })]
    const early = judged([violating], { declaration: { waivers }, asOf: AFTER - 1 })
    expect(early.findings[0]?.waiver).toBe('W1')
  })

  it('of several that fit, the first by id annotates', () => {
    const waivers = [waiver({ id: 'W3' }), waiver({ id: 'W2' })]
    expect(judged([violating], { declaration: { waivers } }).findings[0]?.waiver).toBe('W2')
  })
})
