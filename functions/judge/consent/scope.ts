/** Whether a claim speaks of a session: of its time, and of its device. */
import type { Consent, Micros, Session } from '../../model.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../../net/clock-error.ts'
import { formatTime } from '../../net/time.ts'
import { nameList } from '../name-list.ts'

/** Why something is open, and what would settle it. */
export interface Doubt {
  readonly reason: string
  readonly settle: string
}

export interface Scope {
  /** Why the claim does not speak of the session; null where it does, or may. */
  readonly outside: string | null
  /** Why it is not known whether it does. */
  readonly doubt: Doubt | null
  /** Why the device's user may have agreed before the session began. */
  readonly earlier: Doubt | null
}

/**
 * @param session null where nobody described it, or where several bear its id
 * @param id of the session, and how many descriptions bear it
 * @param firstPacket of the session's captures; null where none is known
 */
export function scopeOf(
  claim: Consent,
  session: Session | null,
  {
    id,
    described,
    firstPacket,
  }: { readonly id: string; readonly described: boolean; readonly firstPacket: Micros | null },
): Scope {
  const device = session?.device
  const steps = session?.steps ?? []
  const error = (session?.rig.clockErrorMs ?? ASSUMED_CLOCK_ERROR_MS) * 1000
  const start = steps.length > 0 ? Math.min(...steps.map(({ from }) => from)) : firstPacket
  const { firmware, deviceStates } = claim.preconditions ?? {}
  const { since } = claim
  const name = nameList([id])
  const outside =
    since !== null && start !== null && start + error < since
      ? `The session began at ${formatTime(start)}, and the claim holds from ${formatTime(since)} on.`
      : firmware && device?.firmware !== undefined && !firmware.some((one) => fitsFirmware(device.firmware, one))
        ? `The firmware of the device was ${nameList([device.firmware])}; the claim is about ${nameList(firmware)}.`
        : deviceStates && device?.state !== undefined && !deviceStates.includes(device.state)
          ? `${STATES[device.state]}; the claim is about devices that are ${deviceStates.join(' or ')}.`
          : null
  if (outside !== null) return { outside, doubt: null, earlier: null }
  const doubts: readonly (Doubt | false)[] = [
    session === null &&
      (described
        ? {
            reason: `Several sessions bear the id ${name}, so that their steps cannot be told apart.`,
            settle: 'An id of its own for every session.',
          }
        : {
            reason: `No session.yaml describes ${name}: whether anybody had agreed is not known.`,
            settle: 'A session.yaml with the steps of the session.',
          }),
    session !== null &&
      steps.length === 0 && {
        reason: `The session.yaml of ${name} names no steps: whether anybody had agreed is not known.`,
        settle: 'The steps of the session in session.yaml.',
      },
    since !== null &&
      (start === null || start - error < since) && {
        reason: `The claim holds from ${formatTime(since)} on, and the session began too near to that for its clock, or at a time that is not known.`,
        settle: 'A session that begins later.',
      },
    firmware !== undefined &&
      device?.firmware === undefined && {
        reason: `The claim is about the firmware ${nameList(firmware)}, and session.yaml does not say which the device had.`,
        settle: "The device's firmware in session.yaml.",
      },
    deviceStates !== undefined &&
      device?.state === undefined && {
        reason: `The claim is about devices that are ${deviceStates.join(' or ')}, and session.yaml does not say how the device came into the session.`,
        settle: "The device's state in session.yaml.",
      },
  ]
  const kept = deviceStates === undefined && (device?.state === 'in-use' || device?.state === 'updated')
  return {
    outside: null,
    doubt: doubts.find((one) => one !== false) ?? null,
    earlier: kept
      ? {
          reason: `${STATES[device?.state ?? 'in-use']}: its user may have agreed before the session began.`,
          settle: 'A session of a device that is new, or was set back to the state of the factory.',
        }
      : null,
  }
}

const STATES = {
  new: 'The device was new',
  'factory-reset': 'The device was set back to the state of the factory',
  updated: 'The device was updated and kept its data, without a factory reset',
  'in-use': 'The device had been in use',
} as const

/** @param pattern exact, or with `*` at the end */
function fitsFirmware(firmware: string | undefined, pattern: string): boolean {
  if (firmware === undefined) return false
  return pattern.endsWith('*') ? firmware.startsWith(pattern.slice(0, -1)) : firmware === pattern
}
