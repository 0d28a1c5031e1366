/**
 * Answers of dns logs, which wait until it is known whether they came through a tunnel: its network may have other hosts at the
 * same addresses, so what was answered inside says nothing of flows outside. conn logs say so, and may be read later.
 */
import type { Micros, NameAnswer } from '../../model.ts'
import type { LogAccount } from './log-account.ts'
import { mayBeEither, type RowEnds } from './row-ends.ts'

/** Rows that wait, about 65 MB where each has a few answers; beyond, the first of them are believed. */
export const MOST_HELD = 1 << 17
/** Connections inside of tunnels that are remembered, about 30 MB. */
export const MOST_TUNNELLED = 1 << 16

/** What a row of a dns log answered. */
export interface AnsweredRow {
  /** Empty where it has none. */
  readonly uid: string
  readonly ends: RowEnds
  readonly log: LogAccount
  /** All of one time; never empty. */
  readonly answers: readonly NameAnswer[]
}

export class HeldAnswers {
  /** In the order of reading. */
  #held: AnsweredRow[] = []
  readonly #tunnelled = new Map<string, RowEnds[]>()
  #connections = 0
  readonly #mostHeld: number
  readonly #mostTunnelled: number

  constructor(mostHeld = MOST_HELD, mostTunnelled = MOST_TUNNELLED) {
    this.#mostHeld = mostHeld
    this.#mostTunnelled = mostTunnelled
  }

  /** Whether any connection was inside of a tunnel. */
  get anyTunnel(): boolean {
    return this.#connections > 0
  }

  /** Takes note of a connection inside of a tunnel; of no more of them than are kept. */
  tunnelled(uid: string, ends: RowEnds): void {
    if (this.#connections++ >= this.#mostTunnelled) return
    const ofUid = this.#tunnelled.get(uid)
    if (ofUid) ofUid.push(ends)
    else this.#tunnelled.set(uid, [ends])
  }

  isInTunnel({ uid, ends }: AnsweredRow): boolean {
    return uid !== '' && (this.#tunnelled.get(uid)?.some((known) => mayBeEither(known, ends)) ?? false)
  }

  /** @param isKnown whether the connection of a uid has been read */
  hold(row: AnsweredRow, isKnown: (uid: string) => boolean): void {
    // Half of them at once, so that few moves are made.
    if (this.#held.length === this.#mostHeld) this.#handOn(Math.ceil(this.#mostHeld / 2), isKnown)
    this.#held.push(row)
  }

  /** Hands on what was answered until a time, because flows of that time leave. */
  leaveUntil(time: Micros, isKnown: (uid: string) => boolean): void {
    this.#handOn(
      this.#held.findLastIndex(({ answers: [first] }) => first !== undefined && first.time <= time) + 1,
      isKnown,
    )
  }

  /** Hands on whatever is held: every connection has been read. */
  end(): void {
    this.#handOn(this.#held.length, () => true)
  }

  #handOn(count: number, isKnown: (uid: string) => boolean): void {
    if (count === 0) return
    for (const row of this.#held.splice(0, count)) {
      const { uid, log, answers } = row
      if (this.isInTunnel(row)) {
        log.answering--
        log.settled.leaveOut('dns-in-tunnel')
        continue
      }
      const isSure = isKnown(uid) && this.#connections <= this.#mostTunnelled
      for (const answer of answers) log.sink.answer(answer)
      if (!isSure) for (const { time, expires } of answers) log.unsure.add(time, expires)
    }
  }
}
