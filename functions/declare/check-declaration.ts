/** What is wrong with a declaration whose keys and types are right: all that it takes more than one value to see. */
import type { Micros } from '../model.ts'
import { canonicalAddress } from '../net/address.ts'
import { parsePrefix } from '../net/prefix.ts'
import { checkHosts, checkSuffixes } from './check-hosts.ts'
import { checkPhases, checkTime, following, type PhaseContext, type PhaseDraft } from './check-phases.ts'
import { checkCountry, checkPlaces } from './check-places.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import type { FaultList } from './fault-list.ts'
import { hostPatternFault } from './host-pattern.ts'
import { instantOf, timeFault } from './instant.ts'
import { quoted } from './path.ts'
import { checkDistinct, checkReference, checkReferences, idsOf, type Known } from './references.ts'
import type { Draft } from './shape-faults.ts'
import { suggestion } from './suggest.ts'
import { type TimeZone, timeZone, zoneNames } from './time-zone.ts'

type DeclarationDraft = Draft<DeclarationDocument>

/** Adds every fault to `faults`; waivers expire as of `asOf`, and not at all where it is undefined. */
export function checkDeclaration(draft: DeclarationDraft, asOf: Micros | undefined, faults: FaultList): void {
  const zone = checkZone(draft, faults)
  const sources = checkSources(draft, faults)
  checkMarkets(draft, faults)
  checkPlaces(draft.places, faults)
  const context: PhaseContext = { zone, sources, places: placesOf(draft), placeOf: (id) => draft.places?.[id] }
  const services = checkServices(draft, context, faults)
  const suffixes = draft.undeclaredHosts?.vendorSuffixes ?? []
  checkSuffixes(suffixes, ['undeclaredHosts', 'vendorSuffixes'], faults)
  checkDeadlines(draft, services, context, faults)
  checkWaivers(draft, services, zone, asOf, faults)
}

function checkZone(draft: DeclarationDraft, faults: FaultList): TimeZone | null {
  const name = draft.metadata?.timezone
  const zone = name === undefined ? null : timeZone(name)
  if (name !== undefined && !zone)
    faults.error(
      ['metadata', 'timezone'],
      `${quoted(name)} is no time zone of IANA's database: ${suggestion(name, zoneNames(), 'write UTC, or area and city, such as Asia/Shanghai')}`,
    )
  return zone
}

function checkSources(draft: DeclarationDraft, faults: FaultList): Known {
  for (const [i, source] of (draft.sources ?? []).entries()) {
    const wrong = source?.date === undefined ? null : timeFault(source.date, 'date')
    if (wrong !== null) faults.error(['sources', i, 'date'], wrong)
  }
  return idsOf('source', 'sources', draft.sources, ['sources'], faults)
}

function checkMarkets(draft: DeclarationDraft, faults: FaultList): void {
  const path = ['population', 'markets']
  const markets = draft.population?.markets ?? []
  for (const [i, code] of markets.entries()) checkCountry(code, [...path, i], faults)
  const twice = (code: string) => `${code} is listed twice: remove one of them`
  checkDistinct(markets, (i) => [...path, i], twice, faults)
}

const placesOf = ({ places }: DeclarationDraft): Known => ({
  kind: 'place',
  home: 'places',
  ids: Object.keys(places ?? {}),
  complete: places !== undefined,
})

function checkServices(draft: DeclarationDraft, context: PhaseContext, faults: FaultList): Known {
  const services = draft.services ?? []
  checkHosts(services, faults)
  for (const [i, service] of services.entries()) {
    const path = ['services', i]
    checkPhases(service?.phases ?? [], [...path, 'phases'], context, faults)
    const twice = (category: string) => `${quoted(category)} is listed twice: remove one of them`
    checkDistinct(service?.data ?? [], (j) => [...path, 'data', j], twice, faults)
  }
  const known = idsOf('service', 'services', services, ['services'], faults)
  return { ...known, complete: known.complete && draft.services !== undefined }
}

function checkDeadlines(
  draft: DeclarationDraft,
  services: Known,
  { zone, sources }: PhaseContext,
  faults: FaultList,
): void {
  const deadlines = draft.migration?.deadlines ?? []
  const home = ['migration', 'deadlines']
  idsOf('deadline', 'migration.deadlines', deadlines, home, faults)
  for (const [i, deadline] of deadlines.entries()) {
    const path = [...home, i]
    checkReference(deadline?.source, sources, [...path, 'source'], faults)
    checkReferences(deadline?.services, services, [...path, 'services'], faults)
    const at = checkTime(deadline?.at, 'end', [...path, 'at'], zone, faults)
    for (const [j, id] of (deadline?.services ?? []).entries()) {
      const phases = draft.services?.find((service) => service?.id === id)?.phases
      const wrong =
        phases &&
        deadline?.phase !== undefined &&
        at !== null &&
        carried(deadline.phase, deadline.at ?? '', at, phases, zone)
      if (wrong) faults.error([...path, 'services', j], `of service ${quoted(id ?? '')} ${wrong}`)
    }
  }
}

/** What keeps a deadline from being carried by the phase that it names; null where it is carried. */
function carried(
  id: string,
  written: string,
  at: Micros,
  phases: readonly (PhaseDraft | undefined)[],
  zone: TimeZone | null,
): string | null {
  const phase = phases.find((candidate) => candidate?.id === id)
  if (!phase) {
    if (phases.some((candidate) => candidate?.id === undefined)) return null
    return `no phase carries the deadline, there is no ${quoted(id)}: ${suggestion(
      id,
      phases.flatMap((p) => p?.id ?? []),
      'write that phase',
    )}`
  }
  const from = phase.from === undefined ? null : instantOf(phase.from, 'start', zone)
  if (from === at || (phase.from !== undefined && from === null)) return null
  const begins = phase.from === undefined ? 'has no beginning' : `begins at ${phase.from}`
  return `the phase ${quoted(id)} ${begins}, and the deadline ends at ${written}: write \`from: ${following(written)}\` in the phase, or move the deadline`
}

function checkWaivers(
  draft: DeclarationDraft,
  services: Known,
  zone: TimeZone | null,
  asOf: Micros | undefined,
  faults: FaultList,
): void {
  idsOf('waiver', 'waivers', draft.waivers, ['waivers'], faults)
  for (const [i, waiver] of (draft.waivers ?? []).entries()) {
    if (!waiver) continue
    const path = ['waivers', i]
    const { match, owner, approver, expires } = waiver
    const named =
      Object.keys(match ?? {}).length > 0 ||
      ['service', 'host', 'remote'].some((key) => faults.has([...path, 'match', key]))
    if (match && !named)
      faults.error([...path, 'match'], 'matches nothing in particular: write `service`, `host` or `remote`')
    checkReference(match?.service, services, [...path, 'match', 'service'], faults)
    const wrong = match?.host === undefined ? null : hostPatternFault(match.host)
    if (wrong !== null) faults.error([...path, 'match', 'host'], wrong)
    if (match?.remote !== undefined && canonicalAddress(match.remote) === null && parsePrefix(match.remote) === null)
      faults.error(
        [...path, 'match', 'remote'],
        `${quoted(match.remote)} is no address and no prefix: write 203.0.113.7 or 203.0.113.0/24`,
      )
    const end = checkTime(expires, 'end', [...path, 'expires'], zone, faults)
    if (end !== null && asOf !== undefined && end <= asOf)
      faults.warning(
        [...path, 'expires'],
        `the waiver expired with ${expires}, so that its findings count again: remove it, or have it approved anew`,
      )
    if (owner !== undefined && approver !== undefined && owner.trim().toLowerCase() === approver.trim().toLowerCase())
      faults.warning([...path, 'approver'], `${quoted(approver)} owns the waiver: have somebody else approve it`)
  }
}
