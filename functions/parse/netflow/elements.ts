/**
 * The information elements that a flow is made of: IANA's registry (https://www.iana.org/assignments/ipfix), of which NetFlow
 * v9 has the first 127 (RFC 3954, section 8), reverse elements (RFC 5103), and those of vendors that name a host.
 */
import type { Via } from '../../model.ts'

// Where a value goes in the numbers of a record.
export const BYTES = 0
export const PACKETS = 1
export const BACK_BYTES = 2
export const BACK_PACKETS = 3
export const PROTOCOL = 4
export const FROM_PORT = 5
export const TO_PORT = 6
export const POST_TO_PORT = 7
export const FLAGS = 8
export const BACK_FLAGS = 9
export const IP_VERSION = 10
export const BIFLOW_DIRECTION = 11
export const MAC_FROM_IN = 12
export const MAC_FROM_OUT = 13
export const MAC_TO_IN = 14
export const MAC_TO_OUT = 15
export const START = 16
export const END = 17
export const START_UPTIME = 18
export const END_UPTIME = 19
export const BOOT = 20
export const DURATION = 21
export const SAMPLING_INTERVAL = 22
export const SAMPLING_SPACE = 23
export const SAMPLING_SIZE = 24
export const SAMPLING_POPULATION = 25
export const SAMPLING_PROBABILITY = 26
export const NUMBERS = 27

// Where an address goes in the addresses of a record.
export const FROM_4 = 0
export const TO_4 = 1
export const POST_TO_4 = 2
export const FROM_6 = 3
export const TO_6 = 4
export const POST_TO_6 = 5
export const ADDRESSES = 6

/** How a value is read. */
export type Kind = 'number' | 'float' | 'address' | 'seconds' | 'milliseconds' | 'ntp' | 'micros-before-export' | 'name'

export interface Element {
  readonly kind: Kind
  readonly slot: number
  /** Of the elements of a template that go to the same place, the highest counts. */
  readonly rank: number
  readonly via?: Via
}

const IANA = 0
/** RFC 5103, section 6.1: what the element says, of the other direction. */
const REVERSE = 29305
const CESNET = 8057
const NTOP = 35632
const FLOWMON = 39499

const table = new Map<number, Element>()

/** Elements that go to one place, the one that counts most first. */
function define(kind: Kind, slot: number, ids: readonly number[], enterprise = IANA, belowRank = 100): void {
  for (const [i, id] of ids.entries()) table.set(keyOf(enterprise, id), { kind, slot, rank: belowRank - i })
}

function defineName(via: Via, enterprise: number, id: number): void {
  table.set(keyOf(enterprise, id), { kind: 'name', slot: 0, rank: 0, via })
}

const keyOf = (enterprise: number, id: number) => enterprise * 65_536 + id

// What the initiator sent, where the record tells it from what the responder sent; since the last record; since the flow
// began; what left the device; and with the link's own headers.
define('number', BYTES, [231, 1, 85, 23, 171, 352, 353])
define('number', PACKETS, [298, 2, 86, 24, 172])
define('number', BACK_BYTES, [232])
define('number', BACK_PACKETS, [299])
define('number', BACK_BYTES, [1, 85], REVERSE, 50)
define('number', BACK_PACKETS, [2, 86], REVERSE, 50)
// nProbe's template: its 23 and 24 are what the other end sent.
const ofNprobe = new Map<number, Element>([
  [23, { kind: 'number', slot: BACK_BYTES, rank: 40 }],
  [24, { kind: 'number', slot: BACK_PACKETS, rank: 40 }],
])
define('number', FLAGS, [6])
define('number', BACK_FLAGS, [6], REVERSE)
define('number', BIFLOW_DIRECTION, [239])

define('address', FROM_4, [8])
define('address', TO_4, [12])
define('address', FROM_6, [27])
define('address', TO_6, [28])
// Behind a translation of addresses; 40002 and 40004 are what Cisco's ASA used before IANA had numbers for them.
define('address', POST_TO_4, [226, 40_002])
define('address', POST_TO_6, [282])
define('number', POST_TO_PORT, [228, 40_004])
define('number', IP_VERSION, [60])
define('number', PROTOCOL, [4])
define('number', FROM_PORT, [7, 182, 180])
define('number', TO_PORT, [11, 183, 181])
define('number', MAC_FROM_IN, [56])
define('number', MAC_FROM_OUT, [81])
define('number', MAC_TO_IN, [80])
define('number', MAC_TO_OUT, [57])

// Where none of the flow's own times is there, that of the event or packet that the record is about.
define('milliseconds', START, [152])
define('ntp', START, [156, 154], IANA, 99)
define('seconds', START, [150], IANA, 97)
define('micros-before-export', START, [158], IANA, 96)
define('milliseconds', END, [153])
define('ntp', END, [157, 155], IANA, 98)
define('seconds', END, [151], IANA, 96)
define('micros-before-export', END, [159], IANA, 95)
define('milliseconds', END, [323], IANA, 91)
define('ntp', END, [325, 324], IANA, 90)
define('seconds', END, [322], IANA, 80)
define('number', START_UPTIME, [22])
define('number', END_UPTIME, [21])
define('milliseconds', BOOT, [160])
define('milliseconds', DURATION, [161])
define('number', DURATION, [162], IANA, 99)

define('number', SAMPLING_INTERVAL, [34, 50])
// RFC 5477 of packets, RFC 7014 of flows: what was passed over, and how many of how many were taken.
define('number', SAMPLING_SPACE, [306, 397])
define('number', SAMPLING_SIZE, [309, 395])
define('number', SAMPLING_POPULATION, [310, 394])
define('float', SAMPLING_PROBABILITY, [311])

defineName('http-host', IANA, 460)
defineName('http-host', FLOWMON, 1)
defineName('tls-sni', CESNET, 808)
defineName('quic-sni', CESNET, 890)
defineName('tls-sni', NTOP, 188)
/** nProbe's elements in NetFlow v9, which has no enterprises, are numbered so much higher. */
const NTOP_IN_V9 = 57_472
defineName('tls-sni', IANA, NTOP_IN_V9 + 188)

/** Whether a counter is that since the flow began (`octetTotalCount`, `packetTotalCount`), not since the last record. */
export function isTotal(element: Element): boolean {
  return element === table.get(keyOf(IANA, 85)) || element === table.get(keyOf(IANA, 86))
}

/** Whether an element is one that nProbe alone exports. */
export function isOfNprobe(enterprise: number, id: number): boolean {
  return enterprise === NTOP || (enterprise === IANA && id >= NTOP_IN_V9)
}

/**
 * What an element is of a flow; undefined where nothing is made of it.
 *
 * @param byNprobe whether nProbe's elements stand beside it
 */
export function elementOf(enterprise: number, id: number, byNprobe = false): Element | undefined {
  if (byNprobe && enterprise === IANA && ofNprobe.has(id)) return ofNprobe.get(id)
  return table.get(keyOf(enterprise, id))
}
