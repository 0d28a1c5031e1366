/** What flows can have taken to the remote. */
import type { Observation, Via } from '../model.ts'

/**
 * `data`: something. `nothing`: no payload left, as where a connection was refused, never answered, or closed again. `unseen`:
 * data came in over a connection or nothing was counted, and what went out is not known. `control`: messages of the network about itself.
 */
export type Carried = 'data' | 'nothing' | 'unseen' | 'control'

export const CARRIED: readonly Carried[] = ['data', 'nothing', 'unseen', 'control']

const TCP = 6
/** ICMP, IGMP, ICMPv6. */
const CONTROL: ReadonlySet<number> = new Set([1, 2, 58])
/** Names that stand in the first data of a connection, of the end that opened it. */
const SAID_BY_OPENER: ReadonlySet<Via> = new Set(['tls-sni', 'quic-sni', 'http-host'])

export function carriedBy(observation: Observation): Carried {
  const { protocol, packetsIn, packetsOut, bytesOut, payloadOut, deviceKnown } = observation
  if (CONTROL.has(protocol)) return 'control'
  // Logs of messages count no packets, and what the messages took.
  if (packetsOut === 0 && bytesOut === 0 && deviceKnown) return isNamedByDevice(observation) ? 'data' : 'unseen'
  if (payloadOut !== null) return payloadOut === 0 ? 'nothing' : 'data'
  // TCP delivers nothing before the other end has answered.
  const bare = protocol === TCP && packetsIn === 0 && bytesOut <= bareSegment(observation) * packetsOut
  return bare ? 'nothing' : 'data'
}

/**
 * Whether a remote only sent, and no connection stood by which the device must have answered: a scanner does that. Where nothing
 * was counted of either end, as in logs without counters, nothing is known of who sent.
 */
export function isUnanswered(observation: Observation): boolean {
  const { deviceKnown, protocol, packetsOut, bytesOut, packetsIn, bytesIn } = observation
  return (
    packetsOut === 0 &&
    bytesOut === 0 &&
    packetsIn + bytesIn > 0 &&
    deviceKnown &&
    !isNamedByDevice(observation) &&
    !(protocol === TCP && bytesIn > bareSegment(observation) * packetsIn)
  )
}

/**
 * Whether a log that counts no payload saw a name in what the device itself said to the remote. One that counts it, and counted
 * none, says that the name was only to be sent.
 */
function isNamedByDevice({ names, port, payloadOut }: Observation): boolean {
  return payloadOut === null && port !== null && names.some(({ via }) => SAID_BY_OPENER.has(via))
}

/** Bytes of a TCP segment without data: two headers with every option that they can hold in practice. */
const bareSegment = ({ remote }: Observation) => (remote.includes(':') ? 100 : 80)
