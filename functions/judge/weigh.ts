/** Every observation into exactly one bucket: judged under an outcome, or out of scope by a counted reason. */
import type { Declaration, Locator, Observation, OutOfScope, Session } from '../model.ts'
import { Clocks } from './clocks.ts'
import { Docket } from './docket.ts'
import { Evidence, Origins } from './evidence.ts'
import { Hosts } from './host.ts'
import { LeftOut } from './out-of-scope.ts'
import { outcomesOf } from './outcome.ts'
import { Remotes } from './remotes.ts'
import { lawOf } from './residency.ts'

export interface Weighed {
  readonly evidence: readonly Evidence[]
  readonly origins: Origins
  readonly flows: number
  readonly remotes: number
  /** Flows by reason. */
  readonly outOfScope: Readonly<Record<string, number>>
  readonly leftOut: readonly OutOfScope[]
  /** Sessions of observations that `sessions` does not describe. */
  readonly unknownSessions: readonly string[]
  readonly flowsOfUnknownDevice: number
}

export function weigh(
  declaration: Declaration,
  sessions: readonly Session[],
  locator: Locator,
  observations: Iterable<Observation>,
): Weighed {
  const hosts = new Hosts(declaration)
  const remotes = new Remotes(locator)
  const clocks = new Clocks(sessions)
  const docket = new Docket(declaration.services, clocks)
  const origins = new Origins()
  const leftOut = new LeftOut()
  let flows = 0
  for (const observation of observations) {
    flows += observation.flows
    const remote = remotes.get(observation.remote)
    if (remote.outside !== null) {
      leftOut.special(remote.outside, observation.flows)
      continue
    }
    const meant = hosts.meant(observation.names)
    if (meant.kind === 'foreign' && meant.asked.length === 0) {
      leftOut.foreign(meant, observation.flows)
      continue
    }
    const located = remotes.located(remote, observation.first)
    docket.file(observation, meant, remote, located, origins.number(observation))
  }
  const law = lawOf(declaration)
  const evidence: Evidence[] = []
  let flowsOfUnknownDevice = 0
  for (const entry of docket.entries) {
    const outcomes = outcomesOf(law, declaration, entry)
    if (outcomes.length === 0) {
      leftOut.unknown(entry.remote, entry.flows)
      continue
    }
    if (!entry.deviceKnown) flowsOfUnknownDevice += entry.flows
    for (const [i, outcome] of outcomes.entries()) evidence.push(new Evidence(outcome, entry, i === 0))
  }
  return {
    evidence,
    origins,
    flows,
    remotes: remotes.size,
    outOfScope: leftOut.reasons,
    leftOut: leftOut.list(remotes),
    unknownSessions: clocks.unknown(),
    flowsOfUnknownDevice,
  }
}
