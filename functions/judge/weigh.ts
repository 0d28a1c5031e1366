/** One batch of observations: every address located, every flow in a case, or out of scope by a counted reason. */
import type { Declaration, Locator, Observation, Session } from '../model.ts'
import { isUnanswered } from './carried.ts'
import { ObservedCircumstances } from './circumstances.ts'
import { Clocks } from './clocks.ts'
import { Docket } from './docket.ts'
import { Hosts } from './host.ts'
import { Origins } from './origins.ts'
import { LeftOut } from './out-of-scope.ts'
import { caseOf, concernsNobody } from './outcome.ts'
import { Remotes } from './remotes.ts'
import { lawOf } from './residency.ts'
import { Timeline } from './timeline.ts'
import type { Weighed } from './weighed.ts'

export interface WeighInput {
  readonly declaration: Declaration
  /** Those that the observations are of; others do no harm. */
  readonly sessions: readonly Session[]
  readonly locator: Locator
  readonly observations: Iterable<Observation>
}

/** A batch that was weighed, with all that it takes to write it as a part of an audit. */
export interface WeighedBatch extends Weighed {
  readonly by: WeighInput
  readonly locations: Remotes
  readonly seen: ObservedCircumstances
}

/**
 * Weighs a batch. Batches are independent: whatever of their observations belongs together comes together when the parts are
 * merged, however the observations were divided.
 */
export function weigh(by: WeighInput): WeighedBatch {
  const { declaration, sessions, locator, observations } = by
  const hosts = new Hosts(declaration)
  const remotes = new Remotes(locator)
  const clocks = new Clocks(sessions)
  const timeline = new Timeline(declaration.services)
  const seen = new ObservedCircumstances(timeline, clocks)
  const origins = new Origins()
  const docket = new Docket()
  const leftOut = new LeftOut()
  const steps = new Set<string>()
  let step: string | null = null
  let flows = 0
  let from = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY
  for (const observation of observations) {
    flows += observation.flows
    if (observation.first < from) from = observation.first
    if (observation.last > until) until = observation.last
    if (observation.step !== step) {
      step = observation.step
      if (step !== null) steps.add(step)
    }
    const remote = remotes.get(observation.remote)
    const meant = hosts.meant(observation.names, observation.hidden === 'tls-ech')
    // A proxy may well stand in the device's own network; what it was asked for does not.
    if (remote.outside !== null && !meant.proxied) {
      leftOut.special(remote.outside, observation.flows)
      continue
    }
    if (observation.bystander) {
      leftOut.special('neither end is the device', observation.flows)
      continue
    }
    if (isUnanswered(observation)) {
      leftOut.special('the device sent nothing', observation.flows)
      continue
    }
    if (meant.kind === 'foreign' && meant.foreign !== null && meant.asked.length === 0) {
      leftOut.foreign(meant.foreign, observation.flows)
      continue
    }
    const number = docket.number(
      remotes.locate(remote, observation.first),
      meant.number,
      seen.number(observation, meant),
      observation.port ?? -1,
      observation.protocol,
    )
    docket.add(number, observation, origins.number(observation))
  }

  const law = lawOf(declaration)
  const cases: number[] = []
  for (let number = 0; number < docket.size; number++) {
    const meant = hosts.at(docket.names(number))
    const { remote, answer } = remotes.at(docket.location(number))
    const circumstances = seen.at(docket.circumstances(number))
    if (!concernsNobody(law, caseOf(meant, answer, circumstances, timeline))) cases.push(number)
    else if (meant.foreign !== null) leftOut.foreign(meant.foreign, docket.flows(number))
    else leftOut.unknown(remote.ip, docket.flows(number))
  }
  return {
    by,
    flows,
    period: from <= until ? { from, until } : null,
    remotes: remotes.count,
    steps: [...steps].sort(),
    unknownSessions: clocks.unknown(),
    origins,
    leftOut,
    docket,
    cases,
    locations: remotes,
    seen,
    meant: (number) => hosts.at(number),
    circumstances: (number) => seen.at(number),
    located: (number) => remotes.located(number),
  }
}
