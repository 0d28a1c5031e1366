/** One row of a VPC flow log, read from its bytes into numbers by a plan that was made once. */
import { addressEnd, readAddress } from './vpc-address.ts'
import { addressColumn, numberColumn, type RowPlan, statusColumn } from './vpc-fields.ts'

const newline = 10
const blank = 32
const dash = 45

/** Fifteen digits are exact in a double, whatever they are. */
const exactDigits = 15
/** AWS's counters and times are INT_64. */
const largest = 2 ** 63

/** What `log-status` says. */
export type RowStatus = 'OK' | 'NODATA' | 'SKIPDATA'

/** Reads rows, one after the other, each into the same fields. */
export class VpcRow {
  /** Four words an address, by the slots of vpc-fields. */
  readonly words = new Uint32Array(16)
  /** 4, 6, or 0 where the log has no such address. */
  readonly families = new Uint8Array(4)
  /** By the slots of vpc-fields, -1 where the log has no such number. */
  readonly numbers = new Float64Array(8)
  /** How many fields the row has, those without a column included. */
  fields = 0
  status: RowStatus = 'OK'
  /** Why a field could not be read; null where all could. */
  fault: string | null = null

  #kinds: Uint8Array = new Uint8Array(0)
  #slots: Uint8Array = new Uint8Array(0)

  follow(plan: RowPlan): void {
    this.#kinds = plan.kinds
    this.#slots = plan.slots
    this.families.fill(0)
    this.numbers.fill(-1)
  }

  /** Columns of the plan that is followed. */
  get columns(): number {
    return this.#kinds.length
  }

  /**
   * Reads the row at `from`; a newline must stand somewhere behind it.
   *
   * @returns the offset behind the row's newline
   */
  read(bytes: Uint8Array, from: number): number {
    const kinds = this.#kinds
    const slots = this.#slots
    const { numbers } = this
    this.status = 'OK'
    this.fault = null
    let column = 0
    let i = from
    for (;;) {
      let c = bytes[i] as number
      while (c <= blank && c !== newline) c = bytes[++i] as number
      if (c === newline) break
      const kind = column < kinds.length ? kinds[column] : 0
      const slot = slots[column] as number
      column++
      if (kind === numberColumn) {
        const begin = i
        let value = 0
        while (c >= 48 && c <= 57) {
          value = value * 10 + c - 48
          c = bytes[++i] as number
        }
        if (c <= blank && i - begin <= exactDigits) numbers[slot] = value
        else {
          i = tokenEnd(bytes, i)
          numbers[slot] = this.#oddNumber(bytes, begin, i)
        }
      } else if (kind === addressColumn) {
        const family = readAddress(bytes, i, this.words, slot * 4)
        this.families[slot] = family
        if (family !== 0) i = addressEnd()
        else {
          if (c !== dash || (bytes[i + 1] as number) > blank) this.fault = 'malformed-address'
          i = tokenEnd(bytes, i)
        }
      } else {
        const begin = i
        i = tokenEnd(bytes, i)
        if (kind === statusColumn) this.#readStatus(bytes, begin, i - begin)
      }
    }
    this.fields = column
    return i + 1
  }

  /** A number that is `-`, none, or too long to be exact by adding digits up. */
  #oddNumber(bytes: Uint8Array, begin: number, end: number): number {
    if (end - begin === 1 && bytes[begin] === dash) return -1
    const text = String.fromCharCode(...bytes.subarray(begin, Math.min(end, begin + 400)))
    if (!/^\d+$/.test(text)) this.fault = 'malformed-number'
    else if (Number(text) >= largest) this.fault = 'number-out-of-range'
    return Number(text)
  }

  #readStatus(bytes: Uint8Array, begin: number, length: number): void {
    if (length === 6 && isWord(bytes, begin, 'NODATA')) this.status = 'NODATA'
    else if (length === 8 && isWord(bytes, begin, 'SKIPDATA')) this.status = 'SKIPDATA'
  }
}

function tokenEnd(bytes: Uint8Array, from: number): number {
  let i = from
  while ((bytes[i] as number) > blank) i++
  return i
}

function isWord(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false
  return true
}
