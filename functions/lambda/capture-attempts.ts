/**
 * Attempts at reading a capture. One that takes all the memory kills the function before it can say a word, so that an
 * attempt is written down before it begins. Where it ends without a receipt, that is written down too: an attempt without
 * an end, whose function's time is over, killed its function.
 */
import { randomUUID } from 'node:crypto'
import { keyPart } from '../observe/keys.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { documentBytes } from './document-bytes.ts'
import { type ReceiptSubject, receiptId } from './receipt.ts'

const BEGUN = '.begun.json'
const ENDED = '.ended.json'

const attemptsOf = (subject: ReceiptSubject) => `attempts/${keyPart(subject.campaign)}/${receiptId(subject)}/`

/** @returns how many attempts at a capture killed the function */
export async function killedAttempts(evidence: ObjectStore, subject: ReceiptSubject, now: Date): Promise<number> {
  const keys = await evidence.list(attemptsOf(subject))
  const ended = new Set(keys.filter((key) => key.endsWith(ENDED)))
  return keys.filter(
    (key) => key.endsWith(BEGUN) && !ended.has(key.slice(0, -BEGUN.length) + ENDED) && deadlineOf(key) < now,
  ).length
}

/**
 * Writes down that an attempt begins.
 *
 * @param deadline when the function is killed in any case: until then the attempt may still go on
 * @returns what to call where it ends without a receipt
 */
export async function beginAttempt(
  evidence: ObjectStore,
  subject: ReceiptSubject,
  deadline: Date,
): Promise<() => Promise<void>> {
  // The listing is to tell all that matters, so the deadline is a part of the name.
  const attempt = `${attemptsOf(subject)}${deadline.getTime()}.${randomUUID()}`
  const { source, version } = subject
  const note = documentBytes({ source, version, deadline: deadline.toISOString() })
  const write = async (key: string) => void (await evidence.write(key, note, { contentType: 'application/json' }))
  await write(attempt + BEGUN)
  return () => write(attempt + ENDED)
}

const deadlineOf = (key: string) => new Date(Number(/\/(\d+)\.[^/]+$/.exec(key)?.[1]))
