/** Tells files of export datagrams from others: version, lengths and times of the first ones agree with one another. */
import { IPFIX, V5, V5_HEADER, V5_RECORD } from './datagrams.ts'
import { datagramLength } from './frame.ts'

/** The name under which a capture of export datagrams is read, where its bytes could be something else too. */
export const NETFLOW = 'netflow'

/** A head of this length that ends inside of a message was cut, not the file. */
const LONG = 16_384
/** 1996, when flows were first exported. */
const EARLIEST = 820_454_400

export const isNetflow = (format: string | undefined) => format?.trim().toLowerCase() === NETFLOW

/** Whether a header with a possible time stands at `at`. */
export function hasPlausibleHeader(view: DataView, at: number, end: number): boolean {
  if (end - at < 16) return false
  const version = view.getUint16(at)
  if (version === IPFIX) return view.getUint32(at + 4) >= EARLIEST
  return (version === V5 || version === 9) && view.getUint32(at + 8) >= EARLIEST
}

/**
 * Whether a file begins with a datagram that agrees with itself.
 *
 * @param head the first bytes of the file, or all where it is shorter
 */
export function looksLikeDatagrams(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  if (!hasPlausibleHeader(view, 0, head.length)) return false
  const length = datagramLength(view, 0, head.length, true)
  if (length <= 0) return false
  if (view.getUint16(0) === IPFIX) {
    // Messages in files may be longer than what is looked at.
    if (!hasWholeSets(view, 16, length) || (length > head.length && head.length < LONG)) return false
  } else if (length > head.length) return false
  if (view.getUint16(0) === V5) return length > V5_HEADER && hasPossibleTimes(view)
  // What follows is a datagram too.
  return head.length - length < 16 || hasPlausibleHeader(view, length, head.length)
}

/** Sets fill the datagram to its end (RFC 7011, section 3.1). */
function hasWholeSets(view: DataView, from: number, end: number): boolean {
  let at = from
  while (Math.min(end, view.byteLength) - at >= 4) {
    const id = view.getUint16(at)
    if (id < 2 || (id > 3 && id < 256) || view.getUint16(at + 2) < 4) return false
    at += view.getUint16(at + 2)
  }
  return at > from && (at === end || (end > view.byteLength && at <= end))
}

/** A record of version 5 began before it ended, and names a protocol with a packet. */
function hasPossibleTimes(view: DataView): boolean {
  const at = V5_HEADER
  const duration = (view.getUint32(at + 28) - view.getUint32(at + 24)) >>> 0
  return view.byteLength >= at + V5_RECORD && duration < 2 ** 31 && view.getUint32(12) < 1e9
}

/** Whether it is sFlow version 5 (sflow.org/sflow_version_5.txt): a 32-bit version, then the kind of the agent's address. */
export function isSflow(view: DataView, at: number, end: number): boolean {
  if (end - at < 28 || view.getUint32(at) !== 5) return false
  const addressType = view.getUint32(at + 4)
  return addressType === 1 || addressType === 2
}
