/** The columns of nfdump's CSV: those of 1.6 and 1.7 (`ts,te,td,sa,…`), and the names that versions since 1.7.4 write. */

export const START = 0
export const END = 1
export const DURATION = 2
export const FROM = 3
export const TO = 4
export const FROM_PORT = 5
export const TO_PORT = 6
export const PROTOCOL = 7
export const FLAGS = 8
export const PACKETS = 9
export const BYTES = 10
export const BACK_PACKETS = 11
export const BACK_BYTES = 12
export const MAC_FROM_IN = 13
export const MAC_FROM_OUT = 14
export const MAC_TO_IN = 15
export const MAC_TO_OUT = 16
export const POST_TO = 17
export const POST_TO_PORT = 18
export const SNI = 19
export const COLUMNS = 20

const NAMES: Readonly<Record<string, number>> = {
  ts: START,
  te: END,
  td: DURATION,
  sa: FROM,
  da: TO,
  sp: FROM_PORT,
  dp: TO_PORT,
  pr: PROTOCOL,
  flg: FLAGS,
  ipkt: PACKETS,
  ibyt: BYTES,
  opkt: BACK_PACKETS,
  obyt: BACK_BYTES,
  ismc: MAC_FROM_IN,
  osmc: MAC_FROM_OUT,
  idmc: MAC_TO_IN,
  odmc: MAC_TO_OUT,
  firstSeen: START,
  lastSeen: END,
  duration: DURATION,
  srcAddr: FROM,
  dstAddr: TO,
  srcPort: FROM_PORT,
  dstPort: TO_PORT,
  proto: PROTOCOL,
  flags: FLAGS,
  packets: PACKETS,
  inPackets: PACKETS,
  bytes: BYTES,
  inBytes: BYTES,
  outPackets: BACK_PACKETS,
  outBytes: BACK_BYTES,
  inSrcMac: MAC_FROM_IN,
  outSrcMac: MAC_FROM_OUT,
  inDstMac: MAC_TO_IN,
  outDstMac: MAC_TO_OUT,
  dstXIP: POST_TO,
  dstXPort: POST_TO_PORT,
  sniName: SNI,
}

/** What stands in each column of a header line, -1 where nothing is made of it; null where the line is no header of flows. */
export function columnsOf(line: string): Int8Array | null {
  const columns = Int8Array.from(line.trim().split(','), (name) =>
    Object.hasOwn(NAMES, name) ? (NAMES[name] ?? -1) : -1,
  )
  return columns.includes(FROM) && columns.includes(TO) && columns.includes(START) ? columns : null
}

/** Whether a line is the header of nfdump's statistics (`-s`), which count flows and show none. */
export const isStatisticsHeader = (line: string) => /^ts,te,td,pr,val,/.test(line)
