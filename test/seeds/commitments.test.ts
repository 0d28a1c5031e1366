import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { normalForms } from '../../functions/identify/normal-forms.ts'
import type { Seed, SeedList } from '../../functions/model.ts'
import { checkCommitments, commitmentsOf } from '../../functions/seeds/commitments.ts'
import { keepSeeds, openSeeds } from '../../functions/seeds/open-seeds.ts'
import { iv, key, otherKey, seeds } from './made-up.ts'

const imei: Seed = { id: 'imei', kind: 'imei', value: '001012345678902' }

describe('commitments', () => {
  it('are HMAC-SHA-256 of the kind, a line feed and each normal form, in order', () => {
    const mac = (form: string) => createHmac('sha256', key.commitment).update(`imei\n${form}`).digest('hex')
    expect(commitmentsOf(imei, key)).toEqual(normalForms(imei).map(mac).sort())
    expect(commitmentsOf(imei, key)).toContain(mac('001012345678902'))
  })

  it('of one value differ by kind and by key', () => {
    const same = new Set(commitmentsOf(imei, key))
    expect(commitmentsOf({ ...imei, kind: 'serial' }, key).some((hash) => same.has(hash))).toBe(false)
    expect(commitmentsOf(imei, otherKey).some((hash) => same.has(hash))).toBe(false)
  })

  it('do not depend on how digits were grouped', () => {
    const phone = (value: string) => commitmentsOf({ id: 'phone', kind: 'phone', value }, key)
    expect(phone('+1 (202) 555-0143')).toEqual(phone('+12025550143'))
  })
})

describe('identifiers that were opened', () => {
  const { list, envelope } = keepSeeds(seeds, key, iv)
  const [one, two, three] = list.seeds
  if (!one || !two || !three) throw new Error('there are three')
  const withSeeds = (...changed: SeedList['seeds']): SeedList => ({ ...list, seeds: changed })

  it('are those that the session was written for', () => {
    expect(openSeeds(list, envelope, key)).toEqual(seeds)
  })

  it('may be of a session of fewer normal forms, as an earlier version wrote it', () => {
    const fewer = withSeeds({ ...one, commitments: one.commitments.slice(1) }, two, three)
    expect(openSeeds(fewer, envelope, key)).toEqual(seeds)
  })

  const none = '0'.repeat(64)
  it.each<readonly [string, SeedList, string]>([
    [
      'another value',
      withSeeds({ ...one, commitments: [none] }, two, three),
      'the value of imei in seeds.json.enc is not',
    ],
    [
      'one commitment too many',
      withSeeds({ ...one, commitments: [...one.commitments, none] }, two, three),
      'the value of imei in seeds.json.enc is not the one that session.yaml was written for',
    ],
    ['no commitment', withSeeds({ ...one, commitments: [] }, two, three), 'the value of imei'],
    ['another kind', withSeeds({ ...one, kind: 'imsi' }, two, three), 'imei is a imei in seeds.json.enc and a imsi in'],
    ['one that is not there', withSeeds(one, two, three, { ...one, id: 'imei-2' }), 'seeds.json.enc has no imei-2'],
    ['one fewer', withSeeds(one, two), 'seeds.json.enc has contact-name, of which session.yaml says nothing'],
    [
      "another one's commitments",
      withSeeds(one, { ...two, commitments: three.commitments }, three),
      'the value of phone',
    ],
  ])('are refused where the session speaks of %s', (_what, changed, message) => {
    expect(() => openSeeds(changed, envelope, key)).toThrow(message)
  })

  it('are refused with another key, whose id is told', () => {
    expect(() => openSeeds(list, envelope, otherKey)).toThrow(
      `the session's identifiers are kept with the seed key ${key.id}, and the one that is given is ${otherKey.id}: give that one`,
    )
  })

  it('are never shown by a refusal', () => {
    for (const seed of seeds)
      try {
        checkCommitments(list, [{ ...seed, value: `${seed.value}0` }], key)
        expect.unreachable()
      } catch (error) {
        for (const { value } of seeds) expect(String(error)).not.toContain(value)
      }
  })
})
