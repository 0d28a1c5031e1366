/**
 * What a tool with one geolocation database and nothing else makes of the same promises: a country or state that has an allowed
 * region in it counts as that region.
 */
import type { DatabaseAnswer, DatabaseSnapshot } from '../functions/locate/snapshots.ts'
import { parseAddress } from '../functions/net/address.ts'
import { countIfFalse, type FalseVerdicts, policies, type Verdict } from './locate-accuracy-tally.ts'
import type { Asked } from './locate-accuracy-truth.ts'

export type Fineness = 'country' | 'state'

export interface DatabaseTally {
  single: number
  /** By policy, in the order of `policies`. */
  readonly falses: readonly FalseVerdicts[]
  /** By policy: addresses in one region that it has compliant, and that it says nothing usable of. */
  readonly compliant: number[]
  readonly undecided: number[]
  global: number
  /** Those of them that got a verdict under either policy. */
  globalJudged: number
}

/** Where the regions of each policy stand, as databases write it. */
const standIn: readonly (readonly { readonly country: string; readonly state?: RegExp }[])[] = [
  [{ country: 'US', state: /\bCalifornia\b/ }, { country: 'SG' }],
  [{ country: 'CN', state: /\bBeijing\b/ }],
]

export function databaseTally(
  asked: readonly Asked[],
  databases: readonly DatabaseSnapshot[],
  fineness: Fineness,
): DatabaseTally {
  const tally: DatabaseTally = {
    single: 0,
    falses: policies.map(() => ({ compliant: 0, violation: 0 })),
    compliant: policies.map(() => 0),
    undecided: policies.map(() => 0),
    global: 0,
    globalJudged: 0,
  }
  for (const { ip, place } of asked) {
    const answer = answerOf(databases, ip)
    const verdicts = standIn.map((places) => verdictOf(answer, places, fineness))
    if (place === null) {
      tally.global++
      if (verdicts.some((verdict) => verdict !== 'undecided')) tally.globalJudged++
      continue
    }
    tally.single++
    for (const [index, policy] of policies.entries()) {
      const verdict = verdicts[index] ?? 'undecided'
      if (verdict !== 'violation') tally[verdict][index] = (tally[verdict][index] ?? 0) + 1
      countIfFalse(tally.falses[index], verdict, place, policy)
    }
  }
  return tally
}

function answerOf(databases: readonly DatabaseSnapshot[], ip: string): DatabaseAnswer | null {
  const address = parseAddress(ip)
  if (!address) return null
  const database = databases.find(({ families }) => families.includes(address.family))
  return database?.find(address)?.answer ?? null
}

function verdictOf(answer: DatabaseAnswer | null, places: (typeof standIn)[number], fineness: Fineness): Verdict {
  if (!answer?.country) return 'undecided'
  const here = places.find(({ country }) => country === answer.country)
  if (!here) return 'violation'
  if (fineness === 'country' || !here.state) return 'compliant'
  // With a country alone there is nothing to tell the state from.
  if (answer.words === answer.country) return 'undecided'
  return here.state.test(answer.words) ? 'compliant' : 'violation'
}
