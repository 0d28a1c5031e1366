/**
 * Captured text made fit to be shown. A host name, a file name or a row of a log is written by whoever was captured; it must
 * not move the cursor, turn the line around, or fill the page.
 */

/**
 * Controls, formats (bidirectional overrides, zero-width characters), line and paragraph separators, private use, half
 * surrogates and unassigned code points (General_Category, Unicode Standard, section 4.5).
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/gu

/** Most of what was captured, and told apart ten times faster than by the categories of Unicode. */
const PRINTABLE_ASCII = /^[ -~]*$/

/** Every character that would act instead of show, as `\u{202e}`. */
export function visible(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** Prose of a declaration: as {@link visible}, with its line breaks as spaces, and cut where it is longer than a paragraph. */
export function prose(text: string): string {
  return captured(text.replace(/[\t\n\r ]+/g, ' ').trim(), 1200)
}

/** As {@link visible}, and cut where it is longer than a person reads; says how long it was. */
export function captured(text: string, longest = 96): string {
  if (text.length <= longest) return visible(text)
  return `${visible(text.slice(0, longest - 24))}… (${text.length} characters)`
}

/** A sentence of the report, cut at a word where it is longer than a line. */
export function brief(text: string, longest: number): string {
  const shown = visible(text)
  if (shown.length <= longest) return shown
  const cut = shown.lastIndexOf(' ', longest - 1)
  return `${shown.slice(0, cut > longest / 2 ? cut : longest - 1)} …`
}
