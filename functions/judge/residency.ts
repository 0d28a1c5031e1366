/** A location held against a phase, and against all phases that a span of time touches. */
import type { Declaration, Location, Micros, Phase, Place, Service } from '../model.ts'
import { formatTime } from '../net/time.ts'
import { ruleExcluded } from './excluded.ts'
import { decides, locationLabel, placeLabel, relate } from './place.ts'
import type { Ruling } from './ruling.ts'
import type { Seen } from './seen.ts'
import type { Timeline } from './timeline.ts'

/** What of a declaration a location is held against. */
export interface Law {
  readonly standard: Declaration['standard']
  /** The places of every phase, looked up and worded once for the many locations that are held against them. */
  readonly terms: ReadonlyMap<Phase, Terms>
  /** What some service is kept from in some slot of a span, looked up once a span. */
  barred(span: Span): Barred
}

/** What phases in force at a time keep some service from. */
export interface Barred {
  /** Places that are denied, by id. */
  readonly denied: readonly Place[]
  /** Of phases that deny no place and allow some: every place but these is as good as denied. */
  readonly allowedOnly: readonly Terms[]
}

/** The places of a phase. */
export interface Terms {
  /** null: everything that is not denied. */
  readonly allow: readonly Place[] | null
  /** The labels of `allow`. */
  readonly allowed: string
  readonly deny: readonly Place[]
}

export function lawOf(declaration: Declaration): Law {
  const places = new Map(declaration.places.map((place) => [place.id, place]))
  const known = (ids: readonly string[]) => ids.flatMap((id) => places.get(id) ?? [])
  const terms = new Map<Phase, Terms>()
  for (const { phases } of declaration.services)
    for (const phase of phases) {
      const allow = phase.allow && known(phase.allow)
      terms.set(phase, {
        allow,
        allowed: allow?.map(placeLabel).join(', ') || 'none',
        deny: known(phase.deny),
      })
    }
  const spans = new Map<Timeline, Map<number, Barred>>()
  const barred = ({ timeline, from, until }: Span) => {
    const known = spans.get(timeline) ?? new Map<number, Barred>()
    const key = from * (timeline.boundaries.length + 1) + until
    const found = known.get(key) ?? barredBy(declaration.services, terms, { timeline, from, until })
    spans.set(timeline, known.set(key, found))
    return found
  }
  return { standard: declaration.standard, terms, barred }
}

function barredBy(
  services: readonly Service[],
  terms: Law['terms'],
  { timeline, from, until }: Pick<Span, 'timeline' | 'from' | 'until'>,
): Barred {
  const denied = new Map<string, Place>()
  const allowedOnly = new Map<string, Terms>()
  for (const service of services)
    for (const phase of timeline.touched(service, from, until).phases) {
      const held = phase && terms.get(phase)
      if (!held) continue
      for (const place of held.deny) denied.set(place.id, place)
      if (held.deny.length === 0 && held.allow !== null) allowedOnly.set(held.allowed, held)
    }
  const inOrder = <Value>(by: ReadonlyMap<string, Value>) =>
    [...by].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
  return { denied: inOrder(denied), allowedOnly: inOrder(allowedOnly) }
}

/** From one instant to another, as slots of a timeline. The clock of the rig is already in it. */
export interface Span {
  readonly timeline: Timeline
  readonly from: number
  readonly until: number
  /** The same by the rig's clock as it is. */
  readonly clocked: { readonly from: number; readonly until: number }
  readonly clockErrorMs: number
}

/** Holds a location against every phase of a service that the span touches. */
export function ruleInTime(
  law: Law,
  service: Service,
  span: Span,
  location: Location,
  seen: Seen,
): Ruling & { phase: string | null } {
  const { phases, changes } = span.timeline.touched(service, span.from, span.until)
  const rulings = phases.map((phase) => (phase ? ruleInPhase(law, service, phase, location, seen) : silent(service)))
  const [first] = rulings
  if (!first) throw new Error(`judging service ${service.id}: a span touches at least one phase`)
  if (rulings.length === 1) {
    const { verdict, reasons, settle } = first
    return { verdict, reasons, settle, phase: phases[0]?.id ?? null }
  }
  const names = phases.map((phase) => (phase ? `“${phase.id}”` : 'no phase')).join(' and ')
  const { from, until } = span.clocked
  const crossed = span.timeline.touched(service, from, until).changes
  const near = changes.filter((change) => !crossed.includes(change))
  const where = whereInTime(crossed, near, span.clockErrorMs)
  if (rulings.every(({ verdict }) => verdict === first.verdict) && first.verdict !== 'indeterminate')
    return {
      ...first,
      reasons: [...first.reasons, `${where}: the verdict is the same under ${names}.`],
      phase: phases[0]?.id ?? null,
    }
  return {
    verdict: 'indeterminate',
    reasons: [
      `${where}, where ${names} of “${service.id}” meet: it is open which holds.`,
      ...rulings.map(
        ({ verdict, reasons: [reason] }, i) =>
          `Under ${phases[i] ? `“${phases[i]?.id}”` : 'no phase'}: ${verdict}. ${reason}`,
      ),
    ],
    settle:
      near.length === 0
        ? 'Flows that lie wholly on one side of the boundary.'
        : 'Flows that begin and end farther from the boundary than the error of the clock.',
    phase: null,
  }
}

/** How the flows stand to the boundaries that they run across, and to those that only the clock's error puts in reach. */
function whereInTime(crossed: readonly Micros[], near: readonly Micros[], clockErrorMs: number): string {
  const parts = [
    ...(crossed.length > 0 ? [`run across ${crossed.map(formatTime).join(', ')}`] : []),
    ...(near.length > 0
      ? [`stand within the error of the rig's clock (${clockErrorMs} ms) of ${near.map(formatTime).join(', ')}`]
      : []),
  ]
  return `The flows ${parts.join(' and ')}`
}

function silent(service: Service): Ruling {
  return {
    verdict: 'indeterminate',
    reasons: [`The declaration is silent: no phase of “${service.id}” covers the time of these flows.`],
    settle: `A phase of “${service.id}” that covers this time.`,
  }
}

/**
 * Holds a location against a phase. Where that is open, it may still be decided by what else was seen of the address: the
 * vendor's own word, which counts against the vendor, and handshakes that exclude every place that the phase allows.
 */
export function ruleInPhase(law: Law, service: Service, phase: Phase, location: Location, seen: Seen): Ruling {
  const terms = law.terms.get(phase)
  if (!terms) throw new Error(`judging phase ${phase.id} of ${service.id}: the declaration has no such phase`)
  const which = `phase “${phase.id}” of “${service.id}”`
  const ruling = ruleByPlace(law.standard, terms, which, location)
  if (ruling.verdict !== 'indeterminate') return ruling
  const admitted = seen.admitted && ruleByPlace(law.standard, terms, which, seen.admitted)
  if (admitted?.verdict === 'violation')
    return decided('violation', `By ${ownWord(location)}, ${admitted.reasons[0]}`, ...ruling.reasons)
  const excluded = terms.allow === null ? null : seen.excluded(terms.allow)
  return excluded ? ruleExcluded(excluded, ruling, location, `${which} allows`) : ruling
}

/** What of the vendor's own says where an address stands, of which its location is without that. */
function ownWord({ evidence }: Location): string {
  const isPublished = evidence.some(({ rule }) => rule === 'own-network')
  return isPublished ? "the vendor's own published networks" : "a name that the vendor's own network has for it"
}

/** Denied wins over allowed; a place that is not allowed is not permitted; what is not known finely enough is open. */
function ruleByPlace(standard: Law['standard'], terms: Terms, which: string, location: Location): Ruling {
  if (!decides(location, standard)) return undecidedGrade(location)
  const { allow, allowed, deny } = terms
  const stands = standing(location)
  const denied = heldAgainst(deny, location)
  if (denied.inside) return decided('violation', `${stands}, which ${which} denies: ${placeLabel(denied.inside)}.`)
  if (allow === null) {
    if (denied.open.length > 0) return tooCoarse(location, denied.open, `${which} denies`)
    return decided('compliant', `${stands}, in no place that ${which} denies.`)
  }
  const { inside: home, open } = heldAgainst(allow, location)
  if (!home && open.length === 0)
    return decided('violation', `${stands}, outside every place that ${which} allows: ${allowed}.`)
  if (home && denied.open.length === 0)
    return decided('compliant', `${stands}, which ${which} allows: ${placeLabel(home)}.`)
  if (home) return tooCoarse(location, denied.open, `${which} denies`)
  return tooCoarse(location, open, `${which} allows`)
}

interface Held {
  /** The first place that the location is in. */
  readonly inside: Place | null
  /** Places that it is not known finely enough for. */
  readonly open: readonly Place[]
}

function heldAgainst(places: readonly Place[], location: Location): Held {
  let inside: Place | null = null
  const open: Place[] = []
  for (const place of places) {
    const relation = relate(location, place)
    if (relation === 'inside') inside ??= place
    else if (relation === 'undecided') open.push(place)
  }
  return { inside, open }
}

/** Where the address stands, as the beginning of a sentence. */
export function standing(location: Location): string {
  const { ip, grade, prefix } = location
  const label = locationLabel(location)
  const how = prefix === null ? grade : `${grade}, ${prefix}`
  return label === '' ? `Where ${ip} stands is not known (${how})` : `${ip} stands in ${label} (${how})`
}

function decided(verdict: 'compliant' | 'violation', ...reasons: readonly string[]): Ruling {
  return { verdict, reasons, settle: null }
}

function tooCoarse(location: Location, open: readonly Place[], of: string): Ruling {
  const places = open.map(placeLabel).join(', ')
  return {
    verdict: 'indeterminate',
    reasons: [`${standing(location)}; that is not fine enough to say whether it is in a place that ${of}: ${places}.`],
    settle: `Evidence that is as fine as the declared place: the provider's published ranges from around the time of the flows.`,
  }
}

/** Why a location that decides nothing does not, and what would make it decide. */
export function undecidedGrade(location: Location): Ruling {
  const open = (reason: string, settle: string): Ruling => ({ verdict: 'indeterminate', reasons: [reason], settle })
  const { ip, grade } = location
  switch (grade) {
    case 'proven':
    case 'corroborated':
      return open(
        `${standing(location)}; the declaration's standard is strict, under which only a proven location decides.`,
        "A snapshot of the provider's ranges from the other side of the time of the flows.",
      )
    case 'suspected':
      return suspected(location)
    case 'conflicted': {
      const light = location.evidence.find(({ rule }) => rule === 'physics')
      if (light)
        return open(
          `${ip} cannot stand where it is said to: ${light.says}`,
          'Handshakes from another rig; or, if something on the way may have answered, a capture from a network without it.',
        )
      return open(
        `The sources contradict each other about where ${ip} stands.`,
        "Snapshots nearer to the time of the flows, or the provider's own ranges.",
      )
    }
    case 'edge':
      return open(
        `${ip} is an edge (content delivery, an accelerator or anycast): the place behind it is not observable.`,
        "The vendor's account of the origin behind this edge, with evidence from its own side.",
      )
    case 'unknown':
      return open(
        `No snapshot says where ${ip} stands.`,
        'A snapshot of that time that covers the address (`domicile snapshots add`).',
      )
  }
}

/** One voice, or several that agree and were built when the address may have been somebody else's. */
function suspected(location: Location): Ruling {
  const { ip, evidence } = location
  const only = `${ip} is only suspected to stand in ${locationLabel(location)}`
  const agree = evidence.filter(({ rule, supports }) => rule === 'database' && supports)
  const isFar = evidence.some(({ rule, source }) => rule === 'time' && source === 'database')
  const [reason, settle] = isFar
    ? [
        `${only}: ${voices(new Set(agree.map(({ source }) => source)).size)} agree, but not two were built within half a year of the packets, or on both sides of them (${[...new Set(agree.map(({ date }) => date))].join(', ')}).`,
        "Databases built within half a year of the packet, or a provider's own ranges that place the address.",
      ]
    : [
        `${only}: no provider and no second independent source says so.`,
        "A second, independent database, or a provider's own ranges that place the address.",
      ]
  return { verdict: 'indeterminate', reasons: [reason], settle }
}

const voices = (databases: number) =>
  databases === 1 ? 'a database and a geofeed' : `${databases === 2 ? 'two' : databases} databases`
