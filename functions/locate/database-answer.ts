/**
 * What geolocation databases say of an address, whatever the shape of their records: MaxMind's nested ones
 * (`country.iso_code`, `subdivisions[].iso_code`, `city.names.en`) and flat ones (`country_code`, `state1`, `city`, as the
 * ip-location-db packages of DB-IP and the registries have them; a missing field is empty text).
 */
import { isCountry } from '../net/country.ts'
import type { DatabaseAnswer } from './snapshots.ts'

type Fields = Readonly<Record<string, unknown>>

const noFields: Fields = {}
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : noFields
/** Text of a field, without control characters and no longer than a place's name; null for anything else. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = /[^ -~]/.test(value) ? value.replace(/\p{C}+/gu, ' ').trim() : value.trim()
  return text === '' ? null : text.slice(0, 100)
}
const englishName = (value: unknown) => textOf(fieldsOf(fieldsOf(value).names).en)

/** A coordinate; flat records have it as text. */
function degrees(value: unknown, most: number): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Math.abs(number) <= most ? number : null
}

/** Reads a record of either shape; null where it names no country, which is all that a verdict can rest on. */
export function readRecord(record: unknown): DatabaseAnswer | null {
  const fields = fieldsOf(record)
  const nested = fieldsOf(fields.country)
  const code = textOf(nested.iso_code) ?? textOf(fields.country_code) ?? textOf(fields.country)
  // Where a block is registered is kept apart: it says who holds it, not where it is used.
  const registered = textOf(fieldsOf(fields.registered_country).iso_code)
  if (!code && !registered) return null
  const first = fieldsOf(Array.isArray(fields.subdivisions) ? fields.subdivisions[0] : undefined)
  const part = textOf(first.iso_code)
  const region = englishName(first) ?? textOf(fields.state1) ?? textOf(fields.region)
  const city = englishName(fields.city) ?? textOf(fields.city)
  const country = code && isCountry(code) ? code : null
  const located = fieldsOf(fields.location)
  const latitude = degrees(located.latitude ?? fields.latitude, 90)
  const longitude = degrees(located.longitude ?? fields.longitude, 180)
  const point = latitude === null || longitude === null ? null : { latitude, longitude }
  const centre = point !== null && city === null ? ` (no finer than the ${region === null ? 'country' : 'region'})` : ''
  return {
    country,
    subdivision: country && part && /^[A-Z0-9]{1,3}$/.test(part) ? `${country}-${part}` : null,
    city,
    point: city === null ? null : point,
    words: !code
      ? `no country, only where the block is registered (${registered})`
      : country
        ? `${placeWords(city, region, code)}${centre}`
        : `${placeWords(city, region, code)}, which is no country of ISO 3166-1`,
  }
}

/** `Boardman, Oregon, US`; a city that is called as its region, or a region as its country, is named once. */
function placeWords(city: string | null, region: string | null, code: string): string {
  let words = city ?? ''
  if (region !== null && region !== city) words += words === '' ? region : `, ${region}`
  if (code !== region) words += words === '' ? code : `, ${code}`
  return words
}
