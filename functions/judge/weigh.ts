/** One batch of observations: every address located, every flow in a case, or out of scope by a counted reason. */
import type { Declaration, Location, Locator, Observation, Refiner, Session } from '../model.ts'
import { isUnanswered } from './carried.ts'
import { ObservedCircumstances } from './circumstances.ts'
import { Clocks } from './clocks.ts'
import { ConsentTally, observedConsent } from './consent/tally.ts'
import { Docket } from './docket.ts'
import { Controls, Measuring, SmallestHandshakes } from './handshakes.ts'
import { Hosts } from './host.ts'
import { InventoryTally } from './inventory.ts'
import { NamedPlaces } from './named-places.ts'
import { Origins } from './origins.ts'
import { LeftOut } from './out-of-scope.ts'
import { caseOf, concernsNobody, mayConcernNobody } from './outcome.ts'
import { ReadingSum } from './reading.ts'
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
export function weigh(by: WeighInput, refiner: Refiner): WeighedBatch {
  const { declaration, sessions, locator, observations } = by
  const hosts = new Hosts(declaration)
  const remotes = new Remotes(locator)
  const clocks = new Clocks(sessions)
  const timeline = new Timeline(declaration.services)
  const seen = new ObservedCircumstances(timeline, clocks)
  const origins = new Origins()
  const docket = new Docket()
  const named = new NamedPlaces(declaration, remotes, refiner)
  const measuring = new Measuring(sessions)
  const controls = new Controls()
  const ofCases = new SmallestHandshakes()
  const leftOut = new LeftOut()
  const consent = observedConsent(declaration, sessions, hosts)
  const inventory = new InventoryTally()
  const reading = new ReadingSum()
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
    consent?.add(observation, meant, {
      outside: remote.outside,
      location: () => remotes.locate(remote, observation.first),
      origin: () => origins.number(observation),
    })
    reading.observe(observation)
    if (observation.examined)
      inventory.observe(observation, meant, {
        location: () => remotes.locate(remote, observation.first),
        stages: () => consent?.stages(observation, meant) ?? [],
      })
    // A proxy, or the end of a tunnel, may well stand in the device's own network; what is behind it does not.
    if (remote.outside !== null && !meant.proxied && meant.tunnelled.length === 0) {
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
    const vantage = measuring.of(observation)
    const rttMs = observation.handshakeRttMs ?? 0
    const port = observation.port ?? -1
    if (vantage >= 0) {
      const { cloud, grade } = remotes.at(remotes.locate(remote, observation.first)).answer
      if (cloud !== null && (grade === 'proven' || grade === 'corroborated')) controls.add(cloud, vantage, port, rttMs)
    }
    if (meant.kind === 'foreign' && meant.foreign !== null && meant.asked.length + meant.tunnelled.length === 0) {
      leftOut.foreign(meant.foreign, observation.flows)
      continue
    }
    const location = remotes.locate(remote, observation.first)
    const contested =
      vantage >= 0 &&
      mayConcernNobody(meant) &&
      refiner.isImpossible(named.at(location, meant), { vantage: measuring.vantages.at(vantage), port, rttMs })
    const number = docket.number(
      location,
      meant.number,
      seen.number(observation, meant, contested),
      port,
      observation.protocol,
    )
    docket.add(number, observation, origins.number(observation))
    if (vantage >= 0) ofCases.add(number, vantage, port, rttMs)
  }

  const law = lawOf(declaration)
  const cases: number[] = []
  for (let number = 0; number < docket.size; number++) {
    const meant = hosts.at(docket.names(number))
    const circumstances = seen.at(docket.circumstances(number))
    const place = named.at(docket.location(number), meant)
    const location = circumstances.contested ? contradicted(place) : place
    if (concernsNobody(law, caseOf(meant, location, circumstances, timeline)))
      leftOut.concernsNobody(meant.foreign, remotes.at(docket.location(number)).remote.ip, docket.flows(number))
    else cases.push(number)
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
    vantages: measuring.vantages,
    handshakes: handshakesOf(docket, cases, ofCases),
    controls,
    cases,
    consent: consent?.tally ?? new ConsentTally(),
    inventory,
    reading,
    locations: remotes,
    seen,
    meant: (number) => hosts.at(number),
    circumstances: (number) => seen.at(number),
    located: (number) => remotes.located(number),
  }
}

/** A location of which nothing but its address is left. */
function contradicted({ ip }: Location): Location {
  const nowhere = { country: null, subdivision: null, city: null, cloud: null, prefix: null }
  return { ip, grade: 'conflicted', ...nowhere, evidence: [] }
}

/** The smallest handshakes with the locations of cases, from those of cases that were kept and others. */
function handshakesOf(docket: Docket, cases: readonly number[], ofCases: SmallestHandshakes): SmallestHandshakes {
  const handshakes = new SmallestHandshakes()
  if (ofCases.size === 0) return handshakes
  const kept = new Set(cases)
  for (const [number, vantage, port, rttMs] of ofCases)
    if (kept.has(number)) handshakes.add(docket.location(number), vantage, port, rttMs)
  return handshakes
}
