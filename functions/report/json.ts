/** `report.json`: canonical JSON (RFC 8785), so that the same report always has the same bytes and the same hash. */
import type { Report } from '../model.ts'
import { canonicalJson } from './canonical-json.ts'

/** The bytes of `report.json`, one line and a line feed, in pieces. */
export function reportBytes(report: Report): readonly Uint8Array[] {
  return [...canonicalJson(report), Uint8Array.of(0x0a)]
}

/** The same as one text. */
export function renderJson(report: Report): string {
  return Buffer.concat(reportBytes(report)).toString()
}
