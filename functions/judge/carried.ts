/** What flows can have taken to the remote. */
import type { Observation, Via } from '../model.ts'

/**
 * `data`: something. `nothing`: no payload left, as where a connection was refused, never answered, or closed again.
 * `unanswered`: a log that tells no payload counts no answer, and no more than an attempt takes; where it holds one direction
 * only, that says little. `unseen`: data came in over a connection or nothing was counted, and what went out is not known.
 * `control`: messages of the network about itself.
 */
export type Carried = 'data' | 'nothing' | 'unanswered' | 'unseen' | 'control'

export const CARRIED: readonly Carried[] = ['data', 'nothing', 'unanswered', 'unseen', 'control']

const UNSTATED = -1
const TCP = 6
/** ICMP, IGMP, ICMPv6. */
const CONTROL: ReadonlySet<number> = new Set([1, 2, 58])
/** Names that stand in the first data of a connection, of the end that opened it. */
const SAID_BY_OPENER: ReadonlySet<Via> = new Set(['tls-sni', 'quic-sni', 'http-host'])
/** More SYNs than any system sends before it gives up: Linux sends seven (tcp_syn_retries). */
const MOST_ATTEMPTS = 12

export function carriedBy(observation: Observation): Carried {
  const { protocol, packetsOut, bytesOut, payloadOut, deviceKnown } = observation
  if (CONTROL.has(protocol)) return 'control'
  // Logs of messages count no packets, and what the messages took.
  if (packetsOut === 0 && bytesOut === 0 && deviceKnown) return isNamedByDevice(observation) ? 'data' : 'unseen'
  if (payloadOut !== null) return payloadOut === 0 ? 'nothing' : 'data'
  return isAttempt(observation) ? 'unanswered' : 'data'
}

/**
 * Whether what is counted is no more than an attempt at a TCP conversation: TCP delivers nothing before the other end has answered.
 * Where the log states no protocol, it may be one.
 */
function isAttempt(observation: Observation): boolean {
  const { protocol, flows, packetsIn, packetsOut, bytesIn, bytesOut } = observation
  if ((protocol !== TCP && protocol !== UNSTATED) || packetsIn + bytesIn > 0) return false
  const segments = packetsOut > 0 ? packetsOut : MOST_ATTEMPTS * flows
  return bytesOut <= bareSegment(observation) * segments
}

/**
 * Whether a remote only sent, and no connection stood by which the device must have answered: a scanner does that. Where nothing
 * was counted of either end, as in logs without counters, nothing is known of who sent. Nor is it where a log that tells no
 * payload has the remote at a port of a server's: what the device asked may stand in records of the other direction.
 */
export function isUnanswered(observation: Observation): boolean {
  const { deviceKnown, protocol, port, packetsOut, bytesOut, payloadOut, packetsIn, bytesIn } = observation
  return (
    packetsOut === 0 &&
    bytesOut === 0 &&
    packetsIn + bytesIn > 0 &&
    deviceKnown &&
    !(payloadOut === null && port !== null) &&
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
