/** What a pcapng section says of its interfaces: link type, clock, and what they lost (draft-ietf-opsawg-pcapng, 4.2, 4.6). */
import { InputError } from '../errors.ts'
import type { Micros } from '../model.ts'
import { type Link, link } from './link-layer.ts'

const END_OF_OPTIONS = 0
const TIME_RESOLUTION = 9
const TIME_OFFSET = 14
const DROPPED_BY_INTERFACE = 5
const DROPPED_BY_SYSTEM = 7
const DROPPED_BEFORE_PACKET = 4

export interface CaptureInterface {
  readonly link: Link
  /** 0: packets are whole. */
  readonly snapLength: number
  /** Time of a packet from the two halves of its 64-bit time stamp. */
  readonly time: (high: number, low: number) => Micros
  /** Packets that were lost, as far as its statistics say. */
  dropped: number
  /** Packets that were lost, as far as the blocks of its packets say: the same ones, where the statistics count them too. */
  droppedBefore: number
}

/** Reads the Interface Description Block at `at`, which is whole. */
export function readInterface(
  bytes: Uint8Array,
  at: number,
  length: number,
  little: boolean,
  offset: number,
): CaptureInterface {
  if (length < 20) throw new InputError(`an interface is described in ${length} bytes, too few`, { offset })
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, length)
  let resolution = 6
  let secondsOffset = 0
  for (const option of options(view, 16, little)) {
    if (option.code === TIME_RESOLUTION && option.length >= 1) resolution = view.getUint8(option.at)
    if (option.code === TIME_OFFSET && option.length >= 8) secondsOffset = Number(view.getBigInt64(option.at, little))
  }
  return {
    link: link(view.getUint16(8, little)),
    snapLength: view.getUint32(12, little),
    time: clock(resolution, secondsOffset),
    dropped: 0,
    droppedBefore: 0,
  }
}

/** Reads the Interface Statistics Block at `at`, which is whole. */
export function readStatistics(
  bytes: Uint8Array,
  at: number,
  length: number,
  little: boolean,
): { interfaceId: number; dropped: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, length)
  if (length < 24) return { interfaceId: -1, dropped: 0 }
  let dropped = 0
  for (const option of options(view, 20, little))
    if ((option.code === DROPPED_BY_INTERFACE || option.code === DROPPED_BY_SYSTEM) && option.length >= 8)
      dropped += knownCount(view.getBigUint64(option.at, little))
  return { interfaceId: view.getUint32(8, little), dropped }
}

/**
 * Packets that an Enhanced Packet Block says were lost since the one before (epb_dropcount, section 4.3), 0 where it does not.
 *
 * @param from where its options begin, as far as it has any; `end` is where they end at the latest
 */
export function readDrops(view: DataView, from: number, end: number, little: boolean): number {
  for (let at = from; at + 4 <= end; ) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    if (code === END_OF_OPTIONS || at + 4 + length > end) return 0
    if (code === DROPPED_BEFORE_PACKET && length === 8) return knownCount(view.getBigUint64(at + 4, little))
    at += 4 + ((length + 3) & ~3)
  }
  return 0
}

/** The same of the old Packet Block at `at` (section C), which has all bits set where nobody knows. */
export function readOldDrops(view: DataView, at: number, little: boolean): number {
  const drops = view.getUint16(at + 10, little)
  return drops === 0xffff ? 0 : drops
}

/** All bits set is how some writers say that they do not know. */
function knownCount(count: bigint): number {
  return count === 0xffff_ffff_ffff_ffffn ? 0 : Number(count)
}

/** The options of a block (section 3.5) from `from` up to its trailing length; ends quietly where they are damaged. */
function* options(
  view: DataView,
  from: number,
  little: boolean,
): Generator<{ code: number; at: number; length: number }> {
  const end = view.byteLength - 4
  for (let at = from; at + 4 <= end; ) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    if (code === END_OF_OPTIONS || at + 4 + length > end) return
    yield { code, at: at + 4, length }
    at += 4 + ((length + 3) & ~3)
  }
}

/**
 * A clock from if_tsresol: a power of ten, or of two where the highest bit is set, as the fraction of a second that one
 * tick is. Ticks are 64 bits, more than a double holds, so the division is made in two parts.
 */
function clock(resolution: number, secondsOffset: number): (high: number, low: number) => Micros {
  const shift = secondsOffset * 1e6
  if (resolution === 6) return (high, low) => high * 0x1_0000_0000 + low + shift
  const isDecimal = resolution < 0x80
  if (isDecimal && resolution > 6 && resolution <= 12) {
    const perMicrosecond = 10 ** (resolution - 6)
    return (high, low) => {
      const rest = (high % perMicrosecond) * 0x1_0000_0000 + low
      return Math.floor(high / perMicrosecond) * 0x1_0000_0000 + Math.floor(rest / perMicrosecond) + shift
    }
  }
  const perSecond = isDecimal ? 10n ** BigInt(resolution) : 1n << BigInt(resolution & 0x7f)
  return (high, low) => Number((((BigInt(high) << 32n) | BigInt(low)) * 1_000_000n) / perSecond) + shift
}
