/** `inventory.csv`: who received what, a row a kind of identifier, host, step, consent and country. */
import type { InventoryEntry, Report } from '../model.ts'
import { SEED_KINDS } from '../net/seed-kinds.ts'
import { type Columns, renderCsv } from './csv.ts'
import { sentPlaces } from './phrase.ts'
import { captured } from './visible.ts'

const COLUMNS: Columns<InventoryEntry> = [
  ['host', ({ host }) => host && captured(host, 260)],
  ['service', ({ service }) => service],
  // What could not be read is no kind, and never clean.
  ['identifier', ({ kind }) => kind ?? 'opaque'],
  ['category', ({ kind }) => kind && SEED_KINDS[kind].category],
  ['seeds', ({ seeds }) => seeds.join('; ')],
  ['session', ({ session }) => session],
  ['step', ({ step }) => step],
  ['consent', ({ consent }) => consent],
  ['country', ({ country }) => country],
  ['cloud', ({ cloud }) => cloud],
  ['grade', ({ grade }) => grade],
  ['encodings', ({ encodings }) => encodings.join('; ')],
  ['places', (entry) => sentPlaces(entry, 260).join('; ')],
  ['excerpt', ({ excerpt }) => excerpt && captured(excerpt, 260)],
  ['flows', ({ flows }) => flows],
  ['first', ({ first }) => first],
  ['last', ({ last }) => last],
]

export function renderInventoryCsv(report: Report): string {
  return renderCsv(COLUMNS, report.inventory)
}
