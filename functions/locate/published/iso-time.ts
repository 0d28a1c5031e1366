/** Times as published files write them: ISO 8601, mostly without a zone. */
import type { Micros } from '../../model.ts'

const FORM = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/i

/**
 * Reads `2025-07-21T07:13:25.457838`, also with a space for the `T` or with a zone; without one it is taken for UTC.
 *
 * @returns null for any other text
 */
export function parseIsoTime(text: unknown): Micros | null {
  const match = typeof text === 'string' ? FORM.exec(text) : null
  if (!match) return null
  const [, day, time, fraction = '', zone = 'Z'] = match
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const whole = Date.parse(`${day}T${time}${zone.toUpperCase()}`)
  // Date.parse rolls 31 June over into July; a date that does not come back is none.
  if (Number.isNaN(whole) || new Date(midnight).toISOString().slice(0, 10) !== day) return null
  return whole * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Whether the text names its zone, as RFC 3339 asks for. */
export const hasZone = (text: string): boolean => /(Z|[+-]\d{2}:\d{2})$/i.test(text)

/** The earlier one of two times; where only one is known, that. */
export const earlier = (one: Micros | null, other: Micros | null): Micros | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)
