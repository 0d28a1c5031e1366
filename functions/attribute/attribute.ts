/**
 * Attribution: of every flow, who opened it, which end is the device, which host was meant and how that is known, and in
 * which step of the session it happened.
 */
import type { Attribution, FlowBatch, Gap, Micros, Name, NameAnswer, Session } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { type AddressKey, Answers, addressKey } from './answers.ts'
import { DeviceAddresses, NOT } from './device.ts'
import { initiatorOf } from './initiator.ts'
import { localEnd } from './local.ts'
import { StepTimes } from './steps.ts'

/** Of {@link Attribution.device}: the flow is between others. */
const NEITHER = 3
const NO_NAMES: readonly Name[] = Object.freeze([])
/** Addresses that are remembered to be the device's, for answers that it got at another address than the flow's. */
const MOST_DEVICE_KEYS = 4096

/** Attributes the flows of one capture; answers have to be given before the flows that began after them. */
export class Attributor {
  readonly #device: DeviceAddresses
  readonly #steps: StepTimes | null
  /** Of each step, when it is surely over. */
  readonly #over: readonly Micros[]
  readonly #clockError: Micros
  readonly #answers = new Answers()
  /** Addresses at which the device was seen. A device with both families may ask at the one and connect at the other. */
  readonly #deviceKeys = new Set<AddressKey>()
  #attribution = attributionOf(0)

  constructor(session: Session) {
    this.#device = new DeviceAddresses(session.device.addresses)
    this.#steps = session.steps.length > 0 ? new StepTimes(session.steps) : null
    this.#clockError = session.rig.clockErrorMs * 1000
    this.#over = session.steps.map(({ until }) => until + this.#clockError)
  }

  /** Takes an answer that some client got from a resolver. */
  answer(answer: NameAnswer): void {
    this.#answers.add(answer)
    if (!this.#device.given) return
    const client = parseAddress(answer.client)
    if (client && this.#device.match(0, client.family, ...client.words) !== NOT) {
      this.#isDevices(addressKey(client.family, ...client.words))
    }
  }

  /**
   * Attributes a batch.
   *
   * - Initiator: see {@link initiatorOf}.
   * - Device: the end that the session's addresses match; of two, the one that matches by an address of its own rather than
   *   by a prefix, else the initiator. A session without addresses: the end in a local network where the other is not.
   *   Neither end, where the session's addresses rule both out (see {@link DeviceAddresses.rulesOut}).
   * - Near end: the device; where it is neither or not known, the local end where the other is not, else the initiator.
   * - Names: those of the flow's payload, then those that resolvers gave the client for the other end's address before
   *   the flow began, unless they had expired by then. The client is the end that sent the SYN; where none was seen, the
   *   device; else the initiator.
   * - Step: by the flow's start; in doubt where an edge of a step is no farther from it than the rig's clock may be off.
   *
   * @returns rows as in the batch; the same object in every call
   */
  attribute(batch: FlowBatch): Attribution {
    if (this.#attribution.initiator.length < batch.length) this.#attribution = attributionOf(batch.capacity)
    const { initiator, device, near, names, step } = this.#attribution
    const steps = this.#steps
    const resolved = !this.#answers.empty
    for (let row = 0; row < batch.length; row++) {
      const opened = initiatorOf(batch.opener[row] ?? 0, batch.portA[row] ?? -1, batch.portB[row] ?? -1)
      initiator[row] = opened
      device[row] = this.#device.given
        ? this.#givenDevice(batch, row, opened)
        : localEnd(batch.family[row] ?? 0, batch.addressA, batch.addressB, row * 4)
      const known = device[row] as number
      near[row] =
        known !== 0 ? known : localEnd(batch.family[row] ?? 0, batch.addressA, batch.addressB, row * 4) || opened
      const own = batch.names[row] ?? NO_NAMES
      names[row] = resolved ? this.#withAnswers(batch, row, batch.opener[row] || known || opened, own) : own
      step[row] = steps === null ? -1 : steps.at(batch.start[row] ?? 0)
    }
    if (steps !== null) this.#markEdges(batch, steps)
    if (this.#device.given) this.#markBystanders(batch)
    return this.#attribution
  }

  /** After the whole batch was looked at: the device may show itself behind the first of its bystanders. */
  #markBystanders(batch: FlowBatch): void {
    const { device } = this.#attribution
    const { family, macA, macB } = batch
    for (let row = 0; row < batch.length; row++)
      if (device[row] === 0 && this.#device.rulesOut(family[row] ?? 0, macA[row] ?? 0, macB[row] ?? 0))
        device[row] = NEITHER
  }

  #markEdges(batch: FlowBatch, steps: StepTimes): void {
    const { step, stepDoubt, outlives } = this.#attribution
    for (let row = 0; row < batch.length; row++) {
      const index = step[row] as number
      stepDoubt[row] = steps.isNearEdge(batch.start[row] as number, this.#clockError) ? 1 : 0
      outlives[row] = index >= 0 && (batch.end[row] as number) > (this.#over[index] as number) ? 1 : 0
    }
  }

  /** Spans in which more names were answered than are kept, so that flows lack them. */
  gaps(): Gap[] {
    return this.#answers.gaps()
  }

  #isDevices(address: AddressKey): void {
    if (this.#deviceKeys.size < MOST_DEVICE_KEYS) this.#deviceKeys.add(address)
  }

  #givenDevice(batch: FlowBatch, row: number, initiator: number): number {
    const { family, addressA: a, addressB: b, macA, macB } = batch
    const at = row * 4
    const f = family[row] ?? 0
    const matchA = this.#device.match(macA[row] ?? 0, f, a[at] ?? 0, a[at + 1] ?? 0, a[at + 2] ?? 0, a[at + 3] ?? 0)
    const matchB = this.#device.match(macB[row] ?? 0, f, b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0, b[at + 3] ?? 0)
    if (matchA === matchB) return matchA === NOT ? 0 : initiator
    return matchA > matchB ? 1 : 2
  }

  #withAnswers(batch: FlowBatch, row: number, clientEnd: number, own: readonly Name[]): readonly Name[] {
    const a = keyAt(batch.family, batch.addressA, row)
    const b = keyAt(batch.family, batch.addressB, row)
    const client = clientEnd === 1 ? a : b
    const remote = clientEnd === 1 ? b : a
    const isDevice = this.#device.given && this.#attribution.device[row] === clientEnd
    if (isDevice) this.#isDevices(client)
    return this.#answers.withAnswers(own, remote, batch.start[row] ?? 0, client, isDevice ? this.#deviceKeys : null)
  }
}

function attributionOf(capacity: number): Attribution {
  return {
    initiator: new Uint8Array(capacity),
    device: new Uint8Array(capacity),
    near: new Uint8Array(capacity),
    names: new Array<readonly Name[]>(capacity).fill(NO_NAMES),
    step: new Int16Array(capacity),
    stepDoubt: new Uint8Array(capacity),
    outlives: new Uint8Array(capacity),
  }
}

function keyAt(family: Uint8Array, address: Uint32Array, row: number): AddressKey {
  const at = row * 4
  return addressKey(
    family[row] ?? 0,
    address[at] ?? 0,
    address[at + 1] ?? 0,
    address[at + 2] ?? 0,
    address[at + 3] ?? 0,
  )
}
