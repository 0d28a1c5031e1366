/** The check digit of IMEIs and SIM card numbers (ISO/IEC 7812-1 annex B, named after Luhn). */

/** @param digits without their check digit */
export function checkDigit(digits: string): string {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return String((10 - (sum % 10)) % 10)
}
