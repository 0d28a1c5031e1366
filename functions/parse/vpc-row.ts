/** One row of a VPC flow log, read from its bytes into numbers by a plan that was made once. */
import { readIPv4, readIPv6 } from './vpc-address.ts'
import { lastDigits, powers, tokenEnd } from './vpc-digits.ts'
import {
  addressColumn,
  bytes as bytesSlot,
  defaultFormat,
  destination,
  destinationPort,
  end as endSlot,
  formatPlan,
  numberColumn,
  packets as packetsSlot,
  protocol as protocolSlot,
  type RowPlan,
  skipColumn,
  source,
  sourcePort,
  start as startSlot,
} from './vpc-fields.ts'

const newline = 10
const blank = 32
const dash = 45

/** Fifteen digits are exact in a double, whatever they are. */
const exactDigits = 15
const kindMask = 3
const slotShift = 2
/** AWS's counters and times are INT_64. */
const largest = 2 ** 63

/** Little-endian words of the ends of nearly all rows: `ACCEPT OK` and `REJECT OK`, of which both halves differ. */
const ACCE = 0x45434341
const REJE = 0x454a4552
const PT_O = 0x4f205450
const CT_O = 0x4f205443
const K = 75

/** The order of the fields in which nearly all logs are written. */
const usualPlan = formatPlan(defaultFormat)
const isUsual = ({ kinds, slots }: RowPlan) =>
  kinds.length === usualPlan.kinds.length &&
  kinds.every((kind, i) => kind === usualPlan.kinds[i] && slots[i] === usualPlan.slots[i])

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

  /** What is done with each column, and above that its slot. */
  #columns = new Uint8Array(0)
  #usual = false
  /** Where the last row's version, account and interface stand in `#lastView`, and how many bytes they are. */
  #leadAt = 0
  #leadLength = 0
  #lastView: DataView | null = null

  follow(plan: RowPlan): void {
    this.#columns = Uint8Array.from(plan.kinds, (kind, i) => kind | ((plan.slots[i] ?? 0) << slotShift))
    this.#usual = isUsual(plan)
    this.families.fill(0)
    this.numbers.fill(-1)
  }

  /** Columns of the plan that is followed. */
  get columns(): number {
    return this.#columns.length
  }

  /**
   * Reads the row at `from`; a newline must stand somewhere behind it, and `padding` more bytes behind that.
   *
   * @param view of the same bytes
   * @returns the offset behind the row's newline
   */
  read(bytes: Uint8Array, view: DataView, from: number): number {
    if (this.#usual) {
      const next = this.#readUsual(bytes, view, from)
      if (next > 0) return next
    }
    return this.#readAny(bytes, view, from)
  }

  /**
   * A row of IPv4 in the default order with all its fields, straight on.
   *
   * @returns the offset behind its newline, or -1 where the row is anything else
   */
  #readUsual(bytes: Uint8Array, view: DataView, from: number): number {
    const { words, families } = this
    let i = this.#behindLead(bytes, view, from)
    if (i < 0) return -1
    i = readIPv4(view, i, words, source << 2)
    if (i < 0 || bytes[i] !== blank) return -1
    i = readIPv4(view, i + 1, words, destination << 2)
    if (i < 0 || bytes[i] !== blank) return -1
    i = this.#readPlain(bytes, view, i + 1, sourcePort)
    i = this.#readPlain(bytes, view, i, destinationPort)
    i = this.#readPlain(bytes, view, i, protocolSlot)
    i = this.#readPlain(bytes, view, i, packetsSlot)
    i = this.#readPlain(bytes, view, i, bytesSlot)
    i = this.#readPlain(bytes, view, i, startSlot)
    i = this.#readPlain(bytes, view, i, endSlot)
    if (i < 0) return -1
    const action = view.getInt32(i, true)
    if (action !== ACCE && action !== REJE) return -1
    if (view.getInt32(i + 4, true) !== (action === ACCE ? PT_O : CT_O)) return -1
    if (bytes[i + 8] !== K || bytes[i + 9] !== newline) return -1
    families[source] = 4
    families[destination] = 4
    this.status = 'OK'
    this.fault = null
    this.fields = usualPlan.kinds.length
    return i + 10
  }

  /**
   * Behind version, account and interface: an interface's rows stand together, so they mostly are the last row's.
   *
   * @returns -1 where they are not three tokens with one blank behind each
   */
  #behindLead(bytes: Uint8Array, view: DataView, from: number): number {
    const length = this.#leadLength
    const back = this.#leadAt - from
    this.#leadAt = from
    if (view === this.#lastView && length >= 4 && from + length < view.byteLength) {
      let at = from
      const lastWord = from + length - 4
      while (at < lastWord && view.getInt32(at, true) === view.getInt32(at + back, true)) at += 4
      if (at >= lastWord && view.getInt32(lastWord, true) === view.getInt32(lastWord + back, true)) return from + length
    }
    this.#lastView = view
    let i = from
    this.#leadLength = 0
    for (let field = 0; field < 3; field++) {
      const end = tokenEnd(view, i)
      if (end === i || bytes[end] !== blank) return -1
      i = end + 1
    }
    this.#leadLength = i - from
    return i
  }

  /** A number of digits alone, one blank behind it. @returns the offset behind the blank, or -1; -1 for an offset of -1 */
  #readPlain(bytes: Uint8Array, view: DataView, begin: number, slot: number): number {
    if (begin < 0) return -1
    const digits = view.getInt32(begin, true) ^ 0x30303030
    const others = ((digits + 0x76767676) | digits) & 0x80808080
    const bits = (31 - Math.clz32(others & -others)) & 0x38
    let i = begin + (bits >> 3)
    if (others !== 0 && bits !== 0) this.numbers[slot] = lastDigits(digits << (32 - bits))
    else i = bits === 0 ? begin : this.#readLong(view, begin, slot)
    return i > begin && bytes[i] === blank ? i + 1 : -1
  }

  /** A row in any order. */
  #readAny(bytes: Uint8Array, view: DataView, from: number): number {
    const columns = this.#columns
    const { numbers, families, words } = this
    this.status = 'OK'
    this.fault = null
    let field = 0
    let i = from
    let c = bytes[i] as number
    for (;;) {
      while (c <= blank && c !== newline) c = bytes[++i] as number
      if (c === newline) break
      const column = field < columns.length ? (columns[field] as number) : skipColumn
      const kind = column & kindMask
      const slot = column >> slotShift
      const begin = i
      field++
      if (kind === skipColumn) i = tokenEnd(view, i)
      else if (kind === numberColumn) {
        const digits = view.getInt32(i, true) ^ 0x30303030
        // Bytes of 10 and more are no digits; the highest bit of each says so.
        const others = ((digits + 0x76767676) | digits) & 0x80808080
        // How many digits there are is no branch that a processor could guess wrong.
        const bits = (31 - Math.clz32(others & -others)) & 0x38
        if (others !== 0 && bits !== 0) {
          const shifted = digits << (32 - bits)
          numbers[slot] = lastDigits(shifted)
          i += bits >> 3
        } else if (bits !== 0) i = this.#readLong(view, begin, slot)
        if ((bytes[i] as number) > blank) i = this.#oddNumber(bytes, view, begin, slot)
      } else if (kind === addressColumn) {
        i = readIPv4(view, begin, words, slot << 2)
        families[slot] = 4
        if (i < 0) i = this.#oddAddress(bytes, view, begin, slot)
      } else {
        i = tokenEnd(view, i)
        this.#readStatus(bytes, begin, i - begin)
      }
      c = bytes[i] as number
      if (c !== newline) c = bytes[++i] as number
    }
    this.fields = field
    return i + 1
  }

  /** A number of four digits and more. @returns the offset behind it, or `begin` where it is too long to be exact so */
  #readLong(view: DataView, begin: number, slot: number): number {
    let value = 0
    for (let i = begin; i - begin <= exactDigits; i += 4) {
      const digits = view.getInt32(i, true) ^ 0x30303030
      const others = ((digits + 0x76767676) | digits) & 0x80808080
      if (others === 0) {
        value = value * 10_000 + lastDigits(digits)
        continue
      }
      const bits = (31 - Math.clz32(others & -others)) & 0x38
      i += bits >> 3
      if (i - begin > exactDigits) return begin
      this.numbers[slot] = bits === 0 ? value : value * (powers[bits] as number) + lastDigits(digits << (32 - bits))
      return i
    }
    return begin
  }

  /** An address of IPv6, one that is `-`, or none. @returns the offset behind it */
  #oddAddress(bytes: Uint8Array, view: DataView, begin: number, slot: number): number {
    const end = readIPv6(bytes, view, begin, this.words, slot * 4)
    this.families[slot] = end < 0 ? 0 : 6
    if (end >= 0) return end
    if (bytes[begin] !== dash || (bytes[begin + 1] as number) > blank) this.fault = 'malformed-address'
    return tokenEnd(view, begin)
  }

  /** A number that is `-`, none, or too long to be exact by adding digits up. @returns the offset behind it */
  #oddNumber(bytes: Uint8Array, view: DataView, begin: number, slot: number): number {
    const end = tokenEnd(view, begin)
    this.numbers[slot] = -1
    if (end - begin === 1 && bytes[begin] === dash) return end
    const text = String.fromCharCode(...bytes.subarray(begin, Math.min(end, begin + 400)))
    if (!/^\d+$/.test(text)) this.fault = 'malformed-number'
    else if (Number(text) >= largest) this.fault = 'number-out-of-range'
    else this.numbers[slot] = Number(text)
    return end
  }

  #readStatus(bytes: Uint8Array, begin: number, length: number): void {
    if (length === 6 && isWord(bytes, begin, 'NODATA')) this.status = 'NODATA'
    else if (length === 8 && isWord(bytes, begin, 'SKIPDATA')) this.status = 'SKIPDATA'
  }
}

function isWord(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false
  return true
}
