/**
 * A location as a person reads it: the answer, what supports it, what does not, what would settle it, and which files all that
 * stands in.
 */
import { whatWouldSettle } from '../locate/settle.ts'
import type { Evidence, Location, Micros, SnapshotFacts } from '../model.ts'
import { countryName } from '../net/country.ts'
import { formatTime } from '../net/time.ts'

/** Columns of the narrowest terminal window in use; longer sentences go on below. */
const width = 80
const dayMs = 86_400e3
/** Digits of a SHA-256 that tell files apart for a person; `--json` has them all. */
const shownDigits = 12

/**
 * @param at the time that was asked about
 * @param cited the files that its evidence names
 * @param idle what was seen of the address, and changes nothing
 */
export function locationTable(
  location: Location,
  at: Micros,
  cited: readonly SnapshotFacts[],
  idle: readonly string[] = [],
): string {
  const settle = whatWouldSettle(location)
  return [
    ...answer(location, at),
    ...evidenceGroups(location, at),
    ...(idle.length > 0
      ? ['', '  Was seen, and changes nothing', ...idle.flatMap((says) => folded('    ', says))]
      : []),
    ...(settle ? ['', '  What would settle it', ...folded('    ', ofTheTime(settle))] : []),
    ...snapshotRows(cited, at),
    '',
    '',
  ].join('\n')
}

function answer(location: Location, at: Micros): readonly string[] {
  const { ip, grade, country, subdivision, city, cloud, prefix, evidence } = location
  const land = country && countryName(country)
  // A city that is its country (Singapore) is said once.
  const names = [...new Set([city, subdivision, land])].filter((part) => part)
  const place = names.join(', ') + (country ? ` (${country})` : '')
  const time = `at ${formatTime(at)}`
  if (grade === 'unknown' && evidence.some(({ rule }) => rule === 'special-purpose'))
    return [`${ip}  no place on the Internet`, ...folded('  ', `${grade} ${time}: there is nothing to locate`)]
  const said = [place, cloud].filter((part) => part).join(' · ') || nowhere[grade]
  const how = `${grade} ${time}${prefix ? ` by ${prefix}` : ''}: ${confidence[grade]}`
  return [`${ip}  ${said}`, ...folded('  ', how)]
}

/** A database speaks for the country alone, whatever else it says. */
function evidenceGroups({ evidence }: Location, at: Micros): readonly string[] {
  const isCountry = ({ rule }: Evidence) => rule === 'database'
  const supporting = evidence.filter(({ supports }) => supports)
  const others = evidence.filter(({ supports }) => !supports)
  const groups: readonly (readonly [title: string, pieces: readonly Evidence[]])[] = [
    ['Supports it', supporting.filter((piece) => !isCountry(piece))],
    ['Supports its country, and no more', supporting.filter(isCountry)],
    [supporting.length > 0 ? 'Does not support it' : 'What is said, which gives no one place', others],
  ]
  return groups.flatMap(([title, pieces]) => {
    if (pieces.length === 0) return []
    const heads = pieces.map((piece) => headOf(piece, at))
    const widths = widthsOf(heads)
    return [
      '',
      `  ${title}`,
      ...pieces.flatMap(({ says }, i) => [row(heads[i] ?? [], widths), ...folded('      ', ofTheTime(says))]),
    ]
  })
}

/** Evidence speaks of an audit's packet; who asks `locate` has a time only. */
const ofTheTime = (says: string) => says.replaceAll('the packet', 'the time asked about')

const headOf = ({ rule, source, date }: Evidence, at: Micros): readonly string[] => [
  rule,
  source,
  date ?? '',
  ageWords(date, at),
]

/** The files by which each piece of evidence can be checked. */
function snapshotRows(cited: readonly SnapshotFacts[], at: Micros): readonly string[] {
  if (cited.length === 0) return []
  const rows = cited.map(({ source, date, sha256 }) => [source, date, ageWords(date, at), sha256.slice(0, shownDigits)])
  const titles = ['source', 'date', 'age', 'SHA-256 begins']
  const widths = widthsOf([titles, ...rows])
  return [
    '',
    '  Snapshots that this rests on, and their age at that time',
    ...[titles, ...rows].map((cells) => row(cells, widths)),
  ]
}

const widthsOf = (rows: readonly (readonly string[])[]): readonly number[] =>
  (rows[0] ?? []).map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)))

/** Cells in columns, two blanks apart. */
function row(cells: readonly string[], widths: readonly number[]): string {
  return `    ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()
}

/** A sentence in lines of the table's width, each below the other. */
function folded(before: string, says: string): readonly string[] {
  const lines: string[] = []
  let line = before
  let begun = false
  for (const word of says.split(' ')) {
    if (begun && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ' '.repeat(before.length)
      begun = false
    }
    line += begun ? ` ${word}` : word
    begun = true
  }
  return [...lines, line]
}

/** How far a snapshot lies from the time that was asked about: `14 months before`. Empty where there is no date. */
export function ageWords(date: string | null, at: Micros): string {
  if (date === null) return ''
  const days = ageDays(date, at)
  const side = days > 0 ? 'before' : 'after'
  const far = Math.abs(days)
  if (far === 0) return 'the same day'
  const count = (number: number, unit: string) => `${number} ${unit}${number === 1 ? '' : 's'} ${side}`
  if (far < 62) return count(far, 'day')
  // In months for as long as a limit may lie between: three years bound what two lists prove.
  return far < 5 * 365 ? count(Math.round(far / 30.44), 'month') : count(Math.round(far / 365.25), 'year')
}

/** Days from a snapshot's to the one that was asked about; below 0 where the snapshot is the later. */
export function ageDays(date: string, at: Micros): number {
  return Math.floor(at / 1000 / dayMs) - Date.parse(date) / dayMs
}

/** The answer where there is no place to name. */
const nowhere: Readonly<Record<Location['grade'], string>> = {
  proven: 'a region whose place is not published',
  corroborated: 'a region whose place is not published',
  suspected: 'no country',
  conflicted: 'the evidence disagrees',
  edge: 'many places, or one that cannot be seen from here',
  unknown: 'no place is known',
}

/** What a grade is good for. */
const confidence: Readonly<Record<Location['grade'], string>> = {
  proven: 'decides under every standard',
  corroborated: 'decides under `standard: balanced`, not under `strict`',
  suspected: 'decides nothing by itself',
  conflicted: 'decides nothing',
  edge: 'decides nothing',
  unknown: 'decides nothing',
}
