/** How device, SIM card and telephone numbers are written. */
import { telephoneNumber } from './calling-codes.ts'
import { checkDigit } from './luhn.ts'

const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** Two digits a byte, the lower half first, filled up with F: how a SIM card stores numbers (3GPP TS 31.102, 24.008 §10.5.1.3). */
export function swappedNibbles(digits: string): string {
  const even = digits.length % 2 === 0 ? digits : `${digits}F`
  return even.replace(/(.)(.)/g, '$2$1')
}

/** 15 digits, and the 14 before the check digit; as printed on a device by 3GPP TS 23.003 §6. */
export function imeiForms(value: string): readonly string[] {
  const digits = digitsOf(value)
  const body = digits.slice(0, 14)
  const last = digits.length > 14 ? digits.slice(14, 15) : checkDigit(body)
  const [office, type, serial] = [body.slice(0, 2), body.slice(2, 8), body.slice(8)]
  return [body + last, body, `${office}-${type}-${serial}-${last}`, `${office}${type}-${serial}-${last}`]
}

/** The digits, and as the SIM card stores them: with the nibble that says that their number is odd or even before them. */
export function imsiForms(value: string): readonly string[] {
  const digits = digitsOf(value)
  return [digits, swappedNibbles(`${digits.length % 2 === 1 ? '9' : '1'}${digits}`)]
}

/** With its check digit and without, and as EF_ICCID stores both. A number may be given without one, or with another's. */
export function iccidForms(value: string): readonly string[] {
  const digits = digitsOf(value)
  const closed = checkDigit(digits.slice(0, -1)) === digits.at(-1)
  const written = [digits, digits.slice(0, -1), ...(closed ? [] : [digits + checkDigit(digits)])]
  return [...written, ...written.map(swappedNibbles)]
}

/**
 * E.164 with and without plus, with the prefixes that are dialled abroad, and the national number with and without the one that
 * is dialled at home. Grouping with blanks, hyphens and brackets is not spelt out: it is searched for by digits alone.
 */
export function phoneForms(value: string): readonly string[] {
  const digits = digitsOf(value)
  if (!value.trim().startsWith('+')) return [digits]
  const { national, trunk } = telephoneNumber(digits)
  return [`+${digits}`, digits, `00${digits}`, `011${digits}`, national, `${trunk}${national}`]
}
