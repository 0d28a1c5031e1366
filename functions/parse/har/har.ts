/** HTTP Archives, versions 1.1 and 1.2: http://www.softwareishard.com/blog/har-12-spec/. A record is an entry. */
import { InputError } from '../../errors.ts'
import type { ParseAccount, Parser, ParseSink } from '../../model.ts'
import type { Says } from '../content/log-content.ts'
import { Exchanges } from '../exchanges.ts'
import { LogTimes, NO_ZONE, zoneMissing } from '../log-time.ts'
import { RecordAccount } from '../record-account.ts'
import { EntryCutter } from './entry-cutter.ts'
import { HarContent } from './har-content.ts'
import { HarEntries } from './har-entry.ts'

/** mitmproxy writes the length of a head's fields in Python's spelling where the size of the head should stand. */
const MITMPROXY = /"creator"\s*:\s*\{[^{}]*"name"\s*:\s*"mitmproxy/

/**
 * Reads a HAR. The entries for one host over one connection are one flow, where the log tells connections apart; otherwise
 * every entry is one. An entry without a usable time is handed on as a flow without times (NaN), and counted among those left out.
 *
 * @throws InputError where the file is no JSON, no HAR, or cut short, and at its end where times lack a zone
 */
export class HarParser implements Parser {
  readonly #account = new RecordAccount()
  readonly #exchanges: Exchanges
  readonly #entries: HarEntries
  /** null where nobody asks. */
  readonly #content: HarContent | null
  readonly #cutter = new EntryCutter(
    (bytes, end) => this.#entry(bytes, end),
    () => this.#account.leaveOut('entry-too-long'),
  )
  /** Where the first entry begins whose time lacks a zone, -1 where none does. */
  #zoneless = -1

  /**
   * @param reading its `timeZone` is that of times that state none
   * @param head how the file begins, which says who wrote it
   */
  constructor(sink: ParseSink, reading: { readonly timeZone?: string }, head: Uint8Array) {
    this.#exchanges = new Exchanges(sink)
    this.#content = this.#exchanges.asksContent ? new HarContent() : null
    const statesHeads = !MITMPROXY.test(new TextDecoder('latin1').decode(head))
    this.#entries = new HarEntries(new LogTimes(reading.timeZone), statesHeads)
  }

  push(chunk: Uint8Array): void {
    this.#cutter.push(chunk)
  }

  end(): void {
    this.#exchanges.flush()
    this.#cutter.end()
    if (this.#zoneless >= 0) throw new InputError(zoneMissing(0).message, { offset: this.#zoneless })
  }

  account(): ParseAccount {
    return this.#account.account('har', [])
  }

  #says(received: number, bytes: Uint8Array, end: number): Says | null {
    const content = this.#content
    if (content === null) return null
    return (client, server) => {
      content.say(client, bytes, end)
      server.unread += received
    }
  }

  #entry(bytes: Uint8Array, end: number): void {
    const { leaveOut, exchange, isUnsent } = this.#entries.read(bytes, end)
    if (exchange !== null) this.#exchanges.add(exchange, isUnsent ? null : this.#says(exchange.received, bytes, end))
    if (leaveOut === null) this.#account.used++
    else this.#account.leaveOut(leaveOut)
    if (leaveOut === NO_ZONE && this.#zoneless < 0) this.#zoneless = this.#cutter.entryOffset
  }
}
