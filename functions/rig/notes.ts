/** What may be said in a note: whoever reads the session reads it, and a sealed session keeps it for good. */

/** Dates and times have fewer digits in a row; device numbers, card numbers and telephone numbers have more. */
const LONG_NUMBER = /\d{6}/

/** What is wrong with the words of a note, without them; null where nothing is. */
export function noteFault(words: string): string | null {
  return LONG_NUMBER.test(words)
    ? "nobody's data belongs into a note, and this has a number of six digits or more: write it again without it"
    : null
}
