/**
 * The opening message of Xiaomi's push protocol (MiPush, usually on TCP port 5222), which is in clear text: it names the
 * service's domain, and the client's also the host that it dialled. Later messages are encrypted.
 *
 * There is no public specification. The layout below agrees in every length with the messages of the capture `xiaomi.pcap`
 * of nDPI's test suite, whose dissector (src/lib/protocols/xiaomi.c) knows the first eight bytes:
 *
 *     c2 fe 00 05   magic and version
 *     u32           length of what follows, without the checksum
 *     00 02         a message in clear text; anything else is encrypted
 *     u16, u32      lengths of header and body, both Protocol Buffers
 *     header        3: the service's domain (`xiaomi.com`), 5: the command (`CONN`)
 *     body          7: the host that the client dialled, with its port
 *     u32           checksum
 *
 * The body also holds identifiers of the device (field 4 and others). Only fields 3, 5 and 7 are ever read.
 */
import { canonicalHost } from '../../net/host-name.ts'
import { addName, latin1, type NamedFlow } from './flow-names.ts'
import { Collected, type MessageReader, NO, PERHAPS, type Recognition, YES } from './message-reader.ts'
import { readFields } from './protobuf.ts'

const MAGIC = [0xc2, 0xfe, 0x00, 0x05]
const DOMAIN = 3
const COMMAND = 5
const DIALLED = 7
/** Bytes before the header. */
const PREAMBLE = 16
const LONGEST_MESSAGE = 16384

/** Whether a message of the protocol begins here. */
export function recogniseMiPush(bytes: Uint8Array, offset: number, end: number): Recognition {
  for (const [i, byte] of MAGIC.entries()) {
    if (offset + i >= end) return PERHAPS
    if (bytes[offset + i] !== byte) return NO
  }
  return YES
}

/** The names that an opening message holds: its domain, then the host that was dialled. */
function namesOf(message: Uint8Array): string[] {
  const view = new DataView(message.buffer, message.byteOffset, message.length)
  if (message.length < PREAMBLE || view.getUint16(8) !== 2) return []
  const bodyAt = PREAMBLE + view.getUint16(10)
  const bodyEnd = bodyAt + view.getUint32(12)
  if (bodyEnd !== 8 + view.getUint32(4) || bodyEnd > message.length) return []
  const header = readFields(message, PREAMBLE, bodyAt)
  const text = (f: { offset: number; end: number } | undefined) => (f ? latin1(message, f.offset, f.end) : '')
  if (text(header?.find((f) => f.number === COMMAND)) !== 'CONN') return []
  const dialled = readFields(message, bodyAt, bodyEnd)?.find((f) => f.number === DIALLED)
  return [canonicalHost(text(header?.find((f) => f.number === DOMAIN))), canonicalHost(text(dialled))].filter(
    (name) => name !== null,
  )
}

/** Reads the opening message of one direction. */
export class MiPushReader implements MessageReader {
  readonly #flow: NamedFlow
  readonly #message = new Collected(LONGEST_MESSAGE)
  readonly #done: () => void

  constructor(flow: NamedFlow, done: () => void) {
    this.#flow = flow
    this.#done = done
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    const whole = this.#message.add(bytes, offset, end)
    const { bytes: b, length } = this.#message
    // Length, the eight bytes before it and the checksum behind.
    const wanted = ((b[4] ?? 0) << 24) + ((b[5] ?? 0) << 16) + ((b[6] ?? 0) << 8) + (b[7] ?? 0) + 8
    if (whole && (length < 8 || (wanted <= LONGEST_MESSAGE && length < wanted))) return -1
    this.stop()
    return end
  }

  stop(): void {
    for (const name of namesOf(this.#message.bytes.subarray(0, this.#message.length))) {
      addName(this.#flow, name, 'mipush')
    }
    this.#done()
  }
}
