/** One column of a group of rows, value by value: no more of it is unpacked at a time than a page and its dictionary. */
import { InputError } from '../../errors.ts'
import { damaged, unsupported } from './damaged.ts'
import type { Column, ColumnChunk } from './footer.ts'
import { DATA_PAGE, DATA_PAGE_V2, DICTIONARY_PAGE, type PageHeader, readPageHeader } from './page.ts'
import { RunLengths } from './run-lengths.ts'
import { unpackPage } from './unpack-page.ts'
import { Dictionary, type NextValue, type Value, valuesOf } from './values.ts'

const RLE = 3

/** What a file's pages may give in all, so that a small file cannot cost hours: groups may name the same pages again and again. */
export class UnpackBudget {
  #left: number

  constructor(fileLength: number) {
    this.#left = 64 * 1024 ** 2 + fileLength * 500
  }

  spend(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0)
      throw new InputError('unpacking stopped: the pages of the Parquet file give more than 500 times its size')
  }
}

export class ColumnReader {
  readonly #file: Uint8Array
  readonly #column: Column
  readonly #codec: number
  readonly #budget: UnpackBudget
  readonly #end: number
  #at: number
  #dictionary: Dictionary | null = null
  /** Values and nulls that are left of the page. */
  #left = 0
  #levels: RunLengths | null = null
  #next: NextValue = () => undefined

  constructor(file: Uint8Array, column: Column, chunk: ColumnChunk, budget: UnpackBudget) {
    if (!(chunk.from >= 4 && chunk.length >= 0 && chunk.from + chunk.length <= file.length))
      throw damaged(`the column ${column.name} stands outside of the file`)
    this.#file = file
    this.#column = column
    this.#codec = chunk.codec
    this.#budget = budget
    this.#at = chunk.from
    this.#end = chunk.from + chunk.length
  }

  /**
   * Reads the next row's value.
   *
   * @returns false where it has none
   * @throws InputError where the column has no more, or is damaged
   */
  read(value: Value): boolean {
    while (this.#left === 0) this.#beginPage()
    this.#left--
    if (this.#levels !== null && this.#levels.next() === 0) return false
    this.#next(value)
    return true
  }

  #beginPage(): void {
    if (this.#at >= this.#end) throw damaged(`the column ${this.#column.name} has fewer values than there are rows`)
    const header = readPageHeader(this.#file, this.#at, this.#end)
    const packed = this.#file.subarray(header.behind, header.behind + header.packedLength)
    this.#at = header.behind + header.packedLength
    this.#budget.spend(header.length)
    if (header.type === DICTIONARY_PAGE)
      this.#dictionary = new Dictionary(unpackPage(packed, this.#codec, header.length), header.values, this.#column)
    else if (header.type === DATA_PAGE) this.#beginFirstVersion(header, unpackPage(packed, this.#codec, header.length))
    else if (header.type === DATA_PAGE_V2) this.#beginSecondVersion(header, packed)
  }

  /** Levels are packed with the values. */
  #beginFirstVersion(header: PageHeader, page: Uint8Array): void {
    let from = 0
    this.#levels = null
    if (this.#column.optional) {
      if (header.levelEncoding !== RLE) throw unsupported(`levels of the encoding ${header.levelEncoding}`)
      if (page.length < 4) throw damaged('a page is too short for its levels')
      from = 4 + new DataView(page.buffer, page.byteOffset, 4).getUint32(0, true)
      if (from > page.length) throw damaged('levels are longer than their page')
      this.#levels = new RunLengths(page, 4, from, 1)
    }
    this.#begin(header, page, from)
  }

  /** Levels stand before the values, and are not packed. */
  #beginSecondVersion(header: PageHeader, packed: Uint8Array): void {
    const levels = header.repetitionsLength + header.levelsLength
    if (levels > packed.length || levels > header.length) throw damaged('levels are longer than their page')
    this.#levels = this.#column.optional ? new RunLengths(packed, header.repetitionsLength, levels, 1) : null
    const codec = header.isPacked ? this.#codec : 0
    this.#begin(header, unpackPage(packed.subarray(levels), codec, header.length - levels), 0)
  }

  #begin({ values, encoding }: PageHeader, page: Uint8Array, from: number): void {
    this.#left = values
    let next: NextValue | null = null
    // A page of nulls alone has nothing where its values would stand.
    this.#next = (value) => {
      next ??= valuesOf(page, from, encoding, this.#column, this.#dictionary)
      next(value)
    }
  }
}
