/** Reads a part that another machine wrote. */
import { InputError } from '../errors.ts'
import { CARRIED } from './carried.ts'
import { isCount, isList, isNumberOf, isText, isTextOrNull, lengthOf, type Members, members } from './part-shapes.ts'
import { consentFault } from './read-consent-part.ts'
import { WHY_HIDDEN } from './unknown-host.ts'
import { WEIGHED_PART, type WeighedPart } from './weighed-part.ts'

/** Columns of cases that are numbers, with the list that they number or what they must be at least. */
const COLUMNS = {
  location: 'locations.remote',
  names: 'names',
  circumstances: 'circumstances',
  port: -1,
  protocol: -1,
  flows: 0,
  bytesOut: 0,
  bytesIn: 0,
  after: 0,
  lasting: 0,
} as const

/**
 * Checks that a value is a part of this version, and that all numbers in it are of something that it holds, so that concluding an
 * audit from it cannot go astray.
 *
 * @param json as JSON.parse gives it; it is handed back, not copied
 * @param source where it was read, for the error
 * @throws InputError for another version, and for what is no part
 */
export function readWeighedPart(json: unknown, source = ''): WeighedPart {
  const fault = faultOf(json)
  if (fault === null) return json as WeighedPart
  throw new InputError(`reading a weighed part${source === '' ? '' : ` from ${source}`}: ${fault}`, { source })
}

function faultOf(json: unknown): string | null {
  const part = members(json)
  if (!part) return 'it is no JSON object'
  if (part.schema !== WEIGHED_PART)
    return `its schema is ${JSON.stringify(part.schema)}, and this program reads ${WEIGHED_PART}; weigh the observations again with this program`
  const texts = ['snapshots', 'steps', 'unknownSessions', 'remotes'].find((name) => !isList(part[name], isText))
  if (texts) return `${texts} is no list of texts`
  if (!isText(part.declaration)) return 'declaration is no SHA-256'
  if (!isCount(part.flows)) return 'flows is no number of flows'
  return (
    periodFault(part.period) ??
    tableFault(part) ??
    locationFault(part) ??
    handshakeFault(part) ??
    caseFault(part) ??
    outOfScopeFault(part) ??
    consentFault(part)
  )
}

function periodFault(period: unknown): string | null {
  if (period === null) return null
  const { from, until } = members(period) ?? {}
  return Number.isSafeInteger(from) && Number.isSafeInteger(until) ? null : 'period has no first and last packet'
}

/** Lists of what cases name by number. */
function tableFault(part: Members): string | null {
  const { kinds, names, circumstances, origins } = part
  if (!isList(kinds, isKind)) return 'kinds is no list of kinds of evidence'
  const { kind, says } = members(part.evidence) ?? {}
  if (!isList(kind, (number) => isNumberOf(number, kinds.length)) || !isList(says, isText))
    return 'evidence is no list of evidence'
  if (kind.length !== says.length) return 'evidence has not as many texts as kinds'
  const places = placesFault(members(part.places) ?? {}, says.length)
  if (places !== null) return places
  if (!isList(names, (list) => isList(list, isName))) return 'names is no list of names'
  if (!isList(part.encrypted, (number) => isNumberOf(number, names.length))) return 'encrypted is no list of names'
  if (!isList(circumstances, isCircumstances)) return 'circumstances is no list of circumstances'
  return isList(origins, isOrigin) ? null : 'origins is no list of sessions and captures'
}

function isKind(json: unknown): boolean {
  const { rule, source, date, supports } = members(json) ?? {}
  return isText(rule) && isText(source) && isTextOrNull(date) && typeof supports === 'boolean'
}

function placesFault({ grade, evidence, ...facts }: Members, pieces: number): string | null {
  const isPieces = (list: unknown) => isList(list, (number) => isNumberOf(number, pieces))
  if (!isList(grade, isText) || !isList(evidence, isPieces))
    return 'places is no list of places with numbers of evidence'
  const columns = [facts.country, facts.subdivision, facts.city, facts.cloud, facts.prefix]
  if (!columns.every((column) => isList(column, isTextOrNull))) return 'places has a fact that is no text'
  return [evidence, ...columns].every((column) => lengthOf(column) === grade.length)
    ? null
    : 'places has columns of different lengths'
}

function isName(json: unknown): boolean {
  const { name, via } = members(json) ?? {}
  return isText(name) && isText(via)
}

function isOrigin(json: unknown): boolean {
  const { session, step, capture } = members(json) ?? {}
  return isText(session) && isTextOrNull(step) && isText(capture)
}

function isCircumstances(json: unknown): boolean {
  const { from, until, clocked, clockErrorMs, hidden, deviceKnown, carried, contested } = members(json) ?? {}
  const by = members(clocked) ?? {}
  return (
    [from, until, by.from, by.until].every(isCount) &&
    typeof clockErrorMs === 'number' &&
    (hidden === null || (isText(hidden) && Object.hasOwn(WHY_HIDDEN, hidden))) &&
    typeof deviceKnown === 'boolean' &&
    typeof contested === 'boolean' &&
    CARRIED.some((known) => known === carried)
  )
}

function locationFault({ locations, remotes, places }: Members): string | null {
  const { remote, place, spelled } = members(locations) ?? {}
  if (!isList(remote, (number) => isNumberOf(number, lengthOf(remotes))))
    return 'locations.remote is no list of remotes'
  if (!isList(place, (number) => isNumberOf(number, lengthOf(members(places)?.grade))))
    return 'locations.place is no list of places'
  if (place.length !== remote.length) return 'locations have not as many places as remotes'
  const isSpelled = (pair: unknown) => Array.isArray(pair) && isNumberOf(pair[0], remote.length) && isText(pair[1])
  return isList(spelled, isSpelled) ? null : 'locations.spelled is no list of locations and addresses'
}

function handshakeFault({ vantages, locations, handshakes, controls }: Members): string | null {
  if (!isList(vantages, isVantage)) return 'vantages is no list of rigs and where they stand'
  const isMeasured = ({ vantage, port, rttMs }: Members) =>
    isList(vantage, (number) => isNumberOf(number, vantages.length)) &&
    isList(port, (number) => isNumberOf(number, 65_536)) &&
    isList(rttMs, (value) => Number.isFinite(value) && Number(value) > 0) &&
    port.length === vantage.length &&
    rttMs.length === vantage.length
  const { location, ...measured } = members(handshakes) ?? {}
  const isLocation = (number: unknown) => isNumberOf(number, lengthOf(members(locations)?.remote))
  if (!isMeasured(measured) || !isList(location, isLocation) || location.length !== lengthOf(measured.rttMs))
    return 'handshakes is no list of locations, vantages, ports and milliseconds'
  const { region, ...held } = members(controls) ?? {}
  return isMeasured(held) && isList(region, isText) && region.length === lengthOf(held.rttMs)
    ? null
    : 'controls is no list of regions, vantages, ports and milliseconds'
}

function isVantage(json: unknown): boolean {
  const { rig, place, latitude, longitude } = members(json) ?? {}
  return isText(rig) && isText(place) && Number.isFinite(latitude) && Number.isFinite(longitude)
}

function caseFault(part: Members): string | null {
  const cases = members(part.cases)
  const rows = lengthOf(cases?.origins)
  const origins = lengthOf(part.origins)
  const isKnown = (number: unknown) => isNumberOf(number, origins)
  const isOrigins = (one: unknown) => isKnown(one) || (lengthOf(one) > 0 && isList(one, isKnown))
  if (!isList(cases?.origins, isOrigins)) return 'cases.origins is no list of origins'
  const sizes = { ...part, 'locations.remote': members(part.locations)?.remote } as Members
  for (const [name, what] of Object.entries(COLUMNS)) {
    const column = cases?.[name]
    const least = typeof what === 'number' ? what : 0
    const end = typeof what === 'number' ? Number.MAX_SAFE_INTEGER : lengthOf(sizes[what])
    if (!isList(column, (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) < end))
      return `cases.${name} is no list of numbers ${typeof what === 'number' ? `from ${what}` : `of ${what}`}`
    if (column.length !== rows) return `cases.${name} has ${column.length} rows, and cases.origins ${rows}`
  }
  return null
}

function outOfScopeFault({ outOfScope, remotes }: Members): string | null {
  const { special, foreign, unknown } = members(outOfScope) ?? {}
  const counts = (isKey: (key: unknown) => boolean) => (pair: unknown) =>
    Array.isArray(pair) && isKey(pair[0]) && isCount(pair[1])
  if (!isList(special, counts(isText)) || !isList(foreign, counts(isText))) return 'outOfScope counts no flows by text'
  const isRemote = (number: unknown) => isNumberOf(number, lengthOf(remotes))
  return isList(unknown, counts(isRemote)) ? null : 'outOfScope.unknown counts no flows by remote'
}
