/**
 * How far a point is at least from a country, to exclude countries by physics: what light cannot reach, no server answers
 * from. The outlines and how they were made: schemas/write-country-outlines.ts.
 */
import { outlines } from './country-outline/outlines.ts'
import { kmToRings, type Ring, readRings } from './country-outline/rings.ts'

/**
 * By how much, in km, an outline may pretend that a country is too far: 12 for its simplification, which the script that
 * makes it checks, and 8 for Natural Earth itself, whose scale of 1:10,000,000 makes a millimetre of 10 km.
 */
export const OUTLINE_ERROR_KM = 20

/** The rings that were read: a country's text is read when it is first asked for. */
const known = new Map<string, readonly Ring[]>()

/**
 * A lower bound of the great-circle distance, in km, from a point to a country's land: never more than the distance, because
 * all by which the outline may be wrong is taken off ({@link OUTLINE_ERROR_KM}). 0 inside the country and near it.
 *
 * A country has all its parts, however far, and also those that have a code of their own if Natural Earth counts them to it:
 * Réunion is of FR and of RE. Boundaries are those of fact; Crimea and rocks that several countries claim are of each of
 * them. The distance is on a sphere, as that of `kmBetween`: on the Earth's ellipsoid it may be 0.6 % less.
 *
 * @param country ISO 3166-1 alpha-2
 * @param latitude degrees, WGS 84
 * @param longitude degrees, WGS 84
 * @returns null for a country without an outline, of which nothing may be excluded
 */
export function kmToCountry(country: string, latitude: number, longitude: number): number | null {
  if (!Object.hasOwn(outlines, country)) return null
  const rings = known.get(country) ?? readRings(outlines[country] ?? '')
  known.set(country, rings)
  return Math.max(0, kmToRings({ latitude, longitude }, rings) - OUTLINE_ERROR_KM)
}
