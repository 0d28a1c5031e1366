/** Cuts CSV into rows (RFC 4180), also rows that spread over several lines within quotes. Bounded memory. */

/** A row longer than this is none. */
const LONGEST = 1 << 18
const MOST_FIELDS = 4096

const QUOTE = 34
const NEWLINE = 10
const RETURN = 13
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

export class CsvRows {
  /** The row that is handed over, without quotes: overwritten by the next. */
  readonly bytes = new Uint8Array(LONGEST)
  /** Where its fields begin and end. */
  readonly from = new Int32Array(MOST_FIELDS)
  readonly end = new Int32Array(MOST_FIELDS)
  fields = 0
  /** Number of the line in which the row ends, from 1. */
  line = 0
  readonly #separator: number
  readonly #take: () => void
  readonly #leaveOut: (reason: 'row-too-long' | 'malformed-row') => void
  #length = 0
  #fieldFrom = 0
  #inQuotes = false
  /** A quote has ended the quoted text, or is the first of two. */
  #afterQuote = false
  #isTooLong = false
  /** Bytes of a byte order mark that were passed over; as many as it has, once anything else came. */
  #marked = 0

  /** @param separator the byte between fields */
  constructor(separator: number, take: () => void, leaveOut: (reason: 'row-too-long' | 'malformed-row') => void) {
    this.#separator = separator
    this.#take = take
    this.#leaveOut = leaveOut
  }

  push(chunk: Uint8Array): void {
    const separator = this.#separator
    for (let at = 0; at < chunk.length; at++) {
      const c = chunk[at] as number
      if (this.#marked < BYTE_ORDER_MARK.length) {
        if (c === BYTE_ORDER_MARK[this.#marked]) {
          this.#marked++
          continue
        }
        this.#marked = BYTE_ORDER_MARK.length
      }
      if (c === NEWLINE) this.line++
      if (this.#isTooLong) {
        if (c === NEWLINE) this.#restart()
      } else if (this.#inQuotes) {
        if (c !== QUOTE) this.#add(c)
        else {
          this.#inQuotes = false
          this.#afterQuote = true
        }
      } else if (c === QUOTE && (this.#afterQuote || this.#length === this.#fieldFrom)) {
        if (this.#afterQuote) this.#add(QUOTE)
        this.#inQuotes = true
        this.#afterQuote = false
      } else {
        this.#afterQuote = false
        if (c === separator) this.#endField()
        else if (c === NEWLINE) this.#endRow()
        else this.#add(c)
      }
    }
  }

  /** Hands over the last row, where no line break ended it. */
  finish(): void {
    if (this.#isTooLong) return
    if (this.#inQuotes) this.#leaveOut('malformed-row')
    else if (this.#length > 0 || this.fields > 0) {
      this.line++
      this.#endRow()
    }
  }

  #add(c: number): void {
    if (this.#length < LONGEST) this.bytes[this.#length++] = c
    else {
      this.#isTooLong = true
      this.#leaveOut('row-too-long')
    }
  }

  #endField(): void {
    if (this.fields === MOST_FIELDS - 1) {
      this.#isTooLong = true
      this.#leaveOut('row-too-long')
      return
    }
    this.from[this.fields] = this.#fieldFrom
    this.end[this.fields++] = this.#length
    this.#fieldFrom = this.#length
  }

  #endRow(): void {
    if (this.#length > this.#fieldFrom && this.bytes[this.#length - 1] === RETURN) this.#length--
    // An empty line is no row.
    if (this.fields > 0 || this.#length > 0) {
      this.from[this.fields] = this.#fieldFrom
      this.end[this.fields++] = this.#length
      this.#take()
    }
    this.#restart()
  }

  #restart(): void {
    this.#length = this.#fieldFrom = this.fields = 0
    this.#inQuotes = this.#afterQuote = this.#isTooLong = false
  }
}
