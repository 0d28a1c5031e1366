/** A session of a test protocol, a service that claims to ask first, and what a device sent. */

import type {
  Consent,
  ConsentSummary,
  Declaration,
  Examined,
  Finding,
  Hit,
  Judgement,
  Ledger,
  Observation,
  Session,
} from '../../../functions/model.ts'
import { ADDRESSES, at, judged, ledger, observe, service, session } from '../world.ts'

export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const START = at('2014-11-03T10:00:00Z')

/** Steps of half an hour each, one behind the other. */
export const steps = ['boot', 'idle', 'enable-cloud', 'use', 'disable-cloud', 'after'].map((id, i) => ({
  id,
  from: START + i * 30 * MINUTE,
  until: START + (i + 1) * 30 * MINUTE,
}))

export const startOf = (step: string) => steps.find(({ id }) => id === step)?.from ?? 0

export const claim: Consent = {
  since: null,
  optIn: 'enable-cloud',
  optOut: 'disable-cloud',
  before: 'forbid-contact',
  afterOptOut: { forbid: 'forbid-contact', graceMs: 300_000 },
}

export const cloud = (over: Partial<Consent> = {}, hosts: readonly string[] = ['*.micloud.xiaomi.net']) =>
  service('mi-cloud', hosts, { consent: { ...claim, ...over } })

export const account = service('mi-account', ['api.account.xiaomi.com', '*.account.xiaomi.com'])

export const run = (over: Partial<Session> = {}) => session('s1', { steps, ...over })

/** A capture from the first step to the end of the last. */
export const capture = (over: Partial<Ledger> = {}) => ledger({ first: START, last: START + 180 * MINUTE, ...over })

/** Ten minutes into a step, to a host of the service. */
export function sent(step: string, over: Partial<Observation> = {}): Observation {
  const first = startOf(step) + 10 * MINUTE
  return observe({
    step,
    first,
    last: first + SECOND,
    names: [{ name: 'api.micloud.xiaomi.net', via: 'tls-sni' }],
    ...over,
  })
}

/** What the device sends to others meanwhile. */
export const others = steps.map(({ id }) => sent(id, { names: [{ name: 'example.org', via: 'tls-sni' }] }))

export const hit = (over: Partial<Hit> = {}): Hit => ({
  seed: 'imei-1',
  kind: 'imei',
  part: 'body',
  method: 'POST',
  path: '/pass/register',
  field: 'device.imei',
  chain: [],
  offset: 12,
  excerpt: '"imei":"‹imei›"',
  count: 1,
  ...over,
})

export const examined = (over: Partial<Examined> = {}): Examined => ({
  whole: 1,
  partly: 0,
  unread: 0,
  hits: [],
  opaque: [],
  ...over,
})

export interface World {
  services?: Declaration['services']
  claim?: Partial<Consent>
  sessions?: readonly Session[]
  ledgers?: readonly Ledger[]
  declaration?: Partial<Declaration>
  /** False: the device sends nothing to others. */
  others?: boolean
}

export function judgedWith(observations: readonly Observation[], over: World = {}): Judgement {
  return judged([...(over.others === false ? [] : others), ...observations], {
    declaration: { services: over.services ?? [account, cloud(over.claim)], ...over.declaration },
    sessions: over.sessions ?? [run()],
    ledgers: over.ledgers ?? [capture()],
  })
}

/** Findings of consent, as rule and verdict. */
export const rulings = ({ findings }: Judgement): readonly string[] =>
  ofConsent(findings).map(({ rule, verdict }) => `${rule} ${verdict}`)

export const ofConsent = (findings: readonly Finding[]) => findings.filter(({ rule }) => rule.startsWith('consent-'))

/** The only summary. */
export function summary({ consent }: Judgement): ConsentSummary {
  const [one] = consent
  if (!one || consent.length > 1) throw new Error(`there are ${consent.length} summaries`)
  return one
}

export { ADDRESSES }
