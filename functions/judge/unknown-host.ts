/** Flows of which no usable host name is known: nobody's, and listed where they may stand in a place that matters. */
import type { Hidden, Location } from '../model.ts'
import type { Meant } from './host.ts'
import { nameList } from './name-list.ts'
import { decides, placeLabel, relate } from './place.ts'
import { type Barred, type Law, type Span, standing, type Terms } from './residency.ts'
import type { Ruling } from './ruling.ts'

/** Why no name is seen, for a sentence. */
export const WHY_HIDDEN: Readonly<Record<Hidden, string>> = {
  'tls-without-sni': 'the TLS ClientHello names none',
  'tls-ech': 'part of the TLS ClientHello is encrypted (ECH)',
  quic: 'QUIC hides it',
  'http-without-host': 'the HTTP request names none',
  tunnel: 'the flows are a tunnel, and whom they are for stands behind its end',
}
const NONE_SEEN = 'neither the flows nor an answer of a resolver gives one'

/** Of what is barred, what a location is in, or is not known well enough to be outside of. */
interface Question extends Barred {
  /** Whether it is surely there. */
  readonly inside: boolean
}

function questionOf(law: Law, barred: Barred, location: Location): Question {
  if (!decides(location, law.standard)) return { ...barred, inside: false }
  const denied = barred.denied.filter((place) => relate(location, place) !== 'outside')
  const stands = ({ allow }: Terms) => (allow ?? []).map((place) => relate(location, place))
  const allowedOnly = barred.allowedOnly.filter((terms) => !stands(terms).includes('inside'))
  const inside =
    denied.some((place) => relate(location, place) === 'inside') ||
    allowedOnly.some((terms) => stands(terms).every((relation) => relation === 'outside'))
  return { denied, allowedOnly, inside }
}

const isNone = ({ denied, allowedOnly }: Barred) => denied.length === 0 && allowedOnly.length === 0

/** Whether a flow without a name stands surely in no place that some service is kept from. */
export function standsInNoBarredPlace(law: Law, span: Span, location: Location): boolean {
  return isNone(questionOf(law, law.barred(span), location))
}

/**
 * What is said of flows without a name.
 *
 * @returns null where they stand in no place that some service is kept from
 */
export function ruleUnknown(
  law: Law,
  span: Span,
  location: Location,
  hidden: Hidden | null,
  { unusable, outer }: Meant,
): Ruling | null {
  const question = questionOf(law, law.barred(span), location)
  if (isNone(question)) return null
  const { inside } = question
  const why = hidden === null ? NONE_SEEN : WHY_HIDDEN[hidden]
  return {
    verdict: 'indeterminate',
    reasons: [
      inside
        ? `${standing(location)}, ${kept(question, '', 'outside every place').join(', and ')}, and no host name is known: ${why}.`
        : `No host name is known (${why}), and the address ${kept(question, 'cannot be excluded from ', 'is not known to be in a place').join(', and ')}.`,
      ...(inside ? [] : [`${standing(location)}.`]),
      ...(outer.length > 0 ? [`The name outside of the encrypted part decides nothing: ${nameList(outer)}.`] : []),
      ...(unusable.length > 0 ? [`What was seen instead cannot be host names: ${nameList(unusable)}.`] : []),
    ],
    settle: inside
      ? 'A capture in which the name is seen: the DNS answers before these flows, or a rig that sees into TLS.'
      : 'The name (the DNS answers before these flows), or a location that decides (ranges of the provider of that time).',
  }
}

/** What services are kept from, in words: how the address stands to denied places, and how to those that alone are allowed. */
function kept({ denied, allowedOnly }: Barred, toDenied: string, toAllowed: string): readonly string[] {
  return [
    ...(denied.length > 0
      ? [`${toDenied}a place that some service is denied (${denied.map(placeLabel).join(', ')})`]
      : []),
    ...allowedOnly.map(({ allowed }) => `${toAllowed} that some service is allowed (${allowed})`),
  ]
}
