/** Every observation into exactly one bucket: judged under an outcome, or out of scope by a counted reason. */
import type { Declaration, Locator, Observation, OutOfScope, Session } from '../model.ts'
import { Clocks } from './clocks.ts'
import { Docket } from './docket.ts'
import { type Evidence, Origins } from './evidence.ts'
import { Hosts } from './host.ts'
import { LeftOut } from './out-of-scope.ts'
import { Remotes } from './remotes.ts'

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
  const remotes = new Remotes()
  const clocks = new Clocks(sessions)
  const docket = new Docket(declaration, clocks)
  const origins = new Origins()
  const leftOut = new LeftOut()
  let flows = 0
  let flowsOfUnknownDevice = 0
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
    const located = remotes.located(remote, locator.locate(observation.remote, observation.first))
    const filed = docket.file(observation, meant, located)
    if (filed.outcomes.length === 0) {
      leftOut.unknown(remote, observation.flows)
      continue
    }
    if (!observation.deviceKnown) flowsOfUnknownDevice += observation.flows
    const origin = origins.number(observation)
    let counted = true
    for (const evidence of docket.evidence(filed, located, observation)) {
      evidence.add(observation, origin, counted)
      counted = false
    }
  }
  return {
    evidence: docket.all,
    origins,
    flows,
    remotes: remotes.size,
    outOfScope: leftOut.reasons,
    leftOut: leftOut.list(remotes),
    unknownSessions: clocks.unknown(),
    flowsOfUnknownDevice,
  }
}
