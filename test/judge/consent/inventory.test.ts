import { describe, expect, it } from 'vitest'
import type { InventoryEntry, Judgement, Observation } from '../../../functions/model.ts'
import { service } from '../world.ts'
import { cloud, examined, hit, judgedWith, MINUTE, run, SECOND, sent, startOf, type World } from './world.ts'

const imei = examined({ hits: [hit()] })
const found = (step: string, over: Partial<Observation> = {}) => sent(step, { examined: imei, ...over })
const stagesOf = ({ inventory }: Judgement) => inventory.map(({ step, consent, flows }) => [step, consent, flows])
const stageOf = (observation: Observation, over: World = {}): InventoryEntry['consent'] | undefined => {
  const { inventory } = judgedWith([observation], over)
  expect(inventory).toHaveLength(1)
  return inventory[0]?.consent
}

describe('whether the user had agreed to what the inventory lists', () => {
  const near = { first: startOf('enable-cloud') - SECOND / 2, stepDoubt: true } as const
  const table: readonly [title: string, stage: InventoryEntry['consent'], given: Observation, world?: World][] = [
    ['before the opt-in', 'before', found('boot')],
    ['after it', 'agreed', found('use')],
    ['after the opt-out and its grace', 'after', found('after')],
    ['near to the opt-in', 'open', found('idle', near)],
    ['in flows that go on beyond the opt-in', 'open', found('idle', { last: startOf('use'), outlived: 1 })],
    ['at an address of the rig', 'before', found('boot', { remote: '10.0.0.9' })],
    ['at a host of which no claim speaks', null, found('boot', { names: [{ name: 'example.org', via: 'tls-sni' }] })],
    ['where nobody described the session', 'open', found('boot'), { sessions: [] }],
    [
      'on a device that was in use',
      'open',
      found('boot'),
      { sessions: [run({ device: { addresses: [], state: 'in-use' } })] },
    ],
    [
      'in a session of which the claim does not speak',
      null,
      found('boot'),
      {
        claim: { preconditions: { deviceStates: ['new'] } },
        sessions: [run({ device: { addresses: [], state: 'in-use' } })],
      },
    ],
    [
      'at a host of two services, to one of which was agreed',
      'open',
      found('idle'),
      {
        services: [
          cloud(),
          service('mi-push', ['*.micloud.xiaomi.net'], {
            consent: { since: null, optIn: 'boot', before: 'forbid-contact' },
          }),
        ],
      },
    ],
  ]
  it.each(table)('%s is %s', (_, stage, observation, world) => {
    expect(stageOf(observation, world)).toBe(stage)
  })

  it('is told apart in rows of their own where one step has several', () => {
    const within = { first: startOf('after') + MINUTE, last: startOf('after') + 2 * MINUTE }
    const judgement = judgedWith([found('after', within), found('after'), found('idle'), found('idle', near)])
    expect(stagesOf(judgement)).toEqual([
      ['idle', 'before', 1],
      ['idle', 'open', 1],
      ['after', 'agreed', 1],
      ['after', 'after', 1],
    ])
  })

  it('lists places up to a bound, and says how many more there were', () => {
    const hits = Array.from({ length: 501 }, (_, i) => hit({ path: `/p${i}` }))
    const [entry] = judgedWith([sent('boot', { examined: examined({ hits }) })]).inventory
    expect([entry?.places.length, entry?.morePlaces]).toEqual([500, 1])
  })
})
