/**
 * Finds a planted place: a latitude and a longitude near each other that lie within {@link TOLERANCE} of it. A receiver's fix
 * wanders and programs cut off decimals, so the numbers are compared as numbers; three decimals of one of them alone are met by chance.
 */
import type { Seed } from '../model.ts'
import { isDigit } from './flanks.ts'
import type { Span } from './layer.ts'
import type { Latitude } from './needle.ts'

/** Degrees: the third decimal and a half, some 170 m. */
const TOLERANCE = 0.0015
/** How far from the latitude its longitude may begin, in bytes. */
const NEAR = 96
/** A number longer than this is none that tells a place. */
const LONGEST = 24
/** Integers of degrees × 10^6 and 10^7, as maps' interfaces have them. */
const SCALES = [1, 1e6, 1e7]

/** What a latitude near the planted one begins with: to three decimals, or the digits of an integer to four. */
export function latitudesOf(seed: Seed): readonly Latitude[] {
  const place = placeOfSeed(seed)
  if (place === null) return []
  const beginnings = new Set<string>()
  for (let near = -20; near <= 20; near++) {
    const digits = String(Math.trunc(Math.abs(place.latitude) * 10_000) + near).padStart(5, '0')
    beginnings.add(`${digits.slice(0, -4)}.${digits.slice(-4, -1)}`)
    if (!digits.startsWith('0')) beginnings.add(digits)
  }
  return [...beginnings].map((text) => ({ is: 'latitude', seed, bytes: Buffer.from(text), folds: false }))
}

/**
 * @param at where one of {@link latitudesOf} stands
 * @returns the latitude and what lies up to the end of the longitude, in either order; null where there is no such pair
 */
export function placeAt(seed: Seed, bytes: Uint8Array, at: number): Span | null {
  const place = placeOfSeed(seed)
  const latitude = numberAround(bytes, at)
  if (place === null || latitude === null) return null
  const scale = SCALES.find((s) => isNear(latitude.value / s, place.latitude))
  if (scale === undefined) return null
  for (let i = Math.max(0, latitude.from - NEAR); i < Math.min(bytes.length, latitude.until + NEAR); i++) {
    if (!isDigit(bytes[i])) continue
    const number = numberAround(bytes, i)
    if (number === null) continue
    if (number.from !== latitude.from && isNear(number.value / scale, place.longitude))
      return { from: Math.min(number.from, latitude.from), until: Math.max(number.until, latitude.until) }
    i = number.until
  }
  return null
}

/** Without regard to the sign, which some write as a letter of the compass. */
const isNear = (value: number, planted: number): boolean => Math.abs(Math.abs(value) - Math.abs(planted)) <= TOLERANCE

function placeOfSeed(seed: Seed): { readonly latitude: number; readonly longitude: number } | null {
  if (seed.kind !== 'location') return null
  const [latitude = Number.NaN, longitude = Number.NaN] = seed.value.split(',').map(Number)
  return Number.isFinite(latitude + longitude) ? { latitude, longitude } : null
}

/** The decimal number that has a digit at a place; null where it is too long. */
function numberAround(bytes: Uint8Array, at: number): (Span & { readonly value: number }) | null {
  let from = at
  let until = at
  while (from > 0 && at - from < LONGEST && isPart(bytes[from - 1])) from--
  while (until < bytes.length && until - at < LONGEST && isPart(bytes[until])) until++
  const value = Number(Buffer.from(bytes.subarray(from, until)).toString('latin1'))
  return until - from >= LONGEST || Number.isNaN(value) ? null : { from, until, value }
}

const isPart = (byte: number | undefined): boolean => isDigit(byte) || byte === 0x2e
