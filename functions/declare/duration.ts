/** Lengths of time as protocols write them (ISO 8601: `PT90S`, `PT15M`, `PT1H30M`, `P1D`). */

/** Days to seconds: months and years have no one length. */
export const DURATION_PATTERN = /^P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/

/** What is wrong with a duration, and what to write instead; null where it is right. */
export function durationFault(text: string): string | null {
  const seconds = durationSeconds(text)
  if (seconds === null)
    return 'is no duration: write `PT90S`, `PT15M`, `PT1H30M` or `P1D` (ISO 8601, without months and years)'
  return seconds > LONGEST ? 'is longer than 31 days: divide the step' : null
}

const LONGEST = 31 * 86_400

/** @returns null where the text is no duration */
export function durationSeconds(text: string): number | null {
  if (!DURATION_PATTERN.test(text)) return null
  const [, d = '0', h = '0', m = '0', s = '0'] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? []
  return Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s)
}
