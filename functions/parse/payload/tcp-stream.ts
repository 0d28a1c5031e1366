/**
 * One direction of a TCP connection, put in order again as far as finding messages needs it (RFC 9293, section 3.4).
 *
 * While no message is in progress, every segment is looked at by itself: a message may begin at any of them, a gap does not
 * matter, and the capture may have begun in the middle. The first kilobytes are kept, in case that the segment with the
 * beginning of a message is captured later than those with its rest. Within a message, later segments wait for the missing
 * ones. All of it is bounded: see the limits below.
 */
import { type Budget, HeldSegments } from './held-segments.ts'
import { type MessageReader, type NO, PERHAPS } from './message-reader.ts'

/** Chooses the reader of the message that begins here in a stream, if one does. */
export interface Recogniser {
  recognise(
    stream: TcpStream,
    bytes: Uint8Array,
    offset: number,
    end: number,
  ): MessageReader | typeof NO | typeof PERHAPS
}

/** Segments and bytes in which no message began, until the stream is given up. */
const MOST_STRANGE = 256
const MOST_STRANGE_BYTES = 65536
/** Of these, how many bytes are kept in case that their beginning follows. */
const MOST_EARLY_BYTES = 8192
/** Bytes and segments that wait for a missing one within a message. */
const MOST_WAITING_BYTES = 65536
/** Messages that were cut by a gap, until what waited behind a gap is no longer looked through. */
const MOST_LOST = 16
/** Of a message in progress, what counts against the budget. */
const MOST_CHARGED = 65536

export class TcpStream {
  /** Nothing more can be learnt from this direction. */
  ignored = false
  readonly #recogniser: Recogniser
  readonly #budget: Budget
  #begun = false
  /** Sequence number that follows what was read. */
  #next = 0
  #reader: MessageReader | null = null
  /** Bytes of a body that are passed over unread. */
  #pass = 0
  readonly #held: HeldSegments
  #charged = 0
  #strange = 0
  #lost = 0
  #strangeBytes = 0

  /** Whether a message may begin or go on in the next bytes. */
  get reading(): boolean {
    return !this.ignored && this.#pass === 0
  }

  constructor(recogniser: Recogniser, budget: Budget) {
    this.#recogniser = recogniser
    this.#budget = budget
    this.#held = new HeldSegments(budget)
  }

  /** Takes a segment's payload, which is only valid during the call. */
  take(sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    if (this.ignored) return
    if (!this.#begun) {
      this.#begun = true
      this.#next = sequence
    }
    let start = offset
    let ahead = (sequence - this.#next) | 0
    if (this.#pass > 0 && ahead > 0) {
      // A gap in a body is of no matter.
      const lost = Math.min(this.#pass, ahead)
      this.#pass -= lost
      ahead -= lost
      this.#next = (this.#next + lost) >>> 0
    }
    const open = this.#reader === null && this.#pass === 0
    if (ahead < 0) {
      if (open) {
        this.#late(sequence, bytes, offset, end)
        return
      }
      if (start - ahead >= end) return
      start -= ahead
    } else if (ahead > 0) {
      if (!open) {
        if (!this.#held.add(sequence, bytes, offset, end, false, MOST_WAITING_BYTES))
          this.#lose(sequence, bytes, offset, end)
        return
      }
      this.#next = sequence
    }
    this.#deliver(bytes, start, end)
    if (this.#held.length > 0 && (!open || this.#reader !== null || this.#pass > 0)) this.#drain()
  }

  /** Hands what follows to a reader. */
  read(reader: MessageReader): void {
    this.#reader = reader
  }

  /** Passes over the bytes that follow. */
  pass(count: number): void {
    this.#pass = count
  }

  /** Nothing more of this direction is wanted. */
  ignore(): void {
    this.ignored = true
    this.#reader = null
    this.#pass = 0
    this.#refund()
    this.#held.clear()
  }

  /** Listens again from the next segment on. */
  listen(): void {
    this.ignored = false
    this.#begun = false
    this.#strange = 0
    this.#strangeBytes = 0
  }

  /** The connection is over: concludes the message in progress. */
  stop(): void {
    if (this.ignored) return
    const reader = this.#reader
    this.#reader = null
    reader?.stop()
    this.ignore()
  }

  #deliver(bytes: Uint8Array, offset: number, end: number): void {
    let at = offset
    while (at < end && !this.ignored) {
      if (this.#pass > 0) {
        const passed = Math.min(this.#pass, end - at)
        this.#pass -= passed
        this.#advance(passed)
        at += passed
        continue
      }
      const reader = this.#reader
      if (reader === null) {
        const found = this.#recogniser.recognise(this, bytes, at, end)
        if (typeof found === 'number') {
          const sequence = this.#next
          this.#advance(end - at)
          this.#stray(found, sequence, bytes, at, end)
          return
        }
        this.#accept(found)
        continue
      }
      const behind = reader.push(bytes, at, end)
      if (behind < 0) {
        this.#advance(end - at)
        this.#charge(reader.kept === undefined ? end - at : reader.kept - this.#charged)
        return
      }
      this.#refund()
      this.#advance(behind - at)
      at = behind
      // The end of a message may have brought the reader of the next.
      if (this.#reader === reader) this.#reader = null
    }
  }

  /**
   * A segment that begins before what was read, while no message is in progress. A message may begin where it does, or
   * behind what is known of it.
   */
  #late(sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    const found = this.#recogniser.recognise(this, bytes, offset, end)
    const known = (this.#next - sequence) | 0
    if (typeof found !== 'number') this.#begin(found, sequence, bytes, offset, end)
    else if (known >= end - offset) this.#stray(found, sequence, bytes, offset, end)
    else {
      const behind = this.#recogniser.recognise(this, bytes, offset + known, end)
      if (typeof behind !== 'number') this.#begin(behind, this.#next, bytes, offset + known, end)
      else {
        this.#next = (sequence + end - offset) >>> 0
        this.#stray(found, sequence, bytes, offset, end)
      }
    }
  }

  #begin(reader: MessageReader, sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    this.#accept(reader)
    this.#next = sequence
    this.#deliver(bytes, offset, end)
    this.#drain()
  }

  #accept(reader: MessageReader): void {
    this.#reader = reader
    this.#strange = 0
    this.#strangeBytes = 0
  }

  /** No message begins in a segment. It may be the rest of one whose beginning follows. */
  #stray(found: typeof NO | typeof PERHAPS, sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    if (this.ignored) return
    this.#strange++
    this.#strangeBytes += end - offset
    if (this.#strange > MOST_STRANGE && this.#strangeBytes > MOST_EARLY_BYTES) this.ignore()
    else if (this.#strangeBytes > MOST_STRANGE_BYTES) this.ignore()
    else if (!this.#held.add(sequence, bytes, offset, end, found === PERHAPS, MOST_EARLY_BYTES)) {
      if (this.#strangeBytes > MOST_EARLY_BYTES) this.#held.clear()
    } else if (this.#held.length > 1) this.#examine(sequence)
  }

  /**
   * Whether held segments that are too short to tell by themselves begin a message together with those behind them.
   *
   * @param added where the segment begins that was held last: what does not reach it was looked at before
   */
  #examine(added: number): void {
    let undecided = Number.NEGATIVE_INFINITY
    for (let index = this.#held.runBefore(added); ; index++) {
      const first = this.#held.at(index)
      const at = ((first?.sequence ?? 0) - added) | 0
      if (!first || at > 0) return
      // What lies within a message that may have begun before begins none.
      if (!first.perhaps || at < undecided) continue
      const joined = this.#held.joinedFrom(index)
      const found = this.#recogniser.recognise(this, joined, 0, joined.length)
      if (typeof found !== 'number') {
        this.#begin(found, first.sequence, joined, 0, joined.length)
        return
      }
      if (found === PERHAPS) undecided = at + joined.length
      else first.perhaps = false
    }
  }

  /** Delivers held segments whose turn has come. */
  #drain(): void {
    while (this.#held.length > 0) {
      if (this.#reader === null && this.#pass === 0) {
        const rest = this.#held.clear().filter((s) => ((s.sequence + s.bytes.length - this.#next) | 0) > 0)
        for (const { sequence, bytes } of rest) this.take(sequence, bytes, 0, bytes.length)
        return
      }
      const segment = this.#held.first
      if (!segment) return
      const ahead = (segment.sequence - this.#next) | 0
      if (ahead > 0 && this.#pass === 0) return
      this.#held.shift()
      this.take(segment.sequence, segment.bytes, 0, segment.bytes.length)
    }
  }

  /** The missing segment will not come: concludes the message and begins anew behind the gap. */
  #lose(sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    const reader = this.#reader
    this.#reader = null
    this.#refund()
    reader?.stop()
    if (++this.#lost <= MOST_LOST) this.#drain()
    else this.#held.clear()
    this.take(sequence, bytes, offset, end)
  }

  #advance(count: number): void {
    this.#next = (this.#next + count) >>> 0
  }

  /** Counts the bytes of a message in progress, which is given up where all of them together are too many. */
  #charge(count: number): void {
    const charged = Math.min(count, MOST_CHARGED - this.#charged)
    this.#charged += charged
    this.#budget.left -= charged
    if (this.#budget.left >= 0) return
    this.stop()
  }

  #refund(): void {
    this.#budget.left += this.#charged
    this.#charged = 0
  }
}
