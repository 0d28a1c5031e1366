/**
 * How long the country code of a telephone number is, and what is dialled before its national number.
 *
 * Sources: ITU-T E.164 (codes are free of prefixes: 1 and 7 have one digit, the ones below have two, all others three), and
 * ITU's list of international and national (trunk) prefixes, Operational Bulletin 994.
 */

const TWO_DIGITS = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
)

/** Country codes whose trunk prefix is not 0; '' where a national number is dialled as it is. */
const TRUNK: Readonly<Record<string, string>> = { 1: '1', 7: '8', 36: '06' }

/** A telephone number in its parts. */
export interface TelephoneNumber {
  readonly country: string
  /** Digits after the country code. */
  readonly national: string
  /** What is dialled before the national number within the country. */
  readonly trunk: string
}

/** @param digits of an E.164 number, without the plus */
export function telephoneNumber(digits: string): TelephoneNumber {
  const length = digits.startsWith('1') || digits.startsWith('7') ? 1 : TWO_DIGITS.has(digits.slice(0, 2)) ? 2 : 3
  const country = digits.slice(0, length)
  return { country, national: digits.slice(length), trunk: TRUNK[country] ?? '0' }
}
