/** The account of one Zeek log, of which some records wait for what other logs say. */
import type { Gap, Micros, ParseAccount, ParseSink } from '../../model.ts'
import { Gaps } from '../gaps.ts'
import { RecordAccount } from '../record-account.ts'

export class LogAccount {
  readonly sink: ParseSink
  /** Of the records whose fate is settled. */
  readonly settled = new RecordAccount()
  /** Records of ssl, http and quic logs that name a connection, those of them whose connection was found, and those given up. */
  naming = 0
  found = 0
  givenUp = 0
  /** Records of dns logs that gave answers, without those from inside of a tunnel. */
  answering = 0
  /** When the last row of a stats log was, by peer. */
  readonly statsAt = new Map<string, Micros>()

  readonly lost = new Gaps('packets lost, by capture_loss.log')
  readonly dropped = new Gaps('packets dropped, by stats.log')
  readonly damaged = new Gaps('data missing or truncated, by weird.log')
  readonly late = new Gaps('names came after their connections, more of which had to wait than are kept')
  /** Reported where there are tunnels at all. */
  readonly unsure = new Gaps(
    'answers believed that may be from inside of a tunnel, more of which had to wait than are kept',
  )
  readonly tooMany = new Gaps('names left out, more than are kept')

  constructor(sink: ParseSink) {
    this.sink = sink
  }

  /**
   * @param connections whether any were read, in this log or in those that are read with it
   * @param tunnels whether any of them were inside of a tunnel
   */
  account(connections: boolean, tunnels: boolean): ParseAccount {
    const { settled } = this
    const whole = new RecordAccount()
    const named = connections ? this.found + this.answering : 0
    whole.used = settled.used + named
    const { leftOut } = settled.account('', [])
    for (const [reason, records] of Object.entries(leftOut)) whole.leaveOut(reason, records)
    const unnamed = this.naming + this.answering - named - this.givenUp
    if (this.givenUp > 0) whole.leaveOut('too-many-names', this.givenUp)
    if (unnamed > 0) whole.leaveOut(connections ? 'no-conn-row' : 'no-conn-log-beside-it', unnamed)
    return whole.account('zeek', this.#gaps(tunnels))
  }

  get records(): number {
    return this.settled.records + this.naming + this.answering
  }

  #gaps(tunnels: boolean): Gap[] {
    const known = [this.lost, this.dropped, this.damaged, this.late, this.tooMany].flatMap((gaps) => gaps.gaps())
    return tunnels ? [...known, ...this.unsure.gaps()] : known
  }
}
