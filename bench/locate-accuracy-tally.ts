/** How often locations of known addresses would have led to a false verdict. */
import { decides, relate } from '../functions/judge/place.ts'
import type { Location, Place } from '../functions/model.ts'
import type { Asked } from './locate-accuracy-truth.ts'

export type Verdict = 'compliant' | 'violation' | 'undecided'

/** A promise that data stays in some of AWS's regions, as a declaration would write it. */
export interface Policy {
  readonly words: string
  readonly allow: readonly Place[]
}

const region = (cloud: string): Place => ({ id: cloud, cloud })
export const policies: readonly Policy[] = [
  { words: 'us-west-1 or ap-southeast-1', allow: [region('aws:us-west-1'), region('aws:ap-southeast-1')] },
  { words: 'cn-north-1', allow: [region('aws:cn-north-1')] },
]

/** Addresses of AWS's that were judged otherwise than AWS's own word of that date would have it. */
export interface FalseVerdicts {
  compliant: number
  violation: number
}

export interface Tally {
  /** Addresses that stand in one region or zone. Shares are of these. */
  single: number
  /** Of these, in a region or zone with that grade, and in another one than AWS's. */
  readonly proven: { count: number; wrong: number }
  readonly corroborated: { count: number; wrong: number }
  /** By policy, in the order of {@link policies}: under `standard: balanced`, and of them under `standard: strict`. */
  readonly balanced: readonly FalseVerdicts[]
  readonly strict: readonly FalseVerdicts[]
  /** Addresses that AWS assigns to no region, and those of them that got a verdict under either policy, balanced. */
  global: number
  globalJudged: number
}

export function tallyOf(asked: readonly Asked[], locate: (ip: string) => Location): Tally {
  const none = () => policies.map(() => ({ compliant: 0, violation: 0 }))
  const tally: Tally = {
    single: 0,
    proven: { count: 0, wrong: 0 },
    corroborated: { count: 0, wrong: 0 },
    balanced: none(),
    strict: none(),
    global: 0,
    globalJudged: 0,
  }
  for (const { ip, place } of asked) {
    const location = locate(ip)
    const verdicts = policies.map((policy) =>
      decides(location, 'balanced') ? verdictOf(location, policy) : 'undecided',
    )
    if (place === null) {
      tally.global++
      if (verdicts.some((verdict) => verdict !== 'undecided')) tally.globalJudged++
      continue
    }
    tally.single++
    if (decides(location, 'balanced') && location.cloud !== null) {
      const grade = location.grade === 'proven' ? tally.proven : tally.corroborated
      grade.count++
      if (location.cloud !== place) grade.wrong++
    }
    for (const [index, policy] of policies.entries()) {
      const verdict = verdicts[index] ?? 'undecided'
      countIfFalse(tally.balanced[index], verdict, place, policy)
      if (decides(location, 'strict')) countIfFalse(tally.strict[index], verdict, place, policy)
    }
  }
  return tally
}

export function countIfFalse(falses: FalseVerdicts | undefined, verdict: Verdict, truth: string, policy: Policy): void {
  const allowed = policy.allow.some(({ cloud }) => cloud === truth)
  if (falses && verdict !== 'undecided' && (verdict === 'compliant') !== allowed) falses[verdict]++
}

function verdictOf(location: Location, { allow }: Policy): Verdict {
  const stands = allow.map((place) => relate(location, place))
  if (stands.includes('inside')) return 'compliant'
  return stands.every((relation) => relation === 'outside') ? 'violation' : 'undecided'
}

/** The most false verdicts of a kind, as a share, where there are snapshots of one side only; on both sides there are none. */
export const mostFalseOneSided = 0.001

/** @returns what the tally misses, in words for a cell; empty where it holds */
export function missedLimits(tally: Tally, bothSides: boolean): readonly string[] {
  const most = bothSides ? 0 : mostFalseOneSided * tally.single
  const over = (falses: readonly FalseVerdicts[]) =>
    falses.some(({ compliant, violation }) => compliant > most || violation > most)
  return [...(over(tally.strict) ? ['strict'] : []), ...(over(tally.balanced) ? ['false'] : [])]
}
