/** The inventory as the report lists it. */
import type { Declaration, InventoryEntry, Micros } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import { formatTime } from '../net/time.ts'
import { type InventoryRow, InventoryRows } from './inventory.ts'
import { decides } from './place.ts'
import type { Standings } from './standings.ts'

/** The inventory with the places that the audit found, in the order of host, session, step as they were run, and kind. */
export function inventoryOf(
  { standard }: Declaration,
  rows: readonly InventoryRow[],
  standings: Standings,
): readonly InventoryEntry[] {
  const placed = new Map<
    string,
    { readonly rows: InventoryRows; readonly at: Pick<InventoryEntry, 'country' | 'cloud' | 'grade'> }
  >()
  for (const row of rows) {
    const { location } = standings.at(row.location).located
    const isKnown = decides(location, standard)
    const { grade } = location
    const at = { country: isKnown ? location.country : null, cloud: isKnown ? location.cloud : null, grade }
    const { host, service, kind, session, step } = row
    const key = JSON.stringify([host, session, step, kind, service, at.country, at.cloud, at.grade])
    const group = placed.get(key) ?? { rows: new InventoryRows(), at }
    group.rows.add('', row)
    placed.set(key, group)
  }
  const began = new Map<string, Micros>()
  const stepOf = ({ session, step }: Pick<InventoryRow, 'session' | 'step'>) => JSON.stringify([session, step])
  for (const row of rows) began.set(stepOf(row), Math.min(row.first, began.get(stepOf(row)) ?? row.first))
  return [...placed.values()]
    .flatMap(({ rows: { all }, at }) => all.map((row) => entryOf(row, at)))
    .sort(
      (a, b) =>
        byText(a.host, b.host) ||
        byText(a.session, b.session) ||
        (began.get(stepOf(a)) ?? 0) - (began.get(stepOf(b)) ?? 0) ||
        byText(a.step, b.step) ||
        byText(a.kind, b.kind) ||
        byText(a.country, b.country) ||
        byText(a.cloud, b.cloud) ||
        byText(a.grade, b.grade) ||
        byText(a.service, b.service),
    )
}

function entryOf(row: InventoryRow, at: Pick<InventoryEntry, 'country' | 'cloud' | 'grade'>): InventoryEntry {
  const { host, service, kind, seeds, session, step, encodings, places, excerpt, flows, first, last } = row
  return {
    ...{ host, service, kind, seeds, session, step, encodings, places, excerpt, flows },
    ...at,
    first: formatTime(first),
    last: formatTime(last),
  }
}

/** What is not known comes last. */
const byText = (a: string | null, b: string | null) => compareText(a ?? '\uffff', b ?? '\uffff')
