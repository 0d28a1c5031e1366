/** What ssl, http and quic logs say of connections, kept by uid and ends until the connections' own rows are handed on. */
import type { FlowBatch, Hidden, Micros, Name } from '../../model.ts'
import type { NamedFlow } from '../payload/flow-names.ts'
import type { LogAccount } from './log-account.ts'
import { mayBeOf, mayBeSame, type RowEnds } from './row-ends.ts'

/** Connections whose names are kept, about 100 MB; beyond, those named first leave. */
export const MOST_NAMED = 1 << 18
/** Connections of one uid that are told apart by their ends; where Zeek's seed is fixed, as many as runs are joined. */
const MOST_OF_UID = 64

/** What is said of one connection. */
export interface Naming extends NamedFlow {
  names: Name[] | undefined
  hidden: Hidden | undefined
  /** A quic log has it: a server name that a ssl log says was QUIC's. */
  quic: boolean
  readonly ends: RowEnds
  /** The time of the first row. */
  readonly at: Micros
  /** Whether its connection was handed on. */
  found: boolean
  /** The rows that say it, by their logs. */
  readonly rows: { readonly log: LogAccount; count: number }[]
}

export class NamesByUid {
  readonly #byUid = new Map<string, Naming[]>()
  #size = 0
  readonly #most: number

  constructor(most = MOST_NAMED) {
    this.#most = most
  }

  get empty(): boolean {
    return this.#byUid.size === 0
  }

  /** Takes note of a row of a log about a connection. @returns what is known of that, to be added to */
  note(uid: string, ends: RowEnds, log: LogAccount, at: Micros): Naming {
    log.naming++
    let naming = this.#byUid.get(uid)?.find((known) => mayBeSame(known.ends, ends))
    if (naming === undefined) {
      naming = { names: undefined, hidden: undefined, quic: false, ends, at, found: false, rows: [] }
      if (this.#size === this.#most) this.#forgetFirst()
      const ofUid = this.#byUid.get(uid)
      if (ofUid?.length === MOST_OF_UID) {
        naming.rows.push({ log, count: 1 })
        giveUp(naming)
        return naming
      }
      this.#size++
      if (ofUid) ofUid.push(naming)
      else this.#byUid.set(uid, [naming])
    }
    if (naming.found) log.found++
    else {
      const rows = naming.rows.find((known) => known.log === log)
      if (rows) rows.count++
      else naming.rows.push({ log, count: 1 })
    }
    return naming
  }

  /** What is known of a connection that is handed on now, a row of a batch; undefined where nothing is. */
  find(uid: string, batch: FlowBatch, row: number): Naming | undefined {
    const naming = this.#byUid.get(uid)?.find(({ ends }) => mayBeOf(ends, batch, row))
    if (naming === undefined || naming.found) return naming
    naming.found = true
    for (const { log, count } of naming.rows) log.found += count
    return naming
  }

  /** Those whose connection was not found. */
  *unfound(): Generator<Naming> {
    for (const ofUid of this.#byUid.values()) for (const naming of ofUid) if (!naming.found) yield naming
  }

  #forgetFirst(): void {
    for (const [uid, ofUid] of this.#byUid) {
      this.#byUid.delete(uid)
      this.#size -= ofUid.length
      for (const naming of ofUid) if (!naming.found) giveUp(naming)
      return
    }
  }
}

function giveUp(naming: Naming): void {
  for (const { log, count } of naming.rows) log.givenUp += count
  addAt(naming, 'tooMany')
}

/** Adds a gap at the time of a naming to its log. */
export function addAt({ at, rows: [first] }: Naming, gaps: 'late' | 'tooMany'): void {
  if (first && !Number.isNaN(at)) first.log[gaps].add(at, at)
}
