/**
 * A capture's observations on their way from one thread to another, as columns: cloning an object for each takes both
 * threads about twice as long, and gives every observation texts of its own.
 */
import type { CaptureObservations, Ledger, Name, Observation } from '../model.ts'

/** Numbers of an observation: its counts and times, its payload, port and handshake with NaN for null, then places in lists. */
const rowLength = 19

export interface PackedObservations {
  readonly ledger: Ledger
  readonly opened: number | undefined
  /** {@link rowLength} numbers an observation. */
  readonly rows: Float64Array<ArrayBuffer>
  /** One an observation. */
  readonly remotes: readonly string[]
  /** Each once, as are names and hiddens; the rows say which. */
  readonly steps: readonly Observation['step'][]
  readonly names: readonly (readonly Name[])[]
  readonly hiddens: readonly Observation['hidden'][]
  /** By observation; undefined where nothing was looked for. */
  readonly examined: readonly (Observation['examined'] | undefined)[]
}

/** Packs what one capture gave; {@link unpackObservations} gives the same again. */
export function packObservations({ ledger, observations, opened }: CaptureObservations): PackedObservations {
  const rows = new Float64Array(observations.length * rowLength)
  const remotes: string[] = []
  const steps = new Places<Observation['step']>()
  const names = new Places<readonly Name[]>()
  const hiddens = new Places<Observation['hidden']>()
  const examined = observations.map((observation) => observation.examined)
  let at = 0
  for (const observation of observations) {
    remotes.push(observation.remote)
    rows[at] = observation.hour
    rows[at + 1] = observation.protocol
    rows[at + 2] = observation.flows
    rows[at + 3] = observation.packetsOut
    rows[at + 4] = observation.packetsIn
    rows[at + 5] = observation.bytesOut
    rows[at + 6] = observation.bytesIn
    rows[at + 7] = observation.first
    rows[at + 8] = observation.last
    rows[at + 9] = observation.port ?? Number.NaN
    rows[at + 10] = observation.handshakeRttMs ?? Number.NaN
    rows[at + 11] = Number(observation.deviceKnown)
    rows[at + 12] = steps.of(observation.step)
    rows[at + 13] = names.of(observation.names)
    rows[at + 14] = hiddens.of(observation.hidden)
    rows[at + 15] = observation.payloadOut ?? Number.NaN
    rows[at + 16] = observation.bystander ? 1 : 0
    rows[at + 17] = observation.stepDoubt ? 1 : 0
    rows[at + 18] = observation.outlived ?? 0
    at += rowLength
  }
  return { ledger, opened, rows, remotes, steps: steps.values, names: names.values, hiddens: hiddens.values, examined }
}

/** The capture's observations; those with the same names share their list. */
export function unpackObservations(packed: PackedObservations): CaptureObservations {
  const { ledger, opened, rows, steps, names, hiddens, examined } = packed
  const number = (i: number) => rows[i] as number
  const nullable = (i: number) => (Number.isNaN(number(i)) ? null : number(i))
  const observations = packed.remotes.map((remote, row): Observation => {
    const at = row * rowLength
    const found = examined[row]
    return {
      session: ledger.session,
      step: steps[number(at + 12)] ?? null,
      hour: number(at),
      names: names[number(at + 13)] ?? [],
      hidden: hiddens[number(at + 14)] ?? null,
      deviceKnown: number(at + 11) === 1,
      ...(number(at + 16) === 1 ? { bystander: true as const } : {}),
      remote,
      port: nullable(at + 9),
      protocol: number(at + 1),
      flows: number(at + 2),
      packetsOut: number(at + 3),
      packetsIn: number(at + 4),
      bytesOut: number(at + 5),
      bytesIn: number(at + 6),
      payloadOut: nullable(at + 15),
      first: number(at + 7),
      last: number(at + 8),
      handshakeRttMs: nullable(at + 10),
      ...(number(at + 17) === 1 ? { stepDoubt: true as const } : {}),
      ...(number(at + 18) === 0 ? {} : { outlived: number(at + 18) }),
      ...(found === undefined ? {} : { examined: found }),
      capture: ledger.sha256,
    }
  })
  return opened === undefined ? { ledger, observations } : { ledger, observations, opened }
}

/** Values by the order in which they were first seen; most follow another of the same. */
class Places<Value> {
  readonly values: Value[] = []
  readonly #places = new Map<Value, number>()
  #last = -1

  of(value: Value): number {
    if (this.#last >= 0 && this.values[this.#last] === value) return this.#last
    this.#last = this.#places.get(value) ?? this.values.push(value) - 1
    this.#places.set(value, this.#last)
    return this.#last
  }
}
