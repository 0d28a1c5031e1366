/** Where a datagram ends that stands among others, one behind the other, as collectors and tests keep them in files. */
import { IPFIX, IPFIX_HEADER, V5, V5_HEADER, V5_RECORD, V9, V9_HEADER } from './datagrams.ts'

/** UDP carries no more (RFC 768). */
export const LONGEST_DATAGRAM = 65_535

/** More bytes are needed to tell. */
export const UNKNOWN = 0
/** What stands there is no datagram. */
export const NONE = -1

/**
 * The length of the datagram at `at`. NetFlow v9 does not state it: it ends where no set follows but the version of another
 * datagram, which is the number of no set.
 *
 * @param isLast whether nothing follows behind `end`
 * @returns {@link UNKNOWN}, {@link NONE}, or bytes, which may be more than are there
 */
export function datagramLength(view: DataView, at: number, end: number, isLast: boolean): number {
  if (end - at < 4) return UNKNOWN
  const version = view.getUint16(at)
  const second = view.getUint16(at + 2)
  if (version === V5) {
    const length = V5_HEADER + second * V5_RECORD
    return length <= LONGEST_DATAGRAM ? length : NONE
  }
  if (version === IPFIX) return second >= IPFIX_HEADER ? second : NONE
  return version === V9 ? lengthOfV9(view, at, end, isLast) : NONE
}

function lengthOfV9(view: DataView, from: number, end: number, isLast: boolean): number {
  let at = from + V9_HEADER
  for (;;) {
    if (at - from > LONGEST_DATAGRAM) return NONE
    if (end - at < 4) {
      const isVersion = end - at >= 2 && isVersionNumber(view.getUint16(at))
      return isVersion || (isLast && end >= at)
        ? (isVersion ? at : Math.max(at, end)) - from
        : isLast
          ? at - from
          : UNKNOWN
    }
    const id = view.getUint16(at)
    const length = view.getUint16(at + 2)
    if (isVersionNumber(id)) return at - from
    if (id === 0 && length === 0) return lengthWithPadding(view, from, at, end, isLast)
    // Only templates, options templates and data have numbers (RFC 3954, section 5.2).
    if ((id > 1 && id < 256) || length < 4) return NONE
    at += length
  }
}

/** Zeros that fill a datagram up end where the version of the next one stands. */
function lengthWithPadding(view: DataView, from: number, paddingAt: number, end: number, isLast: boolean): number {
  let at = paddingAt
  for (; end - at >= 2; at += 2) {
    const word = view.getUint16(at)
    if (at - from > LONGEST_DATAGRAM) return NONE
    if (word !== 0) return isVersionNumber(word) ? at - from : NONE
  }
  return isLast ? end - from : UNKNOWN
}

const isVersionNumber = (word: number) => word === V5 || word === V9 || word === IPFIX
