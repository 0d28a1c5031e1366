/** Whether the user of a service had agreed when flows began: by the steps of the session, as far as the rig's clock can tell. */
import type { Consent, Micros, Observation, Session, Step } from '../../model.ts'

/** `agreed` lasts from the opt-in until the opt-out is over and its grace has passed. The last three leave it open. */
export type Stage = 'before' | 'agreed' | 'after' | 'before-or-agreed' | 'agreed-or-after' | 'any'

export const STAGES: readonly Stage[] = ['before', 'agreed', 'after', 'before-or-agreed', 'agreed-or-after', 'any']

/** The stage in which flows began. */
export interface Moment {
  readonly stage: Stage
  /**
   * Set where flows went on into the next stage, so that it is not known in which of the two something was sent: of those that
   * began before, where they may have; of those that began after agreeing, where they surely have.
   */
  readonly beyond: boolean
}

export interface Span {
  readonly from: Micros
  readonly until: Micros
}

interface Change {
  readonly at: Micros
  readonly stage: 'agreed' | 'after'
}

const OPEN: Moment = { stage: 'any', beyond: false }

/** The stages of a session under one claim. */
export class Stages {
  readonly #steps: readonly Step[]
  readonly #error: Micros
  readonly #changes: readonly Change[]

  /** @param session null where nobody described it, or where several bear its id */
  constructor(claim: Consent, session: Pick<Session, 'steps' | 'rig'> | null) {
    this.#steps = session?.steps ?? []
    this.#error = (session?.rig.clockErrorMs ?? 0) * 1000
    this.#changes = changesOf(claim, this.#steps)
  }

  /** The stage in which the flows of an observation began. */
  of(observation: Pick<Observation, 'step' | 'stepDoubt' | 'first' | 'last' | 'flows'>): Moment {
    if (this.#steps.length === 0) return OPEN
    const stage = nameOf(this.#within(this.#starts(observation)))
    const next = this.#changes.find(({ at }) => at > observation.first)?.at ?? Number.POSITIVE_INFINITY
    const { last } = observation
    if (stage === 'agreed') return { stage, beyond: last - this.#error > next }
    return { stage, beyond: (stage === 'before' || stage === 'after') && last + this.#error >= next }
  }

  /** The spans of a stage, from the session's first step to its last. */
  spans(wanted: 'before' | 'after'): readonly Span[] {
    const end = Math.max(...this.#steps.map(({ until }) => until))
    let from = Math.min(...this.#steps.map((step) => step.from))
    let stage: Change['stage'] | 'before' = 'before'
    const spans: Span[] = []
    for (const change of [...this.#changes, { at: end, stage: null }]) {
      const until = Math.min(change.at, end)
      if (stage === wanted && until > from) spans.push({ from, until })
      if (change.stage === null) break
      stage = change.stage
      from = Math.max(from, change.at)
    }
    return spans
  }

  /** The spans of time in which the flows may have begun. */
  #starts({ step, stepDoubt, first, last, flows }: Parameters<Stages['of']>[0]): readonly Span[] {
    const error = this.#error
    // One flow began with its first packet; of several it is known only that the first did.
    const within = { from: first - error, until: (flows === 1 ? first : last) + error }
    const runs = this.#steps.filter(({ id }) => id === step)
    if (runs.length === 0 && !stepDoubt) return [within]
    if (!stepDoubt && !this.#steps.some((one) => isNear(first, one, error)))
      return runs.flatMap(({ from, until }) => overlap({ from, until: until - 1 }, within))
    const edges = (runs.length > 0 ? runs : this.#steps).flatMap(({ from, until }) => [from, until])
    const near = edges.flatMap((at) => overlap({ from: at - 2 * error, until: at + 2 * error }, within))
    // What began so near to an edge, and by its step cannot have, is in doubt about everything.
    return near.length > 0 ? near : [within]
  }

  #within(spans: readonly Span[]): ReadonlySet<Change['stage'] | 'before'> {
    const stages = new Set<Change['stage'] | 'before'>()
    for (const { from, until } of spans) {
      stages.add(this.#changes.findLast(({ at }) => at <= from)?.stage ?? 'before')
      for (const { at, stage } of this.#changes) if (from < at && at <= until) stages.add(stage)
    }
    return stages
  }
}

/** When the stage changes. Who opts in again within the grace has never left. */
function changesOf({ optIn, optOut, afterOptOut }: Consent, steps: readonly Step[]): readonly Change[] {
  const ins = steps.filter(({ id }) => id === optIn)
  const graceUs = (afterOptOut?.graceMs ?? 0) * 1000
  const outs = steps
    .filter(({ id }) => id === optOut)
    .map(({ from, until }) => ({ from, at: until + graceUs }))
    .filter((out) => !ins.some(({ from }) => out.from < from && from <= out.at))
  const changes: readonly Change[] = [
    ...ins.map(({ from }) => ({ at: from, stage: 'agreed' as const })),
    ...outs.map(({ at }) => ({ at, stage: 'after' as const })),
  ]
  const inOrder = changes.toSorted((a, b) => a.at - b.at)
  return inOrder.filter(({ stage }, i) => stage !== inOrder[i - 1]?.stage)
}

function nameOf(stages: ReadonlySet<Change['stage'] | 'before'>): Stage {
  const [before, agreed, after] = [stages.has('before'), stages.has('agreed'), stages.has('after')]
  if (before) return after ? 'any' : agreed ? 'before-or-agreed' : 'before'
  if (after) return agreed ? 'agreed-or-after' : 'after'
  return agreed ? 'agreed' : 'any'
}

function overlap(a: Span, b: Span): readonly Span[] {
  const from = Math.max(a.from, b.from)
  const until = Math.min(a.until, b.until)
  return from <= until ? [{ from, until }] : []
}

const isNear = (at: Micros, { from, until }: Step, error: Micros) =>
  Math.abs(at - from) <= error || Math.abs(at - until) <= error
