/** The inventory as the report lists it. */
import type { Declaration, InventoryEntry, Micros } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import { formatTime } from '../net/time.ts'
import type { Claims } from './consent/evidence.ts'
import { type InventoryRow, InventoryRows } from './inventory.ts'
import { decides } from './place.ts'
import type { Standings } from './standings.ts'

/** Places of one entry that are listed before the rest is counted. */
const MOST_PLACES = 500

/** What the audit found of an entry: where its host stands, and whether the user had agreed. */
type Judged = Pick<InventoryEntry, 'country' | 'cloud' | 'grade' | 'consent'>

/** The inventory with the places that the audit found, in the order of host, session, step as they were run, and kind. */
export function inventoryOf(
  { standard }: Declaration,
  rows: readonly InventoryRow[],
  claims: Claims,
  standings: Standings,
): readonly InventoryEntry[] {
  const judged = new Map<string, { readonly rows: InventoryRows; readonly by: Judged }>()
  for (const row of rows) {
    const { location } = standings.at(row.location).located
    const isKnown = decides(location, standard)
    const { grade } = location
    const by = {
      ...{ country: isKnown ? location.country : null, cloud: isKnown ? location.cloud : null, grade },
      consent: consentOf(row, claims),
    }
    const { host, service, kind, session, step } = row
    const key = JSON.stringify([host, session, step, kind, service, by.country, by.cloud, by.grade, by.consent])
    const group = judged.get(key) ?? { rows: new InventoryRows(), by }
    group.rows.add('', row)
    judged.set(key, group)
  }
  const began = new Map<string, Micros>()
  const stepOf = ({ session, step }: Pick<InventoryRow, 'session' | 'step'>) => JSON.stringify([session, step])
  for (const row of rows) began.set(stepOf(row), Math.min(row.first, began.get(stepOf(row)) ?? row.first))
  return [...judged.values()]
    .flatMap(({ rows: { all }, by }) => all.map((row) => entryOf(row, by)))
    .sort(
      (a, b) =>
        byText(a.host, b.host) ||
        byText(a.session, b.session) ||
        (began.get(stepOf(a)) ?? 0) - (began.get(stepOf(b)) ?? 0) ||
        byText(a.step, b.step) ||
        byText(a.kind, b.kind) ||
        ORDER.indexOf(a.consent) - ORDER.indexOf(b.consent) ||
        byText(a.country, b.country) ||
        byText(a.cloud, b.cloud) ||
        byText(a.grade, b.grade) ||
        byText(a.service, b.service),
    )
}

const ORDER: readonly InventoryEntry['consent'][] = ['before', 'open', 'agreed', 'after', null]

/** By the claims that speak of the session; where that is not known of one, or the user may have agreed earlier, it is open. */
function consentOf({ session, stages }: InventoryRow, claims: Claims): InventoryEntry['consent'] {
  const under = new Set<InventoryEntry['consent']>()
  for (const { service, stage } of stages) {
    const claim = claims.of(service)
    const scope = claim && claims.scope(claim, session)
    if (!scope || scope.outside !== null) continue
    const isKnown = scope.doubt === null && (scope.earlier === null || stage !== 'before')
    under.add(isKnown && (stage === 'before' || stage === 'agreed' || stage === 'after') ? stage : 'open')
  }
  const [only = null] = under
  return under.size > 1 ? 'open' : only
}

function entryOf(row: InventoryRow, by: Judged): InventoryEntry {
  const { host, service, kind, seeds, session, step, encodings, places, excerpt, flows, first, last } = row
  return {
    ...{ host, service, kind, seeds, session, step, encodings, excerpt, flows },
    places: places.slice(0, MOST_PLACES),
    morePlaces: Math.max(0, places.length - MOST_PLACES),
    ...by,
    first: formatTime(first),
    last: formatTime(last),
  }
}

/** What is not known comes last. */
const byText = (a: string | null, b: string | null) => compareText(a ?? '\uffff', b ?? '\uffff')
