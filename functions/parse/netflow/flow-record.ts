/** What a data record says of a flow: which of its addresses, counters and times count. */
import type { Micros } from '../../model.ts'
import { FlowLine } from '../flow-pairs.ts'
import { NO_TIME } from '../log-time.ts'
import { isRealEnd } from '../translated-end.ts'
import {
  BACK_BYTES,
  BACK_FLAGS,
  BACK_PACKETS,
  BIFLOW_DIRECTION,
  BOOT,
  BYTES,
  DURATION,
  END,
  END_UPTIME,
  FLAGS,
  FROM_4,
  FROM_6,
  FROM_PORT,
  IP_VERSION,
  MAC_FROM_IN,
  MAC_FROM_OUT,
  MAC_TO_IN,
  MAC_TO_OUT,
  PACKETS,
  POST_TO_4,
  POST_TO_6,
  POST_TO_PORT,
  PROTOCOL,
  SAMPLING_INTERVAL,
  SAMPLING_POPULATION,
  SAMPLING_PROBABILITY,
  SAMPLING_SIZE,
  SAMPLING_SPACE,
  START,
  START_UPTIME,
  TO_4,
  TO_6,
  TO_PORT,
} from './elements.ts'
import type { DataRecord } from './record.ts'
import type { Template } from './template.ts'

export const NO_ADDRESS = 'no-address'
export const OUT_OF_RANGE = 'number-out-of-range'
export const TIME_OUT_OF_RANGE = 'time-out-of-range'

/** RFC 5103, section 6.3: which end began, as the exporter found out. */
const INITIATOR = 1
const REVERSE_INITIATOR = 2
/** More bytes or packets than any exporter counts: IPFIX has 64 bits for them, of which none has needed the last. */
const LARGEST = 2 ** 63

export class FlowRecord {
  readonly line = new FlowLine()

  /**
   * Makes a line of a record.
   *
   * @param uptime milliseconds that the exporter ran when it sent the record, NaN where that is not known
   * @returns why the record is no flow, an empty text where it is one, with {@link untimed} to be asked for its times
   */
  read(record: DataRecord, template: Template, uptime: number): string {
    const { line } = this
    const { numbers } = record
    const family = familyOf(record, template)
    if (family === 0) return NO_ADDRESS
    line.family = family
    this.#readEnds(record, family)
    line.protocol = numbers[PROTOCOL] as number
    line.packets = Math.max(0, numbers[PACKETS] as number)
    line.bytes = Math.max(0, numbers[BYTES] as number)
    line.hasBack = template.hasBack
    line.isTotal = template.hasTotals
    line.backPackets = Math.max(0, numbers[BACK_PACKETS] as number)
    line.backBytes = Math.max(0, numbers[BACK_BYTES] as number)
    line.flags = Math.max(0, numbers[FLAGS] as number)
    line.backFlags = Math.max(0, numbers[BACK_FLAGS] as number)
    const direction = numbers[BIFLOW_DIRECTION]
    line.opener = direction === INITIATOR ? 1 : direction === REVERSE_INITIATOR ? 2 : 0
    // The sender's frame as it came in, the receiver's as it went out: the device's own address is one of them.
    line.macFrom = firstOf(numbers, MAC_FROM_IN, MAC_FROM_OUT)
    line.macTo = firstOf(numbers, MAC_TO_OUT, MAC_TO_IN)
    line.names = template.hasNames ? record.names : undefined
    if (line.protocol > 255 || line.fromPort > 0xffff || line.toPort > 0xffff) return OUT_OF_RANGE
    if (Math.max(line.bytes, line.packets, line.backBytes, line.backPackets) >= LARGEST) return OUT_OF_RANGE
    this.#readTimes(record, uptime)
    return ''
  }

  /** Why the line of the last record has no times; an empty text where it has. */
  untimed(): string {
    const { line } = this
    if (Math.abs(line.start) <= Number.MAX_SAFE_INTEGER && Math.abs(line.end) <= Number.MAX_SAFE_INTEGER) return ''
    const reason = Number.isNaN(line.start) ? NO_TIME : TIME_OUT_OF_RANGE
    line.start = line.end = Number.NaN
    return reason
  }

  /** Source and destination, the latter behind its translation where that is the real one. */
  #readEnds({ words, numbers }: DataRecord, family: number): void {
    const { line } = this
    const from = (family === 4 ? FROM_4 : FROM_6) * 4
    const post = (family === 4 ? POST_TO_4 : POST_TO_6) * 4
    const seen = (family === 4 ? TO_4 : TO_6) * 4
    const isTranslated = !isZero(words, post) && isRealEnd(family, words, from, words, seen, words, post)
    const to = isTranslated ? post : seen
    for (let i = 0; i < 4; i++) {
      line.words[i] = words[from + i] as number
      line.words[4 + i] = words[to + i] as number
    }
    line.fromPort = numbers[FROM_PORT] as number
    line.toPort = numbers[TO_PORT] as number
    if (isTranslated && (numbers[POST_TO_PORT] as number) > 0) line.toPort = numbers[POST_TO_PORT] as number
  }

  #readTimes({ numbers, exportTime }: DataRecord, uptime: number): void {
    const { line } = this
    const boot = numbers[BOOT] as number
    const ran = boot > 0 ? ((exportTime - boot) / 1e3) >>> 0 : uptime
    let start = numbers[START] as number
    let end = numbers[END] as number
    if (Number.isNaN(start)) start = atUptime(numbers[START_UPTIME] as number, ran, exportTime)
    if (Number.isNaN(end)) end = atUptime(numbers[END_UPTIME] as number, ran, exportTime)
    const duration = numbers[DURATION] as number
    if (Number.isNaN(start)) start = duration > 0 ? end - duration : end
    if (Number.isNaN(end)) end = duration > 0 ? start + duration : start
    line.start = start
    line.end = Math.max(start, end)
  }
}

/** Whether a record says that only some of the packets were looked at, or some of the flows exported. */
export function saysSampled({ numbers }: DataRecord): boolean {
  const probability = numbers[SAMPLING_PROBABILITY] as number
  return (
    (probability >= 0 && probability < 1) ||
    (numbers[SAMPLING_INTERVAL] as number) > 1 ||
    (numbers[SAMPLING_SPACE] as number) > 0 ||
    ((numbers[SAMPLING_SIZE] as number) >= 0 &&
      (numbers[SAMPLING_POPULATION] as number) > (numbers[SAMPLING_SIZE] as number))
  )
}

/**
 * When the exporter had run for so many milliseconds. The counter has 32 bits and begins anew every 49 days, between a flow and
 * its export too: what counts is how long before the export it was.
 */
function atUptime(then: number, uptime: number, exportTime: Micros): Micros {
  if (then < 0 || Number.isNaN(uptime)) return Number.NaN
  return exportTime - ((uptime - then) | 0) * 1e3
}

/** 4, 6, or 0 where the record has not both addresses, as exporters fill up those of the family that a flow has not. */
function familyOf({ words, numbers }: DataRecord, { hasAddress }: Template): number {
  const has4 = hasAddress[FROM_4] === 1 && hasAddress[TO_4] === 1
  const has6 = hasAddress[FROM_6] === 1 && hasAddress[TO_6] === 1
  const is4 = has4 && !(isZero(words, FROM_4 * 4) && isZero(words, TO_4 * 4))
  const is6 = has6 && !(isZero(words, FROM_6 * 4) && isZero(words, TO_6 * 4))
  if (is4 && is6) return numbers[IP_VERSION] === 6 ? 6 : 4
  return is4 ? 4 : is6 ? 6 : 0
}

function isZero(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0
}

function firstOf(numbers: Float64Array, slot: number, otherwise: number): number {
  const value = numbers[slot] as number
  return value > 0 ? value : Math.max(0, numbers[otherwise] as number)
}
