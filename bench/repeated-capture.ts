/** A capture of any length, made while it is read: one capture's packets again and again, each time later than before. */
import { readFileSync } from 'node:fs'

const fileHeader = 24
const recordHeader = 16

/**
 * The bytes of a little-endian pcap file whose packets come `times` times, in chunks of a round.
 *
 * @param path a capture of seconds; rounds are two hours apart, so that every round's conversations are new ones
 */
export function* repeatedCapture(path: string, times: number): Generator<Uint8Array> {
  const file = readFileSync(path)
  yield file.subarray(0, fileHeader)
  const packets = file.subarray(fileHeader)
  for (let round = 0; round < times; round++) {
    if (round > 0)
      for (let at = 0; at + recordHeader <= packets.length; at += recordHeader + packets.readUInt32LE(at + 8))
        packets.writeUInt32LE(packets.readUInt32LE(at) + 7200, at)
    yield packets
  }
}
