/** Observations, weighed: what an audit is concluded from, whether one machine weighed them or many. */
import type { Judgement } from '../model.ts'
import type { ConsentTally } from './consent/tally.ts'
import type { Docket } from './docket.ts'
import type { Controls, SmallestHandshakes, Vantages } from './handshakes.ts'
import type { Meant } from './host.ts'
import type { InventoryTally } from './inventory.ts'
import type { Located } from './located.ts'
import type { Origins } from './origins.ts'
import type { LeftOut } from './out-of-scope.ts'
import type { ReadingSum } from './reading.ts'
import type { Circumstances } from './weighed-part.ts'

export interface Weighed {
  /** Of all observations; each is in a case or left out. */
  readonly flows: number
  /** First and last packet of all observations; null without any. */
  readonly period: Judgement['period']
  /** How many addresses the devices talked to. */
  readonly remotes: number
  /** Steps in which a packet was seen, sorted. */
  readonly steps: readonly string[]
  /** Sessions of observations that nobody described, sorted. */
  readonly unknownSessions: readonly string[]
  readonly origins: Origins
  readonly leftOut: LeftOut
  readonly docket: Docket
  readonly vantages: Vantages
  /** By the docket's numbers of locations. */
  readonly handshakes: SmallestHandshakes
  readonly controls: Controls
  /** Numbers in the docket of the cases that concern the declaration. */
  readonly cases: readonly number[]
  /** With the docket's numbers of locations, as the inventory. */
  readonly consent: ConsentTally
  readonly inventory: InventoryTally
  readonly reading: ReadingSum
  /** By the docket's numbers: the list of names, classified. */
  meant(number: number): Meant
  circumstances(number: number): Circumstances
  /** The same object whenever the same number is asked. */
  located(number: number): Located
}

/** Flows of which it is not known which end is the device. */
export function flowsOfUnknownDevice(weighed: Weighed): number {
  const { docket, cases } = weighed
  let flows = 0
  for (const number of cases)
    if (!weighed.circumstances(docket.circumstances(number)).deviceKnown) flows += docket.flows(number)
  return flows
}
