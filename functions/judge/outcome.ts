/** One case (what a flow was for, where it went, when) and the rule that decides it. */
import type { Declaration, Hidden, Location, Via } from '../model.ts'
import type { Carried } from './carried.ts'
import type { Asked, Meant, Tunnelled } from './host.ts'
import { nameList, serviceList } from './name-list.ts'
import { type Law, ruleInTime, type Span, standing } from './residency.ts'
import type { Ruling } from './ruling.ts'
import { NOTHING_SEEN, type Seen } from './seen.ts'
import type { Timeline } from './timeline.ts'
import { ruleUnknown, standsInNoBarredPlace } from './unknown-host.ts'
import type { Circumstances } from './weighed-part.ts'

export type Rule =
  | 'residency'
  | 'undeclared-host'
  | 'unknown-host'
  | 'http-dns'
  | 'consent-contact'
  | 'consent-identifiers'
  | 'consent-opt-out'

/** What observations have in common that are judged alike. */
export interface Case {
  readonly meant: Meant
  readonly location: Location
  readonly span: Span
  readonly deviceKnown: boolean
  /** As in {@link Circumstances}, and so is `hidden`. */
  readonly carried: Carried
  readonly hidden: Hidden | null
  /** What was seen of the address, where its location decides nothing. */
  readonly seen: Seen
}

/** The case of a list of names and a location in some circumstances. */
export function caseOf(
  meant: Meant,
  location: Location,
  circumstances: Circumstances,
  timeline: Timeline,
  seen: Seen = NOTHING_SEEN,
): Case {
  const { from, until, clocked, clockErrorMs, deviceKnown, carried, hidden } = circumstances
  return { meant, location, span: { timeline, from, until, clocked, clockErrorMs }, deviceKnown, carried, hidden, seen }
}

export interface Outcome extends Ruling {
  readonly rule: Rule
  readonly host: string | null
  readonly via: readonly Via[]
  /** The services that the host may belong to, each with the phase it was judged under. */
  readonly services: readonly { readonly id: string; readonly phase: string | null }[]
  /** Set where it is the session that was judged, and not only the place: a finding each. */
  readonly session?: string
  /** Set beside `session`: what else tells findings apart, such as whether its user had agreed. */
  readonly moment?: string
}

/**
 * Every outcome of a case; the flows count under the first. None: it concerns nobody.
 *
 * The look-ups of HTTP-DNS, and the hosts that were reached through a tunnel, are findings of their own. Where the same flow is
 * for a declared host as well, it counts there.
 */
export function outcomesOf(law: Law, declaration: Declaration, judged: Case): readonly Outcome[] {
  const { meant } = judged
  const host = hostOutcome(law, declaration, judged)
  const [tunnelled, asked] = [meant.tunnelled, meant.asked]
  const others = [
    ...tunnelled.map((inner, i) => throughTunnel(judged, inner, host === null && i === 0)),
    ...asked.map((one, i) => lookup(judged, one, host === null && tunnelled.length + i === 0)),
  ]
  if (host) return [host, ...others]
  const unknown = meant.kind === 'unknown' && others.length === 0 ? unknownHost(law, judged) : null
  return unknown ? [unknown] : others
}

/** What is said of the vendor's hosts that the flows were for, or may have been for; null where there are none. */
function hostOutcome(law: Law, declaration: Declaration, judged: Case): Outcome | null {
  const { meant } = judged
  if (meant.kind === 'fronted') return isPermitted(law, judged) ? null : fronted(law, judged)
  if (meant.kind !== 'vendor') return null
  return meant.services.length === 0 ? undeclared(declaration, judged) : residency(law, judged)
}

const rulingsOf = (law: Law, { meant, span, location, seen }: Case) =>
  meant.services.map((service) => ruleInTime(law, service, span, location, seen))

/** A declared host: the location is held against the phases of its services. */
function residency(law: Law, judged: Case): Outcome {
  const { meant } = judged
  const rulings = rulingsOf(law, judged)
  const [first] = rulings
  if (!first) throw new Error(`judging ${meant.hosts[0]}: a declared host has a service`)
  const shared = meant.undeclared.length > 0 || meant.elsewhere.length > 0
  const agreed = rulings.every(({ verdict }) => verdict === first.verdict)
  const decided = !shared && (rulings.length === 1 || (agreed && first.verdict !== 'indeterminate'))
  const ruling = decided ? settled(judged, alsoSaid(meant, first)) : manyNames(meant, rulings)
  const { verdict, reasons, settle } = elsewhereDecided(judged) ?? ruling
  return {
    rule: 'residency',
    host: meant.hosts[0] ?? null,
    via: meant.via,
    services: meant.services.map(({ id }, i) => ({ id, phase: rulings[i]?.phase ?? null })),
    verdict,
    reasons,
    settle,
  }
}

/** A ruling that holds for every service and name of the flows says so. */
function alsoSaid({ services, hosts, besides }: Meant, { verdict, reasons, settle }: Ruling): Ruling {
  if (services.length === 1 && hosts.length === 1 && besides.length === 0) return { verdict, reasons, settle }
  const also = [...reasons]
  if (services.length > 1)
    also.push(`The verdict is the same for every service that it may be for: ${serviceList(services)}.`)
  if (hosts.length > 1) also.push(`Names of these flows: ${nameList(hosts)}.`)
  if (besides.length > 0) also.push(alsoNamed(besides))
  return { verdict, reasons: also, settle }
}

/** Which of several services or names is meant decides, and is not known. */
function manyNames(meant: Meant, rulings: readonly Ruling[]): Ruling {
  return {
    verdict: 'indeterminate',
    reasons: [
      severalNames(meant),
      ...meant.services.map(({ id }, i) => `As “${id}”: ${rulings[i]?.verdict}. ${rulings[i]?.reasons[0]}`),
      ...(meant.undeclared.length > 0 ? [`Declared by no service: ${nameList(meant.undeclared)}.`] : []),
      ...(meant.elsewhere.length > 0 ? [`Not the vendor's: ${nameList(meant.elsewhere)}.`] : []),
    ],
    settle: NAMED_BY_ITSELF,
  }
}

/** A host of the vendor that no service declares. */
function undeclared(declaration: Declaration, judged: Case): Outcome {
  const { meant, location } = judged
  const host = meant.hosts[0] ?? null
  const { treatment } = declaration.undeclaredHosts
  const base = { rule: 'undeclared-host' as const, host, via: meant.via, services: [] }
  const also = [
    ...(meant.hosts.length > 1 ? [`Names of these flows: ${nameList(meant.hosts)}.`] : []),
    ...(meant.besides.length > 0 ? [alsoNamed(meant.besides)] : []),
  ]
  if (meant.elsewhere.length > 0)
    return {
      ...base,
      verdict: 'indeterminate',
      reasons: [
        severalNames(meant),
        `Declared by no service: ${nameList(meant.hosts)}. Not the vendor's: ${nameList(meant.elsewhere)}.`,
        `${standing(location)}.`,
      ],
      settle: NAMED_BY_ITSELF,
    }
  const ruling: Ruling = {
    verdict: treatment,
    reasons: [
      `${host} is the vendor's, and no service declares it; the declaration treats that as ${treatment === 'violation' ? 'a violation' : 'indeterminate'}.`,
      `${standing(location)}.`,
      ...also,
    ],
    settle:
      treatment === 'violation'
        ? null
        : 'A declaration that says which service the host belongs to, and where it may stand.',
  }
  return { ...base, ...(elsewhereDecided(judged) ?? settled(judged, ruling)) }
}

/** Whether everything that a resolver gave the address for may stand where it stands. */
function isPermitted(law: Law, judged: Case): boolean {
  return judged.meant.undeclared.length === 0 && rulingsOf(law, judged).every(({ verdict }) => verdict === 'compliant')
}

/** A flow that names somebody else, where the vendor's host is said to be and may not be. */
function fronted(law: Law, judged: Case): Outcome {
  const { meant, location } = judged
  const rulings = rulingsOf(law, judged)
  return {
    rule: meant.services.length > 0 ? 'residency' : 'undeclared-host',
    host: meant.hosts[0] ?? null,
    via: meant.via,
    services: meant.services.map(({ id }, i) => ({ id, phase: rulings[i]?.phase ?? null })),
    verdict: 'indeterminate',
    reasons: [
      `These flows name ${nameList(meant.elsewhere)}, at an address that a resolver gave for ${nameList(meant.hosts)}: whoever sends a flow chooses the name in it.`,
      ...meant.services.map(({ id }, i) => `As “${id}”: ${rulings[i]?.verdict}. ${rulings[i]?.reasons[0]}`),
      ...(meant.undeclared.length > 0
        ? [`Declared by no service: ${nameList(meant.undeclared)}.`, `${standing(location)}.`]
        : []),
    ],
    settle: 'A rig that sees into TLS, or an account of what else the vendor serves at this address.',
  }
}

/** A look-up over HTTP: the flow shows that a name was asked for, not where the answer led. */
function lookup(judged: Case, asked: Asked, counts: boolean): Outcome {
  const { location } = judged
  const { services, whose, counted } = besideHost(judged, asked, counts)
  return {
    rule: 'http-dns',
    host: asked.host,
    via: ['http-dns'],
    services,
    verdict: 'indeterminate',
    reasons: [
      `The device asked ${location.ip} over HTTP where ${asked.host} is (${whose}): the look-up goes round DNS.`,
      'Where the answer led is judged only if the captures hold both the answer and flows to it.',
      `${standing(location)}.`,
      ...counted,
    ],
    settle: 'A capture that holds the answer to this look-up and the flows that follow it.',
  }
}

/** A host inside a tunnel: the flow shows that the device spoke to it, not where it stands. */
function throughTunnel(judged: Case, inner: Tunnelled, counts: boolean): Outcome {
  const { location } = judged
  const { services, whose, counted } = besideHost(judged, inner, counts)
  return {
    rule: services.length > 0 ? 'residency' : 'undeclared-host',
    host: inner.host,
    via: inner.via,
    services,
    verdict: 'indeterminate',
    reasons: [
      `The device spoke to ${inner.host} (${whose}) through a tunnel that ends at ${location.ip}: where the host stands behind it is not seen.`,
      `${standing(location)}.`,
      ...counted,
    ],
    settle: 'A capture of what leaves the tunnel, or a device that goes without one.',
  }
}

/** What is said of a host that need not stand at the flows' address. @param counts whether flows count under it */
function besideHost({ span }: Case, { services }: Asked, counts: boolean) {
  return {
    services: services.map((service) => {
      const { phases } = span.timeline.touched(service, span.from, span.until)
      return { id: service.id, phase: phases.length === 1 ? (phases[0]?.id ?? null) : null }
    }),
    whose: services.length > 0 ? `declared by ${serviceList(services)}` : "the vendor's, and declared by no service",
    counted: counts ? [] : ['These flows are counted under another finding of the same address.'],
  }
}

/**
 * Whether a case has no outcome: the host is unknown, and the address stands where no service is kept from; or the flow names
 * somebody else at an address where the vendor's host may stand.
 */
export function concernsNobody(law: Law, judged: Case): boolean {
  const { meant, span, location } = judged
  if (!mayConcernNobody(meant)) return false
  if (meant.kind === 'fronted') return isPermitted(law, judged)
  return meant.kind === 'unknown' && standsInNoBarredPlace(law, span, location)
}

/** Whether it is the place that decides if a case with these names has an outcome. */
export function mayConcernNobody({ asked, tunnelled, kind }: Meant): boolean {
  return asked.length + tunnelled.length === 0 && (kind === 'fronted' || kind === 'unknown')
}

/** No usable name: nobody's, and listed where it may stand in a place that some service is kept from. */
function unknownHost(law: Law, { meant, span, location, hidden }: Case): Outcome | null {
  const ruling = ruleUnknown(law, span, location, hidden, meant)
  return ruling && { rule: 'unknown-host', host: null, via: [], services: [], ...ruling }
}

function severalNames({ hosts, elsewhere }: Meant): string {
  return `Several names lead to this address, and nothing in the flows says which was meant: ${nameList([...hosts, ...elsewhere])}.`
}

const NAMED_BY_ITSELF = 'A capture in which the flow names its host itself (TLS SNI, HTTP Host).'

/** Where the remote, or the name, need not be those of the flow, neither decides. */
function elsewhereDecided({ meant, location }: Case): Ruling | null {
  if (meant.proxied)
    return {
      verdict: 'indeterminate',
      reasons: [
        `These flows end at a proxy: the device asked ${location.ip} to reach ${nameList(meant.hosts)} for it, and where the proxy went is not seen.`,
        `${standing(location)}.`,
      ],
      settle: 'A capture of what leaves the proxy, or a device that goes without one.',
    }
  const unsure = meant.outer.filter((host) => meant.hosts.includes(host))
  if (unsure.length === 0) return null
  return {
    verdict: 'indeterminate',
    reasons: [
      `Part of the ClientHello is encrypted (ECH), and the name outside of it (${nameList(unsure)}) may stand in front of another; no answer of a resolver confirms it.`,
      `${standing(location)}.`,
    ],
    settle: 'The DNS answers before these flows, or a device that does not use ECH.',
  }
}

/** Why flows that carried no data decide nothing, and what would. */
export const NOT_CARRIED: Readonly<Record<Carried, readonly [reason: string, settle: string] | null>> = {
  data: null,
  nothing: [
    'Contact was attempted, and no data left the device: nothing can have been delivered.',
    'A capture in which data follows, or one that sees both directions.',
  ],
  unanswered: [
    'The log counts no answer, and of the device no more than attempts to connect take: either nothing was delivered, or it holds one direction only.',
    'A capture of packets, or a log of both directions with their packets and bytes.',
  ],
  unseen: [
    'Nothing of what the device sent is counted in the capture: it saw one direction only, or no counters.',
    'A capture that sees both directions.',
  ],
  control: [
    'These flows are messages of the network about itself (ICMP, IGMP), which no service is reached by.',
    "A capture of the service's own flows.",
  ],
}

const UNKNOWN_DEVICE = [
  'It is not known which end of these flows is the device under test.',
  "Name the device's addresses in session.yaml.",
] as const

/** A decided verdict stands only where the device took part and data can have gone. */
function settled({ carried, deviceKnown }: Case, ruling: Ruling): Ruling {
  if (ruling.verdict === 'indeterminate') return ruling
  const open = deviceKnown || carried === 'control' ? NOT_CARRIED[carried] : UNKNOWN_DEVICE
  return open ? opened(ruling, ...open) : ruling
}

function opened(ruling: Ruling, reason: string, settle: string): Ruling {
  const otherwise = `Otherwise: ${ruling.verdict}.`
  return {
    verdict: 'indeterminate',
    reasons: [reason, `${otherwise} ${ruling.reasons[0]}`, ...ruling.reasons.slice(1)],
    settle,
  }
}

const alsoNamed = (besides: readonly string[]) => `These flows name as well: ${nameList(besides)}.`
