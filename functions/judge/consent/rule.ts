/** One contact under one claim: what of it the claim forbids, and what is known of that. */
import type { Consent, Declaration, Location, Session } from '../../model.ts'
import { nameList } from '../name-list.ts'
import { NOT_CARRIED } from '../outcome.ts'
import type { Ruling } from '../ruling.ts'
import type { ContactRow } from './contact.ts'
import type { Doubt, Scope } from './scope.ts'
import type { Moment, Stage } from './stage.ts'
import type { Claim } from './tally.ts'
import { atSteps, inCountry, opaqueWays, whatWent, whenOf } from './words.ts'

export type ConsentRule = 'consent-contact' | 'consent-identifiers' | 'consent-opt-out'

export interface ConsentRuling extends Ruling {
  readonly rule: ConsentRule
}

/** All that a contact is judged by. */
export interface Judged {
  readonly declaration: Declaration
  readonly claim: Claim
  readonly moment: Moment
  readonly scope: Scope
  readonly session: Session | null
  readonly row: ContactRow
  readonly location: Location
  /** Steps in which the flows began; null for outside of all. */
  readonly steps: readonly (string | null)[]
  /** Services that name the host and may be contacted at that moment, or of which that is not known. */
  readonly permitted: readonly string[]
  /** Services that name the host and were agreed to by their user, or may have been. */
  readonly agreed: readonly string[]
}

/** What a claim forbids in a stage; null where it forbids nothing. Where the stage is open: what it may forbid. */
export function forbidden(
  { before, afterOptOut }: Consent,
  { stage, beyond }: Moment,
): { readonly what: Consent['before']; readonly optedOut: boolean } | null {
  const after = afterOptOut ? { what: afterOptOut.forbid, optedOut: true } : null
  if (stage === 'agreed') return beyond ? after : null
  return stage === 'after' || stage === 'agreed-or-after' ? after : { what: before, optedOut: false }
}

/** What is said of a contact: nothing where the claim forbids nothing then. */
export function rulingsOf(judged: Judged): readonly ConsentRuling[] {
  const ban = forbidden(judged.claim.consent, judged.moment)
  if (!ban || judged.scope.outside !== null) return []
  if (judged.moment.stage === 'agreed' && judged.row.carried === 'nothing') return []
  const found = judged.row.hits.length > 0
  const identifiers = {
    ...identifiersIn(judged),
    rule: ban.optedOut ? 'consent-opt-out' : 'consent-identifiers',
  } as const
  if (ban.what === 'forbid-identifiers') return [identifiers]
  const contact = { ...contactIn(judged, found), rule: ban.optedOut ? 'consent-opt-out' : 'consent-contact' } as const
  // Of a host that is shared an identifier decides; after an opt-out the two are one question.
  const decided = identifiers.verdict === 'violation' && (contact.verdict !== 'violation' || ban.optedOut)
  if (decided) return [identifiers]
  return found && !ban.optedOut ? [contact, identifiers] : [contact]
}

function contactIn(judged: Judged, found: boolean): Ruling {
  const { declaration, claim, moment, row, location, steps, permitted } = judged
  const { host, carried } = row
  const place = `${host}${inCountry(location, declaration)}`
  const when = whenIn(judged)
  if (moment.stage === 'agreed') return goingOn(judged, place)
  const settled: Ruling = {
    verdict: 'violation',
    reasons: [
      `${place} was contacted ${atSteps(steps)}, ${when}; by the declaration “${claim.service}” contacts nobody then.`,
      ...(found ? [] : [whatWasRead(judged)]),
    ],
    settle: null,
  }
  const shared: Doubt | null =
    permitted.length === 0
      ? null
      : {
          reason: `${place} was contacted ${atSteps(steps)}, ${when}; but the host is also one of ${nameList(permitted.map((id) => `“${id}”`))}, which may be contacted then: contact alone tells nothing.`,
          settle: 'A planted identifier in these flows, or a host that only one service uses.',
        }
  const open = NOT_CARRIED[carried]
  return withDoubts(settled, [...doubtsOf(judged), shared, open && { reason: open[0], settle: open[1] }])
}

/** Flows that began while it was agreed, and were still there when the opt-out had to show. */
function goingOn({ claim, steps, row }: Judged, place: string): Ruling {
  return {
    verdict: 'indeterminate',
    reasons: [
      `Flows to ${place} that began ${atSteps(steps)}, while it was agreed, went on ${whenOf('after', claim.consent, true)}: whether they still carried anything then is not known.`,
      ...(row.hits.length > 0 ? whatWent(row.hits, 'went there, it is not known when', atSteps(steps)) : []),
    ],
    settle: 'A session in which the connections are closed at the opt-out, or the times of what was sent.',
  }
}

function identifiersIn(judged: Judged): Ruling {
  const { declaration, moment, row, location, steps, agreed } = judged
  const { hits } = row
  const place = `${row.host}${inCountry(location, declaration)}`
  if (hits.length > 0)
    return withDoubts(
      {
        verdict: 'violation',
        reasons: whatWent(hits, `went to ${place} ${atSteps(steps)}, ${whenIn(judged)}`, atSteps(steps)),
        settle: null,
      },
      [
        ...doubtsOf(judged),
        row.aim === 'tunnelled'
          ? {
              reason: `The flows are a tunnel, and ${row.host} is one of the hosts behind it: which of them got the identifiers is not seen.`,
              settle: 'A capture of what leaves the tunnel, or a device that goes without one.',
            }
          : null,
        moment.beyond ? lasting(judged) : null,
        agreed.length > 0
          ? {
              reason: `The host is also one of ${nameList(agreed.map((id) => `“${id}”`))}, which its user had agreed to by then: which of the services got the identifiers is not seen.`,
              settle: 'A session in which only one of these services is agreed to, or a host that only one uses.',
            }
          : null,
      ],
    )
  const unread = unreadIn(judged)
  const what = `What went to ${place} ${atSteps(steps)}, ${whenIn(judged)},`
  if (unread === null)
    return {
      verdict: 'compliant',
      reasons: [
        row.carried === 'nothing'
          ? `${what} carried no data.`
          : `${what} was read whole, and no planted identifier is in it.`,
      ],
      settle: null,
    }
  return {
    verdict: 'indeterminate',
    reasons: [`${what} may hold identifiers: ${unread.reason}`, ...doubtsOf(judged).map(({ reason }) => reason)],
    settle: unread.settle,
  }
}

const whenIn = ({ claim, moment, session }: Judged) =>
  whenOf(moment.stage, claim.consent, session?.steps.some(({ id }) => id === claim.consent.optIn) === true)

/** Why nothing that the claim forbids can be said to have happened, whatever was sent. */
function doubtsOf({ claim, moment, scope, session, row, location }: Judged): readonly Doubt[] {
  const { aim, host, others, deviceKnown } = row
  const doubts: readonly (Doubt | null)[] = [
    scope.doubt,
    scope.doubt === null && OPEN.has(moment.stage) ? nearEdge(claim, moment.stage, session) : null,
    moment.stage === 'before' || moment.stage === 'before-or-agreed' ? scope.earlier : null,
    deviceKnown
      ? null
      : {
          reason: 'It is not known which end of these flows is the device under test.',
          settle: "Name the device's addresses in session.yaml.",
        },
    aim === 'ambiguous'
      ? {
          reason: `Nothing in the flows says for certain that they were for ${host}${others.length > 0 ? `: they may have been for ${nameList(others)}` : ''}.`,
          settle: 'A capture in which the flow names its host itself (TLS SNI, HTTP Host).',
        }
      : null,
    aim === 'local'
      ? {
          reason: `${location.ip}, to which these flows for ${host} went, is no place on the Internet: who answers there is not seen.`,
          settle: 'A word in the record of the session about what answers at this address.',
        }
      : null,
  ]
  return doubts.filter((doubt) => doubt !== null)
}

const OPEN: ReadonlySet<Stage> = new Set(['before-or-agreed', 'agreed-or-after', 'any'])

function nearEdge({ consent }: Claim, stage: Stage, session: Session | null): Doubt {
  const edge = stage === 'agreed-or-after' ? consent.optOut : consent.optIn
  return {
    reason: `Of these flows it is not known on which side of ${edge ?? 'the opt-in'} they began: too near to it for the rig's clock (good to ${session?.rig.clockErrorMs} ms), or seen together with flows of the other side.`,
    settle: 'A session with steps of their own, some time apart, for what comes before and what comes after.',
  }
}

/** Flows that began on one side of an edge and went on beyond it. */
function lasting({ claim, moment }: Judged): Doubt {
  const began = moment.stage === 'agreed' ? 'while it was agreed' : `before ${claim.consent.optIn}`
  return {
    reason: `These flows began ${began} and went on beyond: what of them was sent when is not known.`,
    settle: 'A session in which the connections are closed in between, or the times of what was sent.',
  }
}

/** Why it is not known that no identifier was sent; null where everything was read, or nothing was sent. */
function unreadIn({ session, row }: Judged): Doubt | null {
  const { carried, unexamined, unread, partly, opaque } = row
  if (carried === 'nothing') return null
  if (unexamined > 0) return unlooked(session)
  if (unread + partly > 0)
    return {
      reason: 'not everything could be read, because it was encrypted, cut off, or lost.',
      settle: "A log of the TLS keys, or a bench that opens the device's TLS, so that the content can be read.",
    }
  if (opaque.length > 0)
    return {
      reason: `part of it is encoded and could not be read (${opaqueWays(opaque)}).`,
      settle: 'What these fields hold, by the program that fills them, or by a device that is watched from inside.',
    }
  return null
}

/** Why nobody looked for planted identifiers: the session says whether there were any. */
function unlooked(session: Session | null): Doubt {
  if (session === null)
    return {
      reason: 'nobody looked, because no single session.yaml says what was planted.',
      settle: 'A session.yaml with planted identifiers (seeds), and their key.',
    }
  if ((session.seeds?.seeds.length ?? 0) === 0)
    return {
      reason: 'nobody looked, because no identifiers were planted: session.yaml has no seeds.',
      settle:
        'A session with planted identifiers (seeds of session.yaml), whose captures have content that can be read.',
    }
  return {
    reason: 'nobody looked, because the key of the planted identifiers was not given (--seed-key).',
    settle: 'The key of the planted identifiers (--seed-key), with captures whose content can be read.',
  }
}

function whatWasRead(judged: Judged): string {
  const unread = unreadIn(judged)
  if (unread) return `Whether identifiers were sent is not known: ${unread.reason}`
  return judged.row.carried === 'nothing'
    ? 'Nothing was sent.'
    : 'Everything was read, and no planted identifier is in it.'
}

/** A violation stands where nothing speaks against it. */
function withDoubts(ruling: Ruling, doubts: readonly (Doubt | null)[]): Ruling {
  const [first, ...others] = doubts.filter((doubt) => doubt !== null)
  if (!first) return ruling
  return {
    verdict: 'indeterminate',
    reasons: [
      first.reason,
      ...others.map(({ reason }) => reason),
      `Otherwise: ${ruling.verdict}. ${ruling.reasons[0]}`,
      ...ruling.reasons.slice(1),
    ],
    settle: first.settle,
  }
}
