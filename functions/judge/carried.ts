/** What flows can have taken to the remote. */
import type { Observation } from '../model.ts'

/**
 * `data`: something. `nothing`: no payload left, as where a connection was refused, never answered, or closed again. `unseen`:
 * data came in over a connection, and what went out is not in the capture. `control`: messages of the network about itself.
 */
export type Carried = 'data' | 'nothing' | 'unseen' | 'control'

export const CARRIED: readonly Carried[] = ['data', 'nothing', 'unseen', 'control']

const TCP = 6
/** ICMP, IGMP, ICMPv6. */
const CONTROL: ReadonlySet<number> = new Set([1, 2, 58])

export function carriedBy(observation: Observation): Carried {
  const { protocol, packetsIn, packetsOut, bytesOut, payloadOut, deviceKnown } = observation
  if (CONTROL.has(protocol)) return 'control'
  // Logs of messages count no packets, and what the messages took.
  if (packetsOut === 0 && bytesOut === 0 && deviceKnown) return 'unseen'
  if (payloadOut !== null) return payloadOut === 0 ? 'nothing' : 'data'
  // TCP delivers nothing before the other end has answered.
  const bare = protocol === TCP && packetsIn === 0 && bytesOut <= bareSegment(observation) * packetsOut
  return bare ? 'nothing' : 'data'
}

/** Whether a remote only sent, and no connection stood by which the device must have answered: a scanner does that. */
export function isUnanswered(observation: Observation): boolean {
  const { deviceKnown, protocol, packetsOut, bytesOut, packetsIn, bytesIn } = observation
  return (
    packetsOut === 0 &&
    bytesOut === 0 &&
    deviceKnown &&
    !(protocol === TCP && bytesIn > bareSegment(observation) * packetsIn)
  )
}

/** Bytes of a TCP segment without data: two headers with every option that they can hold in practice. */
const bareSegment = ({ remote }: Observation) => (remote.includes(':') ? 100 : 80)
