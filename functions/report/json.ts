/** `report.json`: canonical JSON (RFC 8785), so that the same report always has the same bytes and the same hash. */
import canonicalize from 'canonicalize'
import type { Report } from '../model.ts'

/** One line and a line feed. Text that is no Unicode (half a surrogate pair) is written as U+FFFD: JSON cannot carry it. */
export function renderJson(report: Report): string {
  const members = Object.entries(report).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${canonicalList(value)}`).join(',')}}\n`
}

/** A list is canonical where its entries are: the hundred thousands of findings are written one by one. */
function canonicalList(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(canonical).join(',')}]` : canonical(value)
}

function canonical(value: unknown): string {
  if (isInOrder(value)) {
    // RFC 8785 takes numbers and strings from ECMAScript (section 3.2.2), all but half a surrogate pair, which
    // ECMAScript escapes. Text that only looks like such an escape goes the longer way as well.
    const written = JSON.stringify(value)
    if (!written.includes('\\ud')) return written
  }
  try {
    return canonicalize(value) ?? ''
  } catch {
    // RFC 8785, section 3.2.2.2, refuses half a surrogate pair. Reports seldom hold one, so they are copied only then.
    return canonicalize(wellFormed(value)) ?? ''
  }
}

/** Whether all numbers are finite and all keys are in order of their code units already (RFC 8785, section 3.2.3). */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return typeof value === 'boolean'
  if (value === null) return true
  if (Array.isArray(value)) return value.every(isInOrder)
  const entries = value as Readonly<Record<string, unknown>>
  let before = ''
  for (const key of Object.keys(entries)) {
    if (key < before || !isInOrder(entries[key])) return false
    before = key
  }
  return true
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd')
  if (Array.isArray(value)) return value.map(wellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [wellFormed(key), wellFormed(entry)]))
}
