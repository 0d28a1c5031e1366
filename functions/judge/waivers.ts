/** Waivers: they annotate a violation, and never remove it. */
import type { Micros, Waiver } from '../model.ts'
import { canonicalAddress, parseAddress } from '../net/address.ts'
import { matchesPattern } from '../net/host-name.ts'
import { parsePrefix, prefixContains } from '../net/prefix.ts'

/** What of a violation a waiver may match. */
export interface Waivable {
  readonly rule: string
  readonly services: readonly string[]
  readonly host: string | null
  readonly remote: string
}

export function isExpired(waiver: Waiver, asOf: Micros): boolean {
  return waiver.expires <= asOf
}

/** The waiver in force that annotates a violation: the first by id, where there are several. */
export function waiverOf(waivers: readonly Waiver[], asOf: Micros, violation: Waivable): Waiver | null {
  const fitting = waivers.filter((waiver) => !isExpired(waiver, asOf) && fits(waiver, violation))
  return fitting.sort((a, b) => (a.id < b.id ? -1 : 1))[0] ?? null
}

function fits({ rule, match }: Waiver, violation: Waivable): boolean {
  if (rule !== violation.rule) return false
  if (match.service !== undefined && !violation.services.includes(match.service)) return false
  if (match.host !== undefined && (violation.host === null || !matchesPattern(violation.host, match.host))) return false
  return match.remote === undefined || isWithin(violation.remote, match.remote)
}

/** Whether an address is the address, or in the prefix, that a waiver names. */
function isWithin(ip: string, remote: string): boolean {
  const address = parseAddress(ip)
  const prefix = parsePrefix(remote)
  if (prefix && address) return prefixContains(prefix, address.family, ...address.words)
  return address !== null && canonicalAddress(ip) === canonicalAddress(remote)
}
