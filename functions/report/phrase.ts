/** Turns of phrase that the renderers share. */
import type { Finding, InventoryEntry, LocationSummary, Report, Verdict } from '../model.ts'
import { countryName } from '../net/country.ts'
import { SEED_KINDS } from '../net/seed-kinds.ts'
import { captured } from './visible.ts'

/** `1 flow`, `12,345 flows`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(number)} ${number === 1 ? noun : plural}`
}

/** Digits in groups of three, as English has them; the same on every machine. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** Bytes as a person says them. */
export function bytes(number: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let value = number
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? grouped(value) : value.toFixed(1)} ${units[unit]}`
}

/** `aws:us-west-1 · US-CA, United States`, the finest first; where nothing is known, why not. */
export function whereabouts(
  location: Pick<LocationSummary, 'cloud' | 'city' | 'subdivision' | 'country' | 'grade'>,
): string {
  const { cloud, city, subdivision, country, grade } = location
  const parts = [city, subdivision, country === null ? null : countryName(country)].filter((part) => part !== null)
  // A city that is its country (Singapore) is said once.
  const area = [...new Set(parts)]
  const known = [cloud, area.join(', ')].filter((part) => part !== null && part !== '').join(' · ')
  if (known !== '') return captured(known)
  return grade === 'edge' ? 'an edge' : grade === 'conflicted' ? 'contradictory places' : 'a place not known'
}

/** An instant in UTC for a person: `2014-10-31 16:00`, with seconds where there are any. */
export function moment(time: string): string {
  const text = time.slice(0, 19).replace('T', ' ')
  return text.endsWith(':00') ? text.slice(0, 16) : text
}

/** An instant in UTC to the millisecond: `2014-10-31 16:00:00.250`. */
export function momentInMs(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')}.${(/\.(\d{3})/.exec(time)?.[1] ?? '').padEnd(3, '0')}`
}

/** A span to the minute, the date once where it is one day. */
export function span(first: string, last: string): string {
  const [a, b] = [moment(first).slice(0, 16), moment(last).slice(0, 16)]
  if (a === b) return a
  return a.slice(0, 10) === b.slice(0, 10) ? `${a} – ${b.slice(11)}` : `${a} – ${b}`
}

/** The protocol of flows of which the log does not say it. */
export const UNSTATED_PROTOCOL = '-1'

/** `192.0.2.7:443 tcp` */
export function endpoint({ ip, port, proto }: Finding['remote']): string {
  const host = ip.includes(':') && port !== null ? `[${ip}]` : ip
  return `${port === null ? host : `${host}:${port}`} ${proto === UNSTATED_PROTOCOL ? '(protocol not stated)' : proto}`
}

const VIA = {
  'tls-sni': 'the TLS server name',
  'quic-sni': 'the QUIC server name',
  'http-host': 'the HTTP Host header',
  'http-connect': 'an HTTP CONNECT request',
  mipush: 'the push protocol’s connect message',
  dns: 'a DNS answer',
  'dns-cname': 'a link of a DNS CNAME chain',
  'http-dns': 'HTTP-DNS',
  log: 'the log itself',
} as const

/** How a host is known, as a person says it. */
export function knownBy({ via }: Pick<Finding, 'via'>): string {
  return via.map((one) => VIA[one]).join(' and ')
}

export const RULES: Readonly<Record<string, string>> = {
  residency: 'where a declared service stands',
  'undeclared-host': 'a host of the vendor that no service declares',
  'unknown-host': 'an unknown host that may be where some service must not be',
  'http-dns': 'a look-up that goes round DNS',
  'consent-contact': 'contact with a service before anybody had opted in',
  'consent-identifiers': 'identifiers that went to a service before anybody had opted in',
  'consent-opt-out': 'traffic of a service after its user had opted out',
}

/** What a finding is about, for a sentence. */
export function subject({ rule, host, remote }: Pick<Finding, 'rule' | 'host' | 'remote'>): string {
  const name = host === null ? `unknown host ${remote.ip}` : captured(host)
  return rule === 'undeclared-host' ? `undeclared ${name}` : name
}

/** What is most serious first. */
export const VERDICTS: readonly Verdict[] = ['violation', 'indeterminate', 'compliant']

/** Whether it asks if the user had agreed, which is another question about flows that are counted by where they went. */
export const isOfConsent = ({ rule }: Pick<Finding, 'rule'>): boolean => rule.startsWith('consent-')

/** Which services did not ask first. */
function consentSentence({ consent }: Report): readonly string[] {
  const broken = consent.filter(({ verdict }) => verdict === 'violation')
  const services = [...new Set(broken.map(({ service }) => service))].map((service) => {
    const sessions = broken.filter((one) => one.service === service).length
    return `${captured(service)} in ${count(sessions, 'session')}`
  })
  const more = services.length > 3 ? `; and ${services.length - 3} more` : ''
  return services.length === 0
    ? []
    : [
        `Services that did not wait for their user's consent, or went on without it: ${services.slice(0, 3).join('; ')}${more}.`,
      ]
}

/** What of a kind was sent, for a person; `opaque` where it could not be read. */
export function sentKind(kind: InventoryEntry['kind']): string {
  return kind === null ? 'opaque' : SEED_KINDS[kind].title
}

/** In which country, for a table; why it is not said where it is not known well enough. */
export function sentTo({ country, grade }: Pick<InventoryEntry, 'country' | 'grade'>): string {
  return country === null ? `not known well enough (${grade})` : countryName(country)
}

const AGREED = {
  before: 'before agreeing',
  agreed: 'agreed',
  after: 'after opting out',
  open: 'not known whether agreed',
} as const

/** Whether the user had agreed, for a table; empty where no claim speaks of it. */
export function sentWhen({ consent }: Pick<InventoryEntry, 'consent'>): string {
  return consent === null ? '' : AGREED[consent]
}

/** Places of an entry of the inventory that are shown before the rest is counted; report.json has more of them. */
const MOST_PLACES = 12

/** @returns the first places, at most as long as that each, and last how many more there are */
export function sentPlaces(
  { places, morePlaces }: Pick<InventoryEntry, 'places' | 'morePlaces'>,
  longest: number,
): readonly string[] {
  const more = Math.max(0, places.length - MOST_PLACES) + morePlaces
  const shown = places.slice(0, MOST_PLACES).map((place) => captured(place, longest))
  return more > 0 ? [...shown, `and ${grouped(more)} more`] : shown
}

/** The conclusion in a sentence. */
export function verdictSentence(report: Report): string {
  const { judged } = report.summary
  if (report.conclusion === 'fail') {
    const broken = report.findings.filter((one) => one.verdict === 'violation' && !isOfConsent(one))
    const cases = [...new Set(broken.map((finding) => `${subject(finding)} in ${whereabouts(finding.location)}`))]
    const more = cases.length > 3 ? `; and ${cases.length - 3} more` : ''
    const residency = `${count(judged.violation, 'flow')} in ${count(broken.length, 'finding')} broke the declaration: ${cases.slice(0, 3).join('; ')}${more}.`
    return [...(broken.length > 0 ? [residency] : []), ...consentSentence(report)].join(' ')
  }
  if (report.conclusion === 'pass')
    return `${count(judged.compliant, 'flow')} to declared services stood where the declaration says, and none broke it.`
  if (report.summary.flows === 0) return 'There is no flow to judge, and silence is no evidence.'
  const open = report.criteria.filter(({ status }) => status !== 'met').map(({ title }) => title.toLowerCase())
  return `No flow broke the declaration, but the evidence does not carry a pass; open: ${open.join('; ')}.`
}
