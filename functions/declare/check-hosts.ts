/** What is wrong with the hosts of services: patterns that are none, and patterns that shadow one another. */
import type { FaultList } from './fault-list.ts'
import { hostPatternFault, isCoveredBy, suffixFault } from './host-pattern.ts'
import { type Path, quoted } from './path.ts'
import { checkDistinct } from './references.ts'

/** A pattern and where it stands. */
interface Entry {
  readonly pattern: string
  readonly service: number
  readonly path: Path
}

export interface HostsOf {
  readonly id?: string | undefined
  readonly hosts?: readonly (string | undefined)[] | undefined
}

export function checkHosts(services: readonly (HostsOf | undefined)[], faults: FaultList): void {
  const first = new Map<string, Entry>()
  for (const [service, { hosts = [] }] of services.map((s) => s ?? {}).entries())
    for (const [i, pattern] of hosts.entries()) {
      if (pattern === undefined) continue
      const path = ['services', service, 'hosts', i]
      const wrong = hostPatternFault(pattern)
      if (wrong !== null) faults.error(path, wrong)
      else if (first.has(pattern)) faults.error(path, doubled(pattern, first.get(pattern), service, services))
      else first.set(pattern, { pattern, service, path })
    }
  for (const entry of first.values()) checkMatters(entry, first, faults)
}

function doubled(
  pattern: string,
  first: Entry | undefined,
  service: number,
  services: readonly (HostsOf | undefined)[],
): string {
  if (!first || first.service === service) return `${quoted(pattern)} is listed twice: remove one of them`
  const other = services[first.service]?.id ?? `services[${first.service}]`
  return `service ${quoted(other)} has ${quoted(pattern)} already, and a host belongs to one service: remove it from one of them`
}

/** A pattern does not matter where its hosts would belong to the same service without it. */
function checkMatters({ pattern, service, path }: Entry, all: ReadonlyMap<string, Entry>, faults: FaultList): void {
  for (const wider of widerThan(pattern)) {
    const other = all.get(wider)
    if (!other || !isCoveredBy(pattern, wider)) continue
    if (other.service === service)
      faults.warning(path, `${quoted(wider)} of the same service holds ${quoted(pattern)} already: remove this one`)
    return
  }
}

/** Every `*.suffix` that could hold a pattern, the most specific first. */
function widerThan(pattern: string): string[] {
  const labels = pattern.replace(/^\*\./, '').split('.')
  return labels.map((_, i) => `*.${labels.slice(i).join('.')}`)
}

export function checkSuffixes(suffixes: readonly (string | undefined)[], path: Path, faults: FaultList): void {
  for (const [i, suffix] of suffixes.entries()) {
    const wrong = suffix === undefined ? null : suffixFault(suffix)
    if (wrong !== null) faults.error([...path, i], wrong)
  }
  checkDistinct(
    suffixes,
    (i) => [...path, i],
    (suffix) => `${quoted(suffix)} is listed twice: remove one of them`,
    faults,
  )
}
