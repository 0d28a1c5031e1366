/** What a session says of a log's columns, as the readers of rows want it. */
import type { Via } from '../../model.ts'
import { COLUMN_WORDS, type ColumnWord, type TimeUnit } from '../../net/column-words.ts'

const WORDS = Object.keys(COLUMN_WORDS) as ColumnWord[]

/** The number of a word's slot in a row. */
export const slotOf = (word: ColumnWord): number => WORDS.indexOf(word)
export const SLOTS = WORDS.length

/** Digits of a numeric time that stand behind the decimal point of seconds. */
const EXPONENTS: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 }

export interface ColumnMap {
  /** By slot; undefined where the log has no such column. */
  readonly names: readonly (string | undefined)[]
  readonly startExponent: number
  readonly endExponent: number
  readonly durationExponent: number
  readonly nameVia: Via
}

/** @param columns that are valid */
export function columnMap(columns: Readonly<Record<string, string>>): ColumnMap {
  const exponent = (unit: string | undefined) => EXPONENTS[(unit ?? 's') as TimeUnit]
  return {
    names: WORDS.map((word) => columns[word]),
    startExponent: exponent(columns.startUnit),
    endExponent: exponent(columns.endUnit ?? columns.startUnit),
    durationExponent: exponent(columns.durationUnit),
    nameVia: (columns.nameVia ?? 'log') as Via,
  }
}

/** Names of columns for a person: no more than a line holds, and no control characters. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 40).map((name) => JSON.stringify(name.slice(0, 60)).slice(1, -1))
  return `${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`
}
