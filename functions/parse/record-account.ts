/** Counts a capture's records: each is used, or left out for a reason. */
import type { Gap, ParseAccount } from '../model.ts'

export class RecordAccount {
  used = 0
  #others = 0
  readonly #leftOut = new Map<string, number>()

  get records(): number {
    return this.used + this.#others
  }

  leaveOut(reason: string, records = 1): void {
    this.#others += records
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + records)
  }

  account(format: string, gaps: readonly Gap[]): ParseAccount {
    const leftOut = Object.fromEntries([...this.#leftOut].sort(([a], [b]) => (a < b ? -1 : 1)))
    return { format, records: this.records, used: this.used, leftOut, gaps }
  }
}
