/** What is wrong with a declaration whose keys and types are right: all that it takes more than one value to see. */
import type { Micros } from '../model.ts'
import { type TimeZone, timeZone } from '../net/time-zone.ts'
import { checkConsent } from './check-consent.ts'
import { checkDeadlines } from './check-deadlines.ts'
import { checkHosts, checkSuffixes } from './check-hosts.ts'
import { checkOwnNetworks } from './check-own-networks.ts'
import { checkPhases, type PhaseContext } from './check-phases.ts'
import { checkCountry, checkPlaces } from './check-places.ts'
import { checkWaivers } from './check-waivers.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import type { FaultList } from './fault-list.ts'
import { timeFault } from './instant.ts'
import { quoted } from './path.ts'
import { checkDistinct, idsOf, type Known } from './references.ts'
import type { Draft } from './shape-faults.ts'
import { zoneFault } from './zone-name.ts'

type DeclarationDraft = Draft<DeclarationDocument>

/** Adds every fault to `faults`; waivers expire as of `asOf`, and not at all where it is undefined. */
export function checkDeclaration(draft: DeclarationDraft, asOf: Micros | undefined, faults: FaultList): void {
  const zone = checkZone(draft, faults)
  const sources = checkSources(draft, faults)
  checkMarkets(draft, faults)
  checkPlaces(draft.places, faults)
  checkSalts(draft.salts ?? [], faults)
  checkOwnNetworks(draft.ownNetworks ?? [], faults)
  const places = placesOf(draft)
  const context: PhaseContext = {
    zone,
    sources,
    places,
    placeOf: (id) => (places.ids.has(id) ? draft.places?.[id] : undefined),
  }
  const services = checkServices(draft, context, faults)
  const suffixes = draft.undeclaredHosts?.vendorSuffixes ?? []
  checkSuffixes(suffixes, ['undeclaredHosts', 'vendorSuffixes'], faults)
  checkDeadlines(draft, services, context, faults)
  checkWaivers(draft, services, zone, asOf, faults)
}

function checkZone(draft: DeclarationDraft, faults: FaultList): TimeZone | null {
  const name = draft.metadata?.timezone
  if (name === undefined) return null
  const fault = zoneFault(name)
  if (fault !== null) faults.error(['metadata', 'timezone'], fault)
  return timeZone(name)
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

function checkSalts(salts: readonly (string | undefined)[], faults: FaultList): void {
  const twice = (_: string, first: number) => `is listed already, as salts[${first}]: remove one of them`
  checkDistinct(salts, (i) => ['salts', i], twice, faults)
}

const placesOf = ({ places }: DeclarationDraft): Known => ({
  kind: 'place',
  home: 'places',
  ids: new Set(Object.keys(places ?? {})),
  complete: places !== undefined,
})

function checkServices(draft: DeclarationDraft, context: PhaseContext, faults: FaultList): Known {
  const services = draft.services ?? []
  checkHosts(services, faults)
  for (const [i, service] of services.entries()) {
    const path = ['services', i]
    checkPhases(service?.phases ?? [], [...path, 'phases'], context, faults)
    if (service?.consent) {
      const others = services.flatMap((other) => (other === service ? [] : (other?.hosts ?? [])))
      const known = others.filter((pattern) => pattern !== undefined)
      checkConsent(service.consent, [...path, 'consent'], { ...context, others: known }, faults)
    }
    const twice = (category: string) => `${quoted(category)} is listed twice: remove one of them`
    checkDistinct(service?.data ?? [], (j) => [...path, 'data', j], twice, faults)
  }
  const known = idsOf('service', 'services', services, ['services'], faults)
  return { ...known, complete: known.complete && draft.services !== undefined }
}
