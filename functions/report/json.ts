/** `report.json`: canonical JSON (RFC 8785), so that the same report always has the same bytes and the same hash. */
import canonicalize from 'canonicalize'
import type { Report } from '../model.ts'

/** One line and a line feed. Text that is no Unicode (half a surrogate pair) is written as U+FFFD: JSON cannot carry it. */
export function renderJson(report: Report): string {
  return `${canonical(report)}\n`
}

function canonical(report: Report): string {
  try {
    return canonicalize(report) ?? ''
  } catch {
    // RFC 8785, section 3.2.2.2, refuses half a surrogate pair. Reports seldom hold one, so they are copied only then.
    return canonicalize(wellFormed(report)) ?? ''
  }
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd')
  if (Array.isArray(value)) return value.map(wellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [wellFormed(key), wellFormed(entry)]))
}
