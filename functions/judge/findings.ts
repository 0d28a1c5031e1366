/** Findings: evidence of the same rule, host, remote, place and verdict, merged and named. */
import type { Declaration, Finding, Location, Micros, Verdict, Via, Waiver } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import { protocolName } from '../net/protocol.ts'
import { formatTime } from '../net/time.ts'
import { databaseAge } from './database-age.ts'
import type { Sighted } from './evidence.ts'
import { eachOrigin, type OriginNumbers, type Origins } from './origins.ts'
import { digestOf, shortIds } from './short-id.ts'
import { waiverOf } from './waivers.ts'

export interface Found {
  readonly findings: readonly Finding[]
  readonly locations: readonly (Location & { readonly id: string })[]
}

/** Merges evidence into findings, most serious first, with the locations that they rest on. */
export function findingsOf(
  declaration: Declaration,
  evidence: readonly Sighted[],
  origins: Origins,
  asOf: Micros,
): Found {
  const groups = groupsOf(evidence)
  const ids = shortIds(
    'F',
    groups.map(({ digest }) => digest),
  )
  const located = [...new Set(groups.map(({ lead }) => lead.located))]
  const locationIds = shortIds(
    'L',
    located.map(({ digest }) => digest),
  )
  const idOf = new Map(located.map((one, i) => [one, locationIds[i] ?? '']))
  // Spellings of one address are located apart, and say the same.
  const locations = new Map(Array.from(idOf, ([{ location }, id]) => [id, named(location, id)]))
  const findings = groups.map((group, i) => {
    const { lead } = group
    const waiver = annotation(declaration, lead, asOf)
    return composed(group, ids[i] ?? '', idOf.get(lead.located) ?? '', waiver, origins)
  })
  return {
    findings: findings.sort(bySeriousness),
    locations: [...locations.values()].sort((a, b) => compareText(a.ip, b.ip) || compareText(a.id, b.id)),
  }
}

/** In the order of canonical JSON, as findings are. */
function named(location: Location, id: string): Found['locations'][number] {
  const { city, cloud, country, evidence, grade, ip, prefix, subdivision } = location
  return { city, cloud, country, evidence, grade, id, ip, prefix, subdivision }
}

/** Sighted of one finding: what identifies it, and all that its location says, are the same. */
interface Group {
  readonly lead: Sighted
  readonly pieces: Sighted[]
  /** Of what identifies the finding. */
  readonly digest: string
  /** Another finding that only the evidence for its location tells apart. */
  readonly next: Group | null
}

function groupsOf(evidence: readonly Sighted[]): readonly Group[] {
  const byDigest = new Map<string, Group>()
  for (const piece of evidence) {
    const digest = digestOf(identity(piece))
    const first = byDigest.get(digest)
    let group = first ?? null
    while (group && group.lead.located.digest !== piece.located.digest) group = group.next
    if (group) group.pieces.push(piece)
    else byDigest.set(digest, { lead: piece, pieces: [piece], digest, next: first ?? null })
  }
  return [...byDigest.values()].flatMap((first) => (first.next ? toldApart(first) : first))
}

/** Findings of one identity get one of their own each. */
function toldApart(first: Group): readonly Group[] {
  const groups: Group[] = []
  for (let group: Group | null = first; group; group = group.next)
    groups.push({ ...group, digest: digestOf([group.digest, group.lead.located.digest]) })
  return groups
}

/** What makes a finding the same in every audit that finds it; reference data may change as long as the place does not. */
function identity({ outcome, located: { location }, port, protocol }: Sighted): readonly unknown[] {
  const { rule, host, verdict, services, session, moment } = outcome
  const place = [location.grade, location.country, location.subdivision, location.city, location.cloud, location.prefix]
  const identified = [
    rule,
    services.map(({ id, phase }) => [id, phase]),
    host,
    location.ip,
    port,
    protocol,
    verdict,
    place,
  ]
  return session === undefined ? identified : [...identified, session, moment ?? null]
}

function annotation(declaration: Declaration, { outcome, located }: Sighted, asOf: Micros): Waiver | null {
  if (outcome.verdict !== 'violation' || declaration.waivers.length === 0) return null
  return waiverOf(declaration.waivers, asOf, {
    rule: outcome.rule,
    services: outcome.services.map(({ id }) => id),
    host: outcome.host,
    remote: located.location.ip,
  })
}

function composed(
  { lead, pieces }: Group,
  id: string,
  locationId: string,
  waiver: Waiver | null,
  origins: Origins,
): Finding {
  const { outcome, located, port, protocol } = lead
  const { ip, grade, country, subdivision, city, cloud, prefix } = located.location
  const phase = outcome.services[0]?.phase ?? null
  const { sessions, steps, captures } = origins.together(originsOf(pieces))
  // The order in which observations came must not show: reasons of equal rank are in order of their text.
  const reasons = ranked(pieces.map((piece) => piece.outcome.reasons))
  const first = pieces.reduce((earliest, piece) => Math.min(earliest, piece.first), lead.first)
  const last = pieces.reduce((latest, piece) => Math.max(latest, piece.last), lead.last)
  const age = databaseAge(outcome, located.location, first, last)
  const settle = ranked(pieces.map((piece) => (piece.outcome.settle === null ? [] : [piece.outcome.settle])))
  // In the order of canonical JSON, which a report of hundred thousands of findings is then written in without sorting.
  return {
    bytes: { in: total(pieces, ({ bytesIn }) => bytesIn), out: total(pieces, ({ bytesOut }) => bytesOut) },
    captures,
    first: formatTime(first),
    flows: total(pieces, ({ flows }) => flows),
    host: outcome.host,
    id,
    last: formatTime(last),
    location: { city, cloud, country, grade, id: locationId, prefix, subdivision },
    phase: outcome.services.every((service) => service.phase === phase) ? phase : null,
    reasons: age === null ? reasons : [...reasons.slice(0, 1), age, ...reasons.slice(1)],
    remote: { ip, port, proto: protocolName(protocol) },
    rule: outcome.rule,
    service: outcome.services.length === 1 ? (outcome.services[0]?.id ?? null) : null,
    sessions,
    settle: settle.length > 0 ? settle.join(' ') : null,
    steps,
    verdict: outcome.verdict,
    via: viaOf(pieces),
    waiver: waiver?.id ?? null,
  }
}

/** The union of lists whose first entry matters most, by the best rank that an entry has, then by its text. */
function ranked(lists: readonly (readonly string[])[]): readonly string[] {
  const [only] = lists
  if (lists.length === 1 && only) return only
  const ranks = new Map<string, number>()
  for (const list of lists)
    for (const [rank, text] of list.entries()) ranks.set(text, Math.min(rank, ranks.get(text) ?? rank))
  return [...ranks].sort(([a, rankA], [b, rankB]) => rankA - rankB || compareText(a, b)).map(([text]) => text)
}

function originsOf(pieces: readonly Sighted[]): OriginNumbers {
  const [only] = pieces
  if (only && pieces.length === 1) return only.origins
  return new Set(pieces.flatMap((piece) => [...eachOrigin(piece.origins)]))
}

function viaOf(pieces: readonly Sighted[]): readonly Via[] {
  const [only] = pieces
  if (only && pieces.length === 1 && only.outcome.via.length < 2) return only.outcome.via
  return [...new Set(pieces.flatMap((piece) => piece.outcome.via))].sort(compareText)
}

const SERIOUSNESS: readonly Verdict[] = ['violation', 'indeterminate', 'compliant']

function bySeriousness(a: Finding, b: Finding): number {
  return (
    (a.verdict === b.verdict ? 0 : SERIOUSNESS.indexOf(a.verdict) - SERIOUSNESS.indexOf(b.verdict)) ||
    compareText(a.rule, b.rule) ||
    compareText(a.service ?? '', b.service ?? '') ||
    compareText(a.host ?? '', b.host ?? '') ||
    compareText(a.first, b.first) ||
    compareText(a.id, b.id)
  )
}

const total = (pieces: readonly Sighted[], of: (piece: Sighted) => number) => pieces.reduce((sum, p) => sum + of(p), 0)
