/**
 * The line in which a load balancer tells a server whom it speaks for, before what the client sent
 * (The PROXY protocol, version 1, section 2.1: https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt).
 */
import { type MessageReader, NO, PERHAPS, type Recognition, YES } from './message-reader.ts'

const START = new TextEncoder().encode('PROXY ')
const LONGEST_LINE = 107

export function recogniseProxyLine(bytes: Uint8Array, offset: number, end: number): Recognition {
  for (const [i, byte] of START.entries()) {
    if (offset + i >= end) return PERHAPS
    if (bytes[offset + i] !== byte) return NO
  }
  return YES
}

/** Passes over the line. */
export class ProxyLine implements MessageReader {
  #length = 0

  push(bytes: Uint8Array, offset: number, end: number): number {
    for (let at = offset; at < end; at++) {
      if (bytes[at] === 10 || ++this.#length > LONGEST_LINE) return at + 1
    }
    return -1
  }

  stop(): void {}
}
