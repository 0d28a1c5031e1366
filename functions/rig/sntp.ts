/** SNTP (RFC 4330; the packet is that of NTP, RFC 5905 §7.3): a question, and what its answer says of the clock. */
import type { Micros } from '../model.ts'
import type { ClockReading } from './entries.ts'

const LENGTH = 48
/** Seconds from 1900, where NTP begins, to 1970. */
const EPOCH = 2_208_988_800
/** NTP counts seconds to 2³² and begins anew, as in 2036. */
const ERA = 2 ** 32

/** What came back. */
export interface SntpExchange {
  readonly request: Uint8Array
  readonly answer: Uint8Array
  /** By the rig's clock: when the question left, and when the answer came. */
  readonly sent: Micros
  readonly received: Micros
}

/**
 * A question.
 *
 * @param nonce eight random bytes that stand where the time of sending would: the answer repeats them, so that nobody who
 * did not see the question can answer it, and the server does not learn the rig's clock
 */
export function sntpRequest(nonce: Uint8Array): Uint8Array {
  const packet = new Uint8Array(LENGTH)
  // No warning, version 4, mode 3 (client).
  packet[0] = 0x23
  packet.set(nonce.subarray(0, 8), 40)
  return packet
}

/**
 * How far the rig's clock is ahead, and how far that may be off: half of the time that question and answer were on the way
 * (all of it could have been one way), and what the server itself may be off by (RFC 5905 §11.2, root distance).
 *
 * @returns the reading, or why the answer is none (RFC 4330 §5)
 */
export function sntpReading({ request, answer, sent, received }: SntpExchange, server: string): ClockReading | string {
  if (answer.length < LENGTH) return `${server} answered ${answer.length} bytes, and NTP has ${LENGTH}`
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength)
  const first = view.getUint8(0)
  const stratum = view.getUint8(1)
  if ((first & 7) !== 4) return `${server} answered in mode ${first & 7}, and a server's is 4`
  for (let i = 0; i < 8; i++)
    if (answer[24 + i] !== request[40 + i]) return `${server} answered a question that was not this one`
  if (stratum === 0) return `${server} does not want to be asked (${kissOf(answer)})`
  if (first >> 6 === 3 || stratum > 15) return `${server} is not synchronised itself`
  const [arrived, left] = [timeAt(view, 32, sent), timeAt(view, 40, sent)]
  if (arrived === null || left === null) return `${server} answered without the time`
  const roundTrip = received - sent - (left - arrived)
  if (left < arrived || roundTrip < 0) return `${server} answered with times that cannot be`
  const ahead = -(arrived - sent + (left - received)) / 2
  const rootDelay = Math.abs(view.getInt32(4)) / 65.536
  const rootDispersion = view.getUint32(8) / 65.536
  return {
    source: `ntp ${server}`,
    offsetMs: ahead / 1000,
    errorMs: roundTrip / 2000 + rootDelay / 2 + rootDispersion,
  }
}

/** Four letters that say why. */
const kissOf = (answer: Uint8Array) =>
  Buffer.from(answer.subarray(12, 16))
    .toString('latin1')
    .replace(/[^A-Z]/g, '') || 'no reason'

/** A time of the packet, in the era that is nearest; null where there is none. */
function timeAt(view: DataView, at: number, near: Micros): Micros | null {
  const seconds = view.getUint32(at)
  const fraction = view.getUint32(at + 4)
  if (seconds === 0 && fraction === 0) return null
  const eras = Math.round((near / 1e6 + EPOCH - seconds) / ERA)
  return (seconds + eras * ERA - EPOCH) * 1e6 + Math.round((fraction / ERA) * 1e6)
}
