/**
 * What handshakes exclude: a SYN cannot reach an address and its answer come back faster than light. Physics only excludes; a
 * handshake that a place admits is no evidence that the address stands there.
 */
import type {
  Control,
  DistantControl,
  Evidence,
  ExcludedPlace,
  Grade,
  Handshake,
  Location,
  Place,
  Trust,
  Vantage,
} from '../model.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { compareText } from '../net/code-units.ts'
import { countryName } from '../net/country.ts'
import { kmToCountry } from '../net/country-outline.ts'
import { kmBetween, type Point } from '../net/distance.ts'
import { COUNTRIES_TOO, currentSubdivision } from '../net/subdivision.ts'
import { kilometres, milliseconds } from '../net/units.ts'
import { conflicted, relocated } from './relocated.ts'

/** Kilometres that light covers there and back in a millisecond, in empty space and in fibre (299,792 km/s; two thirds of it). */
const IN_SPACE = 149.9
const IN_FIBRE = 99.9
/** Allowed for on top: where regions and rigs stand is known to some ten kilometres, and a region has several buildings. */
const SLACK_KM = 100
/** Nothing on Earth is farther away: a handshake that reaches so far excludes nothing. */
const FARTHEST_KM = 20_016

/** How far away an address can be at most that answers so fast. */
export const reachKm = ({ rttMs }: Pick<Handshake, 'rttMs'>) => rttMs * IN_SPACE + SLACK_KM
const fibreReachKm = ({ rttMs }: Handshake) => rttMs * IN_FIBRE + SLACK_KM

/** The location with what the handshake that asks most of light says of it; the same object where none says anything. */
export function heldAgainstLight(location: Location, handshakes: readonly Handshake[]): Location {
  const measured = mostTelling(handshakes, (vantage) => kmTo(location, vantage))
  if (!measured) return location
  const { handshake, km } = measured
  if (km > reachKm(handshake)) return conflicted(location, evidenceOf(measured, location, 'impossible'))
  const doubted = km > fibreReachKm(handshake)
  // Of a place beside the rig, and of a slow handshake, there is nothing to say.
  if (!doubted && (km <= SLACK_KM || reachKm(handshake) >= FARTHEST_KM)) return location
  const evidence = [...location.evidence, evidenceOf(measured, location, doubted ? 'doubted' : 'admitted')]
  return relocated(location, { grade: doubted ? lowered(location.grade) : location.grade, evidence })
}

/** Whether the address cannot stand where the location has it. */
export function isImpossible(location: Location, handshake: Handshake): boolean {
  const km = kmTo(location, handshake.vantage)
  return km !== null && km > reachKm(handshake)
}

/** What excludes each of the places, by the handshake that does so most clearly; null where any of them may be. */
export function excludedPlaces(
  places: readonly Place[],
  handshakes: readonly Handshake[],
): readonly ExcludedPlace[] | null {
  const excluded: ExcludedPlace[] = []
  for (const place of places) {
    const by = mostTelling(handshakes, (vantage) => kmToPlace(place, vantage))
    if (!by || by.km <= reachKm(by.handshake)) return null
    excluded.push({ place, ...by, reachKm: reachKm(by.handshake) })
  }
  return excluded.length > 0 ? excluded : null
}

/**
 * What other handshakes of the same rig say of one: proxies that mobile carriers put before their customers answer for every
 * address, and would make every place impossible that is far from the rig.
 *
 * Proxies may take some ports only, such as 80 and 443. So what one port shows vouches for no other; but where something answers
 * for regions far apart, on whatever ports, no handshake of the rig is believed.
 *
 * @param controls the smallest handshakes with the regions that the rig's traffic went to, by port
 */
export function trustIn(handshake: Handshake, controls: readonly Control[]): Trust {
  const known = controls.flatMap((control) => {
    if (control.vantage !== handshake.vantage) return []
    const at = pointOf(control.region)
    return at ? [{ control, at, km: kmBetween(at, control.vantage) }] : []
  })
  known.sort((one, other) => other.km - one.km || compareText(keyOfControl(one), keyOfControl(other)))
  const impossible = known.filter(({ control, km }) => km > reachKm(control))
  const alike = known.filter(({ control }) => control.port === handshake.port)
  const farther = alike.filter(({ control, km }) => km > reachKm(handshake) && km <= reachKm(control))
  const against = alike.filter((one) => impossible.includes(one))
  const found = { farther: farther.map(withoutPoint), impossible: impossible.map(withoutPoint) }
  if (farther.length > 0 && farther.length >= against.length) return { word: 'vouched', ...found }
  const apart = impossible.some(({ at }) => impossible.some((other) => kmBetween(at, other.at) > SLACK_KM))
  return { word: apart ? 'answered' : 'open', ...found }
}

const keyOfControl = ({ control: { region, port } }: DistantControl) => `${region} ${port}`
const withoutPoint = ({ control, km }: DistantControl): DistantControl => ({ control, km })

function pointOf(region: string): Point | null {
  const { latitude = null, longitude = null } = regionFacts(region) ?? {}
  return latitude === null || longitude === null ? null : { latitude, longitude }
}

/** How far from a rig the address stands at least, by its location; null where that has no one place. */
function kmTo({ cloud, country }: Location, vantage: Vantage): number | null {
  const point = cloud === null ? null : pointOf(cloud)
  if (point) return kmBetween(point, vantage)
  return country === null ? null : kmToLand(country, vantage)
}

/** Distances to countries, which have long outlines, by vantage. */
const measuredLand = new WeakMap<Vantage, Map<string, number | null>>()

function kmToLand(country: string, vantage: Vantage): number | null {
  const known = measuredLand.get(vantage) ?? new Map<string, number | null>()
  let km = known.get(country)
  if (km === undefined) {
    km = kmToCountry(country, vantage.latitude, vantage.longitude)
    measuredLand.set(vantage, known.set(country, km))
  }
  return km
}

/** The same for a declared place: a region is as near as the nearest of the zones that count as it. */
function kmToPlace({ cloud, zones = [], subdivision, country }: Place, vantage: Vantage): number | null {
  if (cloud === undefined) {
    const code = subdivision === undefined ? country : countryOf(subdivision)
    return code === undefined ? null : kmToLand(code, vantage)
  }
  let nearest = Number.POSITIVE_INFINITY
  for (const key of [cloud, ...zones]) {
    const point = pointOf(key)
    if (!point) return null
    nearest = Math.min(nearest, kmBetween(point, vantage))
  }
  return nearest
}

function countryOf(subdivision: string): string {
  return COUNTRIES_TOO.get(currentSubdivision(subdivision)) ?? subdivision.slice(0, 2)
}

interface Measured {
  readonly handshake: Handshake
  readonly km: number
}

/**
 * The handshake that asks most of light, and the distance; of alike ones, the first by rig. Null where no distance is known.
 *
 * @param kmFrom how far the place is from a vantage at least; null where that is not known
 */
function mostTelling(handshakes: readonly Handshake[], kmFrom: (vantage: Vantage) => number | null): Measured | null {
  let most: Measured | null = null
  for (const handshake of handshakes) {
    const km = kmFrom(handshake.vantage)
    if (km !== null && (most === null || asksMore({ handshake, km }, most))) most = { handshake, km }
  }
  return most
}

function asksMore(one: Measured, other: Measured): boolean {
  const difference = speed(one) - speed(other)
  return difference > 0 || (difference === 0 && keyOf(one) < keyOf(other))
}

const speed = ({ handshake, km }: Measured) => (km - SLACK_KM) / handshake.rttMs
const keyOf = ({ handshake: { vantage, port } }: Measured) =>
  `${vantage.rig} ${vantage.latitude} ${vantage.longitude} ${port}`

const LOWER: Partial<Readonly<Record<Grade, Grade>>> = { proven: 'corroborated', corroborated: 'suspected' }
const lowered = (grade: Grade): Grade => LOWER[grade] ?? grade

function evidenceOf(
  { handshake, km }: Measured,
  location: Location,
  outcome: 'impossible' | 'doubted' | 'admitted',
): Evidence {
  const { vantage, rttMs } = handshake
  const from = `A handshake of ${milliseconds(rttMs)} from ${vantage.rig} (${vantage.place})`
  const to = `${placeWords(location)}, ${pointOf(location.cloud ?? '') ? '' : 'at least '}${kilometres(km)} away`
  const inFibre = milliseconds(km / IN_FIBRE)
  const says = {
    impossible: `${from} cannot reach ${to}: even in empty space light needs at least ${milliseconds(km / IN_SPACE)} for the way there and back, in fibre ${inFibre}.`,
    doubted: `${from} is faster than fibre to ${to}, in which light needs at least ${inFibre} for the way there and back.`,
    admitted: `${from} does not exclude ${to}; it admits other places as well.`,
  }[outcome]
  return { date: null, rule: 'physics', says, source: `rig ${vantage.rig}`, supports: outcome === 'admitted' }
}

/** `aws:us-west-2 (Boardman, US-OR)`, or the country's name. */
function placeWords({ cloud, city, subdivision, country }: Location): string {
  const area = country === null ? '' : countryName(country)
  if (cloud === null) return area
  const within = [...new Set([city, subdivision ?? area])].filter((part) => part !== null && part !== '')
  return within.length === 0 ? cloud : `${cloud} (${within.join(', ')})`
}
