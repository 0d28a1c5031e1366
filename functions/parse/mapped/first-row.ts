/** What may be told of a CSV's first row, which holds values, perhaps of persons, where the log has no header. */
import { canonicalAddress } from '../../net/address.ts'
import { listed } from './column-map.ts'

/** Dates, times of day, and seconds or smaller units since 1970. */
const TIME =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}:\d\d(?::\d\d)?|\d{9,20}(?:\.\d+)?$)/
const HARDWARE_ADDRESS = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i
const NUMBER = /^[\d.,-]+(?:e[+-]?\d+)?$/i
/** Identifiers have more digits than a column's name. */
const MOST_DIGITS = 5

/**
 * The columns that a first row names, as part of an error: those cells alone that can be names of columns, and none where one of
 * them is an address or a time.
 */
export function columnsToldOf(cells: readonly string[]): string {
  if (cells.some(isAddressOrTime)) return 'the first row is no header, because an address or a time stands in it'
  const names = cells.filter(looksLikeName)
  const others = cells.length - names.length
  if (names.length === 0) return 'nothing in the first row looks like the name of a column'
  return `its columns are ${listed(names)}${others > 0 ? ` and ${others} that look like values` : ''}`
}

function isAddressOrTime(cell: string): boolean {
  const address = cell.replace(/^\[|\](?::\d{1,5})?$/g, '')
  const withoutPort = cell.replace(/[:/]\d{1,5}$/, '')
  return (
    canonicalAddress(address) !== null ||
    canonicalAddress(withoutPort) !== null ||
    HARDWARE_ADDRESS.test(cell) ||
    TIME.test(cell)
  )
}

function looksLikeName(cell: string): boolean {
  return /^[\w .:()/-]{1,40}$/.test(cell) && !NUMBER.test(cell) && cell.replace(/\D/g, '').length <= MOST_DIGITS
}
