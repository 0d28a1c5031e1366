/** What is said of contact and of identifiers, for a person. No figure is in it: a finding has them beside it. */
import type { Consent, Declaration, Hit, Location, Opaque } from '../../model.ts'
import { countryName } from '../../net/country.ts'
import { SEED_KINDS } from '../../net/seed-kinds.ts'
import { chainOf, standsAt } from '../found.ts'
import { nameList } from '../name-list.ts'
import { decides } from '../place.ts'
import type { Stage } from './stage.ts'

/** Ways of one kind of identifier that are named before the rest is counted. */
const MOST_WAYS = 8

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('')
}

/** ` in China`; nothing where the country is not known well enough to decide anything. */
export function inCountry(location: Location, { standard }: Declaration): string {
  return location.country !== null && decides(location, standard) ? ` in ${countryName(location.country)}` : ''
}

/** `at step boot`; steps of one contact, null for outside of all. */
export function atSteps(steps: readonly (string | null)[]): string {
  const named = [...new Set(steps)].filter((step) => step !== null).sort()
  const outside = steps.includes(null) ? ['outside of every step'] : []
  const at = named.length === 0 ? [] : [`at ${named.length === 1 ? 'step' : 'steps'} ${nameList(named)}`]
  return listed([...at, ...outside])
}

/** `before anybody had opted in by enable-cloud`. @param ran whether the session ran the opt-in */
export function whenOf(stage: Stage, { optIn, optOut, afterOptOut }: Consent, ran: boolean): string {
  const out = `the opt-out by ${optOut}${graceOf(afterOptOut?.graceMs ?? 0)}`
  switch (stage) {
    case 'before':
      return ran
        ? `before anybody had opted in by ${optIn}`
        : `before anybody had opted in (the session never ran ${optIn})`
    case 'agreed':
      return `after the opt-in by ${optIn}`
    case 'after':
      return `after ${out}`
    case 'before-or-agreed':
      return `near to the opt-in by ${optIn}`
    case 'agreed-or-after':
      return `near to the end of ${out}`
    case 'any':
      return 'at a time of which it is not known whether anybody had agreed'
  }
}

function graceOf(ms: number): string {
  if (ms === 0) return ''
  const [number, unit] = ms % 60_000 === 0 ? [ms / 60_000, 'minute'] : [ms / 1000, 'second']
  return ` and its grace of ${number} ${unit}${number === 1 ? '' : 's'}`
}

/** `The IMEI and the phone number`. */
function kindsOf(hits: readonly Hit[]): string {
  const titles = new Set(hits.map(({ kind }) => SEED_KINDS[kind].title))
  const text = listed([...titles].map((title) => `the ${title}`))
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** `in clear, as POST /pass/register device.imei`; several, by how they were encoded. */
function waysOf(hits: readonly Hit[]): string {
  const byChain = new Map<string, Set<string>>()
  for (const hit of hits) {
    const chain = chainOf(hit)
    byChain.set(chain, (byChain.get(chain) ?? new Set()).add(nameList([standsAt(hit)])))
  }
  return [...byChain]
    .map(([chain, places]) => {
      const rest = places.size > MOST_WAYS ? [`${places.size - MOST_WAYS} more`] : []
      const how = chain === 'clear' ? 'in clear' : `encoded (${chain})`
      return `${how}, as ${listed([...[...places].slice(0, MOST_WAYS), ...rest])}`
    })
    .join('; ')
}

/**
 * `The IMEI went there: in clear, as …`; of several kinds which they are, and then a sentence for each, so that every place is
 * said once. @param steps where they went, for sentences that stand beside those of other steps
 */
export function whatWent(hits: readonly Hit[], went: string, steps: string): readonly string[] {
  const kinds = [...new Set(hits.map(({ kind }) => kind))]
  if (kinds.length < 2) return [`${kindsOf(hits)} ${went}: ${waysOf(hits)}.`]
  const each = kinds.map((kind) => {
    const of = hits.filter((hit) => hit.kind === kind)
    return `${kindsOf(of)} ${steps}: ${waysOf(of)}.`
  })
  return [`${kindsOf(hits)} ${went}.`, ...each]
}

/** `base64, as POST /x body`. */
export function opaqueWays(opaque: readonly Opaque[]): string {
  const ways = [...new Set(opaque.map((one) => `${one.looks}, as ${nameList([standsAt(one)])}`))]
  const more = ways.length > MOST_WAYS ? `; and ${ways.length - MOST_WAYS} more` : ''
  return `${ways.slice(0, MOST_WAYS).join('; ')}${more}`
}
