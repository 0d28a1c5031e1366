/**
 * The questions that a client asked a resolver. What comes unasked is believed by no client that is sound (RFC 5452, section
 * 9.1), and not here either: anybody can send a datagram from port 53.
 */
import { latin1 } from './flow-names.ts'

/** Questions of one flow whose answers are still to come; beyond, the oldest is forgotten. */
const MOST_QUESTIONS = 1024

/** The open questions of one flow, which is one client's port and one resolver's. */
export class DnsQuestions {
  readonly #open = new Set<string>()
  /** Whether the client was seen to ask anything. */
  asked = false

  /** Takes a message of the client. */
  ask(message: Uint8Array, offset: number, end: number): void {
    const question = questionOf(message, offset, end)
    if (question === null) return
    this.asked = true
    // Asked again, it is the latest.
    this.#open.delete(question)
    this.#open.add(question)
    if (this.#open.size <= MOST_QUESTIONS) return
    for (const oldest of this.#open) {
      this.#open.delete(oldest)
      return
    }
  }

  /** Whether a message of the resolver answers an open question, which it then closes: the first answer is the one believed. */
  closes(message: Uint8Array, offset: number, end: number): boolean {
    const question = questionOf(message, offset, end)
    return question !== null && this.#open.delete(question)
  }
}

/**
 * The id of a message and its one question, as text to compare by; letters count alike in both cases.
 *
 * @returns null where it asks not exactly one question, or is cut short
 */
function questionOf(bytes: Uint8Array, offset: number, end: number): string | null {
  const from = offset + 12
  if (end < from || bytes[offset + 4] !== 0 || bytes[offset + 5] !== 1) return null
  let at = from
  for (let label = bytes[at] ?? 0; label !== 0; label = bytes[at] ?? 0) {
    // A question comes first: there is nothing yet that it could point to.
    if (label > 63) return null
    at += 1 + label
    if (at >= end) return null
  }
  // The root, type and class.
  const behind = at + 5
  if (behind > end) return null
  const id = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
  return String.fromCharCode(id) + latin1(bytes, from, behind).toLowerCase()
}
