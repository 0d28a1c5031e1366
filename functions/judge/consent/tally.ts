/** Contacts with hosts of services that claim to ask first, of a batch of observations or of many. */
import type { Consent, Declaration, Observation, Session } from '../../model.ts'
import { carriedBy, isUnanswered } from '../carried.ts'
import { FoundSum, foundIn } from '../found.ts'
import type { Hosts, Meant } from '../host.ts'
import { eachOrigin, type OriginNumbers } from '../origins.ts'
import type { Contact, ContactFigures, ContactRow, Presence, StageUnder } from './contact.ts'
import { type Moment, type Span, type Stage, Stages } from './stage.ts'
import { type Subject, Subjects } from './subject.ts'

/** The claims of a declaration. */
export interface Claim {
  readonly service: string
  readonly consent: Consent
}

export function claimsOf({ services }: Declaration): readonly Claim[] {
  return services.flatMap(({ id, consent }) => (consent ? [{ service: id, consent }] : []))
}

/** Where an observation was seen, looked up where it is asked for. */
export interface Seen {
  /** Why its remote is no place on the Internet; null where it may be one. */
  readonly outside: string | null
  /** Number of where its remote stood. */
  location(): number
  /** Number of its origin. */
  origin(): number
}

export class ConsentTally {
  readonly #rows = new Map<string, Row>()
  readonly #presence = new Map<string, Presence>()

  addContact(contact: Contact, figures: ContactFigures): void {
    const { session, host, via, aim, others, services, location, port, protocol, carried, deviceKnown, sentAt } =
      contact
    const key = JSON.stringify([
      ...[session, host, via, aim, others, location, port, protocol, carried, deviceKnown, sentAt],
      services.map(({ id, moment }) => [id, moment?.stage, moment?.beyond]),
    ])
    const row = this.#rows.get(key)
    if (row) row.add(figures)
    else this.#rows.set(key, new Row(contact, figures))
  }

  addPresence({ service, session, stage, sent, hidden }: Presence): void {
    const key = JSON.stringify([service, session, stage])
    const known = this.#presence.get(key)
    this.#presence.set(key, {
      ...{ service, session, stage },
      sent: sent || known?.sent === true,
      hidden: hidden + (known?.hidden ?? 0),
    })
  }

  get contacts(): readonly ContactRow[] {
    return Array.from(this.#rows.values(), (row) => row.row)
  }

  get presence(): readonly Presence[] {
    return [...this.#presence.values()]
  }
}

class Row {
  readonly #contact: Contact
  readonly #found = new FoundSum()
  readonly #origins: Set<number>
  #figures: Pick<ContactFigures, 'flows' | 'bytesOut' | 'bytesIn' | 'first' | 'last' | 'outlived'>

  constructor(contact: Contact, figures: ContactFigures) {
    this.#contact = contact
    const { flows, bytesOut, bytesIn, first, last, outlived } = figures
    this.#figures = { flows, bytesOut, bytesIn, first, last, outlived }
    this.#origins = new Set(figures.origins)
    this.#found.add(figures)
  }

  add(more: ContactFigures): void {
    const { flows, bytesOut, bytesIn, first, last, outlived } = this.#figures
    this.#figures = {
      flows: flows + more.flows,
      bytesOut: bytesOut + more.bytesOut,
      bytesIn: bytesIn + more.bytesIn,
      first: Math.min(first, more.first),
      last: Math.max(last, more.last),
      outlived: outlived + more.outlived,
    }
    for (const origin of more.origins) this.#origins.add(origin)
    this.#found.add(more)
  }

  get row(): ContactRow {
    return { ...this.#contact, ...this.#figures, origins: [...this.#origins], ...this.#found.sum }
  }
}

/** A session under the claims, in their order. */
interface Watched {
  readonly stages: readonly Stages[]
  /** Stages of claims in which the device was not seen to send anything yet, as `claim stage`. */
  readonly unseen: Set<string>
}

/** A tally of observations; null where the declaration claims no consent, so that there is nothing to keep. */
export function observedConsent(
  declaration: Declaration,
  sessions: readonly Session[],
  hosts: Hosts,
): ObservedConsent | null {
  return claimsOf(declaration).length > 0 ? new ObservedConsent(declaration, sessions, hosts) : null
}

export class ObservedConsent {
  readonly tally = new ConsentTally()
  readonly #claims: readonly Claim[]
  readonly #subjects: Subjects
  readonly #sessions: ReadonlyMap<string, Session | null>
  readonly #watched = new Map<string, Watched>()

  constructor(declaration: Declaration, sessions: readonly Session[], hosts: Hosts) {
    this.#claims = claimsOf(declaration)
    this.#subjects = new Subjects(declaration, hosts)
    this.#sessions = describedOnce(sessions)
  }

  /** Takes every observation, whether its host concerns the declaration or not: silence is held against all that a device sent. */
  add(observation: Observation, meant: Meant, seen: Seen): void {
    if (observation.bystander) return
    const { stages, unseen } = this.#watch(observation.session)
    const subjects = this.#subjects.of(meant)
    const hides = meant.kind === 'unknown' && observation.hidden !== null
    if (subjects.length === 0 && unseen.size === 0 && !hides) return
    const moments = stages.map((one) => one.of(observation))
    this.#addPresence(observation, hides, moments)
    if (subjects.length === 0 || isUnanswered(observation)) return
    const figures = { ...sumsOf(observation, seen.origin()), ...foundIn(observation.examined, observation.flows) }
    for (const subject of subjects) this.tally.addContact(this.#contact(observation, subject, moments, seen), figures)
  }

  /** In which stage something was sent, under every claim that speaks of the host. */
  stages(observation: Observation, meant: Meant): readonly StageUnder[] {
    const subjects = this.#subjects.of(meant)
    if (subjects.length === 0) return []
    const { stages } = this.#watch(observation.session)
    return this.#claims.flatMap(({ service }, i) => {
      const naming = subjects.filter(({ services }) => services.some(({ id }) => id === service))
      const moment = stages[i]?.of(observation)
      if (naming.length === 0 || !moment) return []
      const isSure = !moment.beyond && naming.every(({ aim }) => aim === 'named')
      return [{ service, stage: isSure ? moment.stage : 'any' }]
    })
  }

  #watch(session: string): Watched {
    let watched = this.#watched.get(session)
    if (!watched) {
      const described = this.#sessions.get(session) ?? null
      const stages = this.#claims.map(({ consent }) => new Stages(consent, described))
      const unseen = stages.flatMap((one, i) =>
        SILENT.filter((stage) => one.spans(stage).length > 0).map((stage) => `${i} ${stage}`),
      )
      watched = { stages, unseen: new Set(unseen) }
      this.#watched.set(session, watched)
    }
    return watched
  }

  #addPresence(observation: Observation, hides: boolean, moments: readonly Moment[]): void {
    const { session, flows, packetsOut, bytesOut, deviceKnown } = observation
    // What hides whom it was for is counted wherever it may have been the device, and at that time.
    const hidden = hides && carriedBy(observation) === 'data' ? flows : 0
    const isSent = deviceKnown && packetsOut + bytesOut > 0
    const { stages, unseen } = this.#watch(session)
    for (const [i, moment] of moments.entries())
      for (const stage of SILENT) {
        const key = `${i} ${stage}`
        const spans = isSent && moment.stage === stage && unseen.has(key) ? (stages[i]?.spans(stage) ?? []) : []
        const sent = spans.some((span) => isWithin(observation, span))
        const mayHide = hidden > 0 && mayBe(moment.stage, stage)
        if (!sent && !mayHide) continue
        const service = this.#claims[i]?.service ?? ''
        this.tally.addPresence({ service, session, stage, sent, hidden: mayHide ? hidden : 0 })
        if (sent) unseen.delete(key)
      }
  }

  #contact(observation: Observation, subject: Subject, moments: readonly Moment[], seen: Seen): Contact {
    const { host, via, aim, others, services } = subject
    const { session, port, protocol, deviceKnown } = observation
    return {
      ...{ session, host, via, others, protocol, deviceKnown },
      // What a proxy, or the end of a tunnel, reaches from its own network is on the Internet.
      aim: seen.outside !== null && aim === 'named' && !via.includes('http-connect') ? 'local' : aim,
      services: services.map(({ id }) => ({
        id,
        moment: moments[this.#claims.findIndex(({ service }) => service === id)] ?? null,
      })),
      location: seen.location(),
      port: port ?? -1,
      carried: carriedBy(observation),
      sentAt: (observation.examined?.hits.length ?? 0) > 0 ? (observation.step ?? '') : null,
    }
  }
}

const SILENT = ['before', 'after'] as const

function mayBe(stage: Stage, silent: 'before' | 'after'): boolean {
  return stage === silent || stage === 'any' || stage === (silent === 'before' ? 'before-or-agreed' : 'agreed-or-after')
}

const isWithin = ({ first, last }: Observation, { from, until }: Span) => first < until && last >= from

/** Sessions by id; null where several bear one id, whose steps cannot be told apart. */
export function describedOnce(sessions: readonly Session[]): ReadonlyMap<string, Session | null> {
  const byId = new Map<string, Session | null>()
  for (const session of sessions) byId.set(session.id, byId.has(session.id) ? null : session)
  return byId
}

function sumsOf({ flows, bytesOut, bytesIn, first, last, outlived }: Observation, origins: OriginNumbers) {
  return { flows, bytesOut, bytesIn, first, last, outlived: outlived ?? 0, origins: [...eachOrigin(origins)] }
}
