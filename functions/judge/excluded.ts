/**
 * Places that handshakes exclude. What is excluded altogether is a violation, unless something on the way may have answered
 * in the remote's stead, or the remote is an edge, which answers in the stead of what stands behind it (docs/decisions/0009).
 */
import type { Control, ExcludedPlace, Handshake, Location, Place, Refiner } from '../model.ts'
import { kilometres, milliseconds } from '../net/units.ts'
import { placeLabel, relate } from './place.ts'
import { controlsAgainst, controlsFor, rigWords, type Trusted } from './rig-controls.ts'
import type { Ruling } from './ruling.ts'
import type { Excluded } from './seen.ts'

/**
 * @param stands where the address stands without the handshakes: against evidence that has it in one of the places it takes a rig
 *   that is vouched for
 */
export function exclusionOf(
  places: readonly Place[],
  handshakes: readonly Handshake[],
  stands: Location,
  { refiner, controls }: { readonly refiner: Refiner; readonly controls: readonly Control[] },
): Excluded | null {
  const excluded = refiner.excluded(places, handshakes)
  if (!excluded) return null
  const atEdge = stands.grade === 'edge'
  const acquitted = isAcquitted(stands, places)
  const trusts = new Map(handshakes.map((handshake) => [handshake, refiner.trust(handshake, controls)]))
  const trusted = (of: readonly ExcludedPlace[]): readonly Trusted[] =>
    [...trusts].flatMap(([handshake, trust]) =>
      of.some((one) => one.handshake === handshake) ? { handshake, trust } : [],
    )
  const believed = handshakes.filter((handshake) => {
    const word = trusts.get(handshake)?.word
    return acquitted ? word === 'vouched' : word !== 'answered'
  })
  const proven = refiner.excluded(places, believed)
  if (proven) return { places: proven, atEdge, controls: controlsFor(trusted(proven)), doubt: null }
  const isAnswered = [...trusts.values()].some(({ word }) => word === 'answered')
  return {
    places: excluded,
    atEdge,
    controls: isAnswered ? controlsAgainst(trusted(excluded)) : [],
    doubt: isAnswered
      ? 'Handshakes of the same rig are as impossible for other regions that published ranges name: something on the way, such as a proxy of a mobile carrier, seems to answer in the stead of every address.'
      : 'All other evidence has the address in one of these places, and no handshake of the same rig with a farther region on the same port shows that nothing on the way answers in its stead.',
  }
}

/** Whether evidence that may decide has an address in one of the places. */
function isAcquitted(location: Location, places: readonly Place[]): boolean {
  const isSure = location.grade === 'proven' || location.grade === 'corroborated'
  return isSure && places.some((place) => relate(location, place) === 'inside')
}

/**
 * @param open the ruling without the handshakes
 * @param of whose places they are: `phase “migrated” of “account” allows`
 */
export function ruleExcluded(
  { places, atEdge, controls, doubt }: Excluded,
  open: Ruling,
  { ip }: Location,
  of: string,
): Ruling {
  if (atEdge && doubt === null) {
    const ended = `The connection ended no farther than ${reached(places)}, at an edge outside of every place that ${of}: ${measured(places)}.`
    return { ...open, reasons: [...open.reasons, ended] }
  }
  const impossible = `It is impossible that ${ip} stands in any place that ${of}: ${measured(places)}.`
  if (doubt === null) return { verdict: 'violation', reasons: [impossible, ...controls, ...open.reasons], settle: null }
  return {
    verdict: 'indeterminate',
    reasons: [...open.reasons, `By its handshakes alone: ${impossible}`, doubt, ...controls],
    settle: atEdge
      ? open.settle
      : 'A capture from a network in which nothing answers in the stead of others, with handshakes to regions far away on the same port to show it.',
  }
}

/** What was measured, by vantage, with the distances of the places that it excludes. */
function measured(places: readonly ExcludedPlace[]): string {
  const byHandshake = new Map<Handshake, ExcludedPlace[]>()
  for (const one of places) byHandshake.set(one.handshake, [...(byHandshake.get(one.handshake) ?? []), one])
  return [...byHandshake]
    .map(([{ vantage, rttMs }, excluded]) => {
      const away = excluded.map(({ place, km }) => `${placeLabel(place)} is ${atLeast(place)}${kilometres(km)} away`)
      const [{ reachKm } = { reachKm: 0 }] = excluded
      return `a handshake of ${milliseconds(rttMs)} from ${rigWords(vantage)} reaches no farther than ${kilometres(reachKm)} at the speed of light, and ${away.join(', ')}`
    })
    .join('; ')
}

/** How far the handshakes reach, by rig: `690 km from rig-delhi (New Delhi)`. */
function reached(places: readonly ExcludedPlace[]): string {
  const words = places.map(({ handshake, reachKm }) => `${kilometres(reachKm)} from ${rigWords(handshake.vantage)}`)
  return [...new Set(words)].join(' and ')
}

/** Of a country and its subdivisions only the distance of the nearest land is known. */
const atLeast = ({ cloud }: Place) => (cloud === undefined ? 'at least ' : '')
