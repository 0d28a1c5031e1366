/** How much of a capture ingest reads. Beyond it the capture is quarantined in words, before the function is killed without any. */
import { InputError } from '../errors.ts'
import type { QuarantineReason } from './quarantine.ts'

/** Where the environment sets no other. S3 takes objects of 5 GiB in one piece. */
export const DEFAULT_MAX_CAPTURE_BYTES = 5 * 1024 ** 3
/** More than a VPC flow log of 5 GiB has, packed as AWS delivers it; the time runs out at about as many. */
export const DEFAULT_MAX_CAPTURE_RECORDS = 500_000_000
/** Before the function's deadline reading stops, so that what was observed can still be written. Milliseconds. */
export const MARGIN_MS = 20_000
/** Share of the function's time that a capture must have had to be called too slow. */
const NEARLY_ALL = 0.9
/** Attempts at a capture that may kill the function before it is given up. */
export const MOST_KILLED = 3

export interface CaptureLimits {
  /** Of the uploaded object, packed as it is. */
  readonly bytes: number
  /** Packets, or rows of a log. */
  readonly records: number
}

/** A capture of which no observations are made, with why. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly reason: QuarantineReason

  constructor(reason: QuarantineReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** The function has too little time left for this capture, which had not all of it; another delivery may have. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError'
}

/** Reading the object failed, which is no fault of what it holds. */
export class ReadingError extends Error {
  override readonly name = 'ReadingError'
}

/** The time that an invocation of the function has. */
export class TimeLeft {
  readonly #remainingMs: () => number
  readonly #whole: number

  /** @param remainingMs milliseconds until the function is killed, as Lambda's context gives them */
  constructor(remainingMs: () => number) {
    this.#remainingMs = remainingMs
    this.#whole = remainingMs()
  }

  /** When the function is killed. */
  deadline(): Date {
    return new Date(Date.now() + this.#remainingMs())
  }

  /** Begins a capture. @returns what to call while reading it */
  begin(): () => void {
    // Looking for what is known already takes time too; a capture is only to blame where that was next to none.
    const hadAll = this.#remainingMs() >= NEARLY_ALL * this.#whole
    const check = () => {
      if (this.#remainingMs() > MARGIN_MS) return
      if (!hadAll)
        throw new OutOfTimeError('the function has used its time on what came before; the message comes again')
      throw new RefusedError(
        'too-slow',
        `reading takes longer than the function may run: it was stopped ${MARGIN_MS / 1000} s before its end. ` +
          'Divide the capture into smaller files, and upload those',
      )
    }
    check()
    return check
  }
}

/** @throws RefusedError */
export function checkSize(size: number, limits: CaptureLimits): void {
  if (size > limits.bytes)
    throw new RefusedError(
      'too-large',
      `the object has ${size} bytes, and the limit is ${limits.bytes}: divide the capture into smaller files, and upload those`,
    )
}

/** @throws RefusedError */
export function checkRecords(records: number, limits: CaptureLimits): void {
  if (records > limits.records)
    throw new RefusedError(
      'too-many-records',
      `the capture has more than ${limits.records} records, the limit: divide it into smaller files, and upload those`,
    )
}

/** @param killed attempts at the capture that killed the function. @throws RefusedError */
export function checkAttempts(killed: number): void {
  if (killed >= MOST_KILLED)
    throw new RefusedError(
      'too-heavy',
      `the function was killed ${MOST_KILLED} times while it read this, by its memory or its time: ` +
        'divide the capture into smaller files, and upload those',
    )
}

/**
 * The bytes of an object, with `check` called at each chunk.
 *
 * @throws what `check` throws; ReadingError, with its cause, where the object cannot be read: an InputError of the store must
 * not be taken for one of the capture
 */
export async function* checked(chunks: AsyncIterable<Uint8Array>, check: () => void): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    for (;;) {
      check()
      const { done, value } = await iterator.next().catch((cause: unknown) => {
        throw cause instanceof InputError ? new ReadingError('reading an object failed', { cause }) : cause
      })
      if (done) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}
