/** The names that a message of DNS asks for (RFC 1035, section 4.1.2), and what else a client says in it. */
import { DnsStreamReader } from '../payload/dns-stream.ts'
import type { ContentReading } from './content-reading.ts'
import type { Speaker } from './speaker.ts'

const HEADER = 12
const LONGEST_NAME = 255
const DOT = 46

/** Hands on a message: the names of a question, and what stands behind them; all of it where it is no question. */
export function sayDns(speaker: Speaker, message: Uint8Array): void {
  // An answer repeats the question and is nobody's own words, but it may be one that a device gives.
  const isQuestion = message.length >= HEADER && ((message[2] as number) & 0xf8) === 0
  const questions = isQuestion ? ((message[4] as number) << 8) | (message[5] as number) : 0
  let at = HEADER
  for (let i = 0; i < questions; i++) {
    const read = readName(message, at)
    if (read === null) break
    speaker.say('name', read.name)
    // Type and class.
    at = read.behind + 4
  }
  const rest = message.subarray(at === HEADER ? 0 : Math.min(at, message.length))
  speaker.say('stream', rest)
}

/** A name that has no pointers, as it was sent, with dots between its labels. */
function readName(message: Uint8Array, from: number): { name: Uint8Array; behind: number } | null {
  const name = new Uint8Array(LONGEST_NAME)
  let length = 0
  let at = from
  for (let label = message[at]; label !== 0; label = message[at]) {
    if (label === undefined || label > 63 || at + 1 + label > message.length) return null
    if (length + 1 + label > LONGEST_NAME) return null
    if (length > 0) name[length++] = DOT
    name.set(message.subarray(at + 1, at + 1 + label), length)
    length += label
    at += 1 + label
  }
  return { name: name.subarray(0, length), behind: at + 1 }
}

/** Reads the messages of a connection, each behind its length. */
export class DnsContent implements ContentReading {
  readonly #messages: DnsStreamReader
  #pending = 0
  readonly #speaker: Speaker

  constructor(speaker: Speaker) {
    this.#speaker = speaker
    this.#messages = new DnsStreamReader((message, length) => sayDns(speaker, message.subarray(0, length)))
  }

  get kept(): number {
    return this.#pending
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    const behind = this.#messages.push(bytes, offset, end)
    this.#pending = behind < 0 ? this.#pending + end - offset : 0
    return behind
  }

  lost(): boolean {
    this.stop()
    return false
  }

  stop(): void {
    this.#speaker.unread += this.#pending
    this.#pending = 0
    this.#messages.stop()
  }
}
