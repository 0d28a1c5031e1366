/** One line of a geofeed (RFC 8805, section 2.1.1). */
import { parseAddress } from '../../net/address.ts'
import { isCountry } from '../../net/country.ts'
import { type Prefix, parsePrefix, prefixAround } from '../../net/prefix.ts'
import { COUNTRIES_TOO, currentSubdivision } from '../../net/subdivision.ts'
import type { StatedPlace } from '../snapshots.ts'
import { isTooShort, printable } from './reading.ts'

/** Says that addresses are nowhere, as feeds did before empty fields meant that (section 2.1.2). */
const NOWHERE = 'ZZ'

/**
 * The fields that count: prefix, country, subdivision, city. The standard asks for a comma before the postal code as well
 * ("SHOULD"), but deprecates the code, and real feeds leave off both.
 */
const FIELDS = 4

interface Place {
  readonly prefix: Prefix
  readonly place: StatedPlace
}

/**
 * Reads a line without its comment.
 *
 * @returns what is wrong with it, as the rest of a sentence, where it cannot be used
 */
export function parseFeedLine(line: string): Place | string {
  const fields = fieldsOf(line)
  if (!fields) return 'has a quote that does not end its field'
  const [address = '', first = '', second = '', city = ''] = fields
  const prefix = prefixOf(address)
  if (!prefix) return 'has no valid address or prefix'
  if (isTooShort(prefix)) return 'has a prefix shorter than anybody holds'
  if (fields.length < FIELDS) return `has ${fields.length} fields, not at least ${FIELDS}`
  const [country, region] = [first.toUpperCase(), second.toUpperCase()]
  const nowhere = country === '' || country === NOWHERE
  if (!nowhere && !isCountry(country)) return 'has a country that ISO 3166-1 does not assign'
  if (region !== '' && !/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(region))
    return 'has a subdivision that is no code of ISO 3166-2'
  // CN-HK is Hong Kong, whichever country stands before it.
  const territory = COUNTRIES_TOO.get(currentSubdivision(region))
  const within = region.slice(0, 2)
  if (region !== '' && !nowhere && within !== country && territory !== country)
    return 'has a subdivision of another country'
  if (region !== '' && !isCountry(within)) return 'has a subdivision of a country that ISO 3166-1 does not assign'
  return {
    prefix,
    place: {
      country: territory ?? (nowhere ? within || null : country),
      subdivision: territory === undefined && region !== '' ? region : null,
      city: printable(city, 100) || null,
    },
  }
}

/** An address alone is a prefix of its own; bits beyond the length are cleared, because the network is meant. */
function prefixOf(text: string): Prefix | null {
  if (text.includes('/')) return parsePrefix(text)
  const address = parseAddress(text)
  return address && prefixAround(address, address.family === 4 ? 32 : 128)
}

/** The fields of a line of CSV (RFC 4180, section 2) without the spaces around them; null for an open quote. */
function fieldsOf(line: string): readonly string[] | null {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim())
  const fields: string[] = []
  // A field in quotes, in which two stand for one, or one without any; then a comma or the end.
  const field = /\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y
  for (let end = ','; end === ','; ) {
    const match = field.exec(line)
    if (!match) return null
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim())
    end = match[3] ?? ''
  }
  return fields
}
