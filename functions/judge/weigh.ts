/** One batch of observations: every address located, every flow in a case, or out of scope by a counted reason. */
import type { Declaration, Locator, Observation, Session } from '../model.ts'
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
import { WEIGHED_PART, type WeighedPart } from './weighed-part.ts'
import { writtenCases } from './written-cases.ts'

export interface WeighInput {
  readonly declaration: Declaration
  /** Those that the observations are of; others do no harm. */
  readonly sessions: readonly Session[]
  readonly locator: Locator
  readonly observations: Iterable<Observation>
}

/**
 * Weighs a batch. Batches are independent: whatever of their observations belongs together comes together when the parts are
 * merged, however the observations were divided.
 */
export function weigh({ declaration, sessions, locator, observations }: WeighInput): WeighedPart {
  const hosts = new Hosts(declaration)
  const remotes = new Remotes(locator)
  const clocks = new Clocks(sessions)
  const timeline = new Timeline(declaration.services)
  const circumstances = new ObservedCircumstances(timeline, clocks)
  const origins = new Origins()
  const docket = new Docket()
  const leftOut = new LeftOut()
  let flows = 0
  let from = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY
  for (const observation of observations) {
    flows += observation.flows
    if (observation.first < from) from = observation.first
    if (observation.last > until) until = observation.last
    const remote = remotes.get(observation.remote)
    if (remote.outside !== null) {
      leftOut.special(remote.outside, observation.flows)
      continue
    }
    const meant = hosts.meant(observation.names)
    if (meant.foreign !== null && meant.asked.length === 0) {
      leftOut.foreign(meant.foreign, observation.flows)
      continue
    }
    const number = docket.number(
      remotes.located(remote, observation.first),
      meant.number,
      circumstances.number(observation, meant),
      observation.port ?? -1,
      observation.protocol,
    )
    docket.add(number, observation, origins.number(observation))
  }

  const law = lawOf(declaration)
  const kept: number[] = []
  for (let number = 0; number < docket.size; number++) {
    const { remote, answer } = remotes.at(docket.location(number))
    const meant = hosts.at(docket.names(number))
    const seen = circumstances.at(docket.circumstances(number))
    if (meant.kind === 'unknown' && concernsNobody(law, declaration, caseOf(meant, answer, seen, timeline)))
      leftOut.unknown(remote.ip, docket.flows(number))
    else kept.push(number)
  }
  const { cases, locations, names } = writtenCases(docket, kept, from)
  const { special, foreign, unknown } = leftOut.flows
  return {
    schema: WEIGHED_PART,
    ...weighedBy({ declaration, locator }),
    flows,
    period: from <= until ? { from, until } : null,
    unknownSessions: clocks.unknown(),
    ...remotes.written(locations),
    names: names.map((number) => hosts.at(number).names),
    circumstances: circumstances.all,
    origins: origins.all,
    cases,
    outOfScope: { special, foreign, unknown: unknown.map(([ip, flows]) => [remotes.get(ip).number, flows]) },
  }
}

/** What the parts of one audit have in common. */
export type WeighedBy = Pick<WeighedPart, 'declaration' | 'snapshots'>

export function weighedBy({
  declaration,
  locator,
}: {
  readonly declaration: Declaration
  readonly locator: Pick<Locator, 'snapshots'>
}): WeighedBy {
  return { declaration: declaration.sha256, snapshots: locator.snapshots.map(({ sha256 }) => sha256).sort() }
}
