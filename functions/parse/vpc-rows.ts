/** What is made of the rows of a VPC flow log, however they were written: conversations, and an account. */
import type { ParseAccount, ParseSink } from '../model.ts'
import { Gaps } from './gaps.ts'
import { EARLIEST, NO_TIME, OUT_OF_RANGE } from './log-time.ts'
import { RecordAccount } from './record-account.ts'
import { VpcConversations } from './vpc-conversations.ts'
import {
  bytes as bytesSlot,
  destination,
  destinationPort,
  end as endSlot,
  packetDestination,
  packetSource,
  packets as packetsSlot,
  protocol,
  source,
  sourcePort,
  start as startSlot,
} from './vpc-fields.ts'
import type { VpcRow } from './vpc-row.ts'

const firstSecond = EARLIEST / 1_000_000
/** The last second that is exact as microseconds in a double: year 2255. */
const lastSecond = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000)

/**
 * Takes rows. Those that say nothing are left out as `NODATA` and `SKIPDATA` (which is a gap as well), those that could not be
 * read by reason. A row without a usable time is handed on as a flow without times (NaN), and counted among those left out: it
 * can be listed, and never judged.
 */
export class VpcRows {
  readonly #conversations: VpcConversations
  readonly #gaps = new Gaps('SKIPDATA')
  readonly #account = new RecordAccount()

  constructor(sink: ParseSink) {
    this.#conversations = new VpcConversations(sink)
  }

  take(row: VpcRow): void {
    const reason = reasonToLeaveOut(row)
    const startSecond = row.numbers[startSlot] as number
    const endSecond = row.numbers[endSlot] as number
    if (reason !== null) {
      this.leaveOut(reason)
      if (reason === 'SKIPDATA' && isTime(startSecond) && isTime(endSecond))
        this.#gaps.add(startSecond * 1_000_000, endSecond * 1_000_000)
      return
    }
    const first = isTime(startSecond) ? startSecond : isTime(endSecond) ? endSecond : -1
    const last = isTime(endSecond) ? Math.max(first, endSecond) : first
    this.#conversations.add(row, senderOf(row), receiverOf(row), first, last)
    if (first < 0) this.leaveOut(startSecond >= 0 || endSecond >= 0 ? OUT_OF_RANGE : NO_TIME)
    else this.#account.used++
  }

  leaveOut(reason: string): void {
    this.#account.leaveOut(reason)
  }

  /** Hands on the conversations that are held. */
  end(): void {
    this.#conversations.flush()
  }

  account(format: string): ParseAccount {
    return this.#account.account(format, this.#gaps.gaps())
  }
}

// Behind a NAT gateway or a load balancer `srcaddr` is an interface on the way; the packet's own addresses are the ends.
const senderOf = (row: VpcRow) => (row.families[packetSource] ? packetSource : source)
const receiverOf = (row: VpcRow) => (row.families[packetDestination] ? packetDestination : destination)

/** Why a row is no flow; null where it is one. */
function reasonToLeaveOut(row: VpcRow): string | null {
  if (row.status !== 'OK') return row.status
  if (row.fault !== null) return row.fault
  if (!hasPossibleNumbers(row.numbers)) return 'number-out-of-range'
  const from = row.families[senderOf(row)]
  const to = row.families[receiverOf(row)]
  if (from === 0 || to === 0) return 'no-address'
  return from === to ? null : 'mixed-address-families'
}

const isTime = (second: number) => second >= firstSecond && second <= lastSecond

function hasPossibleNumbers(numbers: Float64Array): boolean {
  return (
    (numbers[sourcePort] as number) <= 0xffff &&
    (numbers[destinationPort] as number) <= 0xffff &&
    (numbers[protocol] as number) <= 0xff &&
    (numbers[packetsSlot] as number) < 2 ** 63 &&
    (numbers[bytesSlot] as number) < 2 ** 63
  )
}
