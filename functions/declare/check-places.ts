/** What is wrong with places: codes and regions that do not exist, and places that lie in one another. */
import { regionAliases, regionFacts, regionKeys } from '../net/cloud-regions.ts'
import { isCountry } from '../net/country.ts'
import { currentSubdivision, hasLevels } from '../net/subdivision.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import type { FaultList } from './fault-list.ts'
import { type Path, quoted } from './path.ts'
import type { Draft } from './shape-faults.ts'
import { isSubdivision, subdivisionsOf } from './subdivisions.ts'
import { nearest, suggestion } from './suggest.ts'

type Places = Draft<DeclarationDocument['places']>
export type PlaceDraft = NonNullable<Places[string]>

export function checkPlaces(places: Places | undefined, faults: FaultList): void {
  if (places && Object.keys(places).length === 0)
    faults.error(['places'], 'no place is defined: write `singapore: { country: SG }` or the like')
  for (const [id, place] of Object.entries(places ?? {})) if (place) checkPlace(place, ['places', id], faults)
}

function checkPlace(place: PlaceDraft, path: Path, faults: FaultList): void {
  const kinds = (['cloud', 'subdivision', 'country'] as const).filter(
    (kind) => place[kind] !== undefined || faults.has([...path, kind]),
  )
  if (kinds.length === 0)
    faults.error(
      path,
      'says nothing of where it is: write one of `cloud: aws:us-west-1`, `subdivision: US-CA`, `country: US`',
    )
  if (kinds.length > 1)
    faults.error(
      path,
      `is described by ${kinds.join(' and ')}, and an address is held against one of them: keep the one that was promised (a ${kinds[0]} is the finest)`,
    )
  if (place.zones !== undefined && !kinds.includes('cloud'))
    faults.error([...path, 'zones'], 'zones belong to a cloud region: write `cloud` beside them, or remove them')
  if (place.cloud !== undefined) checkRegion(place.cloud, [...path, 'cloud'], faults)
  checkZones(place, path, faults)
  checkCountry(place.country, [...path, 'country'], faults)
  checkSubdivision(place.subdivision, [...path, 'subdivision'], faults)
  checkLevel(place.subdivision, [...path, 'subdivision'], faults)
}

/** Where subdivisions lie in one another, one of them tells little of another. */
function checkLevel(code: string | undefined, path: Path, faults: FaultList): void {
  const country = code?.slice(0, 2) ?? ''
  if (!hasLevels(country)) return
  faults.warning(
    path,
    `subdivisions of ${country} lie in one another, and an address that is located in one of another level than ${code} stays undecided: write \`country: ${country}\` or a \`cloud\` region if that was promised`,
  )
}

function checkRegion(key: string, path: Path, faults: FaultList): void {
  if (regionFacts(key)) return
  const [provider, name = ''] = key.split(':')
  const providers = new Set(regionKeys.map((known) => known.split(':')[0] ?? ''))
  const ofProvider = [...regionKeys, ...regionAliases.keys()].filter((known) => known.startsWith(`${provider}:`))
  if (ofProvider.length === 0) {
    const known = [...providers].join(', ')
    faults.error(
      path,
      `the regions of ${quoted(provider ?? '')} are not known here, only those of ${known}: name the country or subdivision instead`,
    )
    return
  }
  // An availability zone is its region with a letter.
  const region = regionFacts(key.slice(0, -1)) ? key.slice(0, -1) : nearest(key, ofProvider)
  const instead = region ? `did you mean ${quoted(region)}?` : 'write a key such as `aws:us-west-1`'
  faults.error(path, `${provider} has no region or zone ${quoted(name)}: ${instead}`)
}

function checkZones(place: PlaceDraft, path: Path, faults: FaultList): void {
  const { cloud } = place
  if (cloud === undefined || !regionFacts(cloud)) return
  const ofRegion = regionKeys.filter((key) => regionFacts(key)?.zoneOf === cloud)
  for (const [i, zone] of (place.zones ?? []).entries()) {
    if (zone === undefined || ofRegion.includes(zone)) continue
    const parent = regionFacts(zone)?.zoneOf
    const why = parent ? `is a zone of ${quoted(parent)}` : 'is no zone that is known'
    const ending = ofRegion.find((key) => key.endsWith(`-${zone}`))
    const instead = ending
      ? `write ${quoted(ending)}`
      : suggestion(zone, ofRegion, ofRegion.length > 0 ? 'write its name in full' : 'leave `zones` out')
    faults.error([...path, 'zones', i], `${quoted(zone)} ${why}, and ${quoted(cloud)} is meant: ${instead}`)
  }
}

/** Codes that people write for countries, and the assigned ones. */
const MISTAKEN: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR', EN: 'GB', KO: 'KR', JA: 'JP', TP: 'TL' }

export function checkCountry(code: string | undefined, path: Path, faults: FaultList): void {
  if (code === undefined || isCountry(code)) return
  const meant = MISTAKEN[code]
  const instead = meant
    ? `write ${meant}`
    : code === 'EU'
      ? 'write the countries, one a place'
      : 'look it up in ISO 3166-1 (https://www.iso.org/obp)'
  faults.error(path, `${code} is the code of no country: ${instead}`)
}

export function checkSubdivision(code: string | undefined, path: Path, faults: FaultList): void {
  if (code === undefined) return
  const country = code.slice(0, 2)
  checkCountry(country, path, faults)
  if (!isCountry(country)) return
  const today = currentSubdivision(code)
  if (today !== code) {
    faults.warning(path, `${code} was replaced in ISO 3166-2, and is read as ${today}: write ${today}`)
    return
  }
  if (isSubdivision(code)) return
  const instead = suggestion(code, subdivisionsOf(country), 'look it up in ISO 3166-2 (https://www.iso.org/obp)')
  faults.error(path, `${country} has no subdivision ${quoted(code)}: ${instead}`)
}

/** Everything that an address in a place is surely in, written as {@link coverOf} writes it. */
export function surroundingsOf(place: PlaceDraft): string[] {
  const region = place.cloud === undefined ? null : regionFacts(place.cloud)
  const written = place.subdivision ?? region?.subdivision
  const subdivision = written == null ? null : currentSubdivision(written)
  const country = place.country ?? place.subdivision?.slice(0, 2) ?? region?.country
  return [region?.key ?? place.cloud, subdivision, country].filter((code) => code != null)
}

/** What a place covers: its region with the zones that count as it, its subdivision or its country. */
export function coverOf(place: PlaceDraft): string[] {
  const { cloud, zones = [], subdivision, country } = place
  const area = subdivision === undefined ? country : currentSubdivision(subdivision)
  const codes = cloud === undefined ? [area] : [regionFacts(cloud)?.key ?? cloud, ...zones]
  return codes.filter((code) => code !== undefined)
}
