/** A location as a person reads it: the answer, then each piece of evidence with its age, then what would settle it. */
import { whatWouldSettle } from '../locate/settle.ts'
import type { Evidence, Location, Micros } from '../model.ts'
import { countryName } from '../net/country.ts'
import { formatTime } from '../net/time.ts'

/** Columns of a wide terminal window; longer sentences go on below. */
const width = 112
const dayMs = 86_400e3

/** @param at the time that was asked about */
export function locationTable(location: Location, at: Micros): string {
  const { ip, grade, country, subdivision, city, cloud, prefix, evidence } = location
  const place = [city, subdivision, country && `${countryName(country)} (${country})`].filter((part) => part).join(', ')
  const answer = [place, cloud].filter((part) => part).join(' · ') || meaning[grade]
  const settle = whatWouldSettle(location)
  return [
    `${ip}  ${answer}`,
    `  ${grade} at ${formatTime(at)}${prefix ? ` by ${prefix}` : ''}: ${confidence[grade]}`,
    '',
    ...rows(evidence, at),
    ...(settle ? ['', ...folded('  To settle it: ', settle)] : []),
    '',
    '',
  ].join('\n')
}

/** A database speaks for the country alone, whatever else it says. */
function rows(evidence: readonly Evidence[], at: Micros): readonly string[] {
  const cells = evidence.map(({ rule, source, date, says, supports }) => ({
    head: [supports ? (rule === 'database' ? 'country' : 'yes') : 'no', rule, source, date ?? '', ageWords(date, at)],
    says,
  }))
  const titles = ['supports', 'rule', 'source', 'date', 'which is']
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map(({ head }) => (head[i] ?? '').length)))
  const line = (head: readonly string[]) =>
    `  ${head.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()
  return [line(titles), ...cells.flatMap(({ head, says }) => [line(head), ...folded('       ', says)])]
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
  const days = Math.floor(at / 1000 / dayMs) - Date.parse(date) / dayMs
  const side = days > 0 ? 'before' : 'after'
  const far = Math.abs(days)
  if (far === 0) return 'the same day'
  const count = (number: number, unit: string) => `${number} ${unit}${number === 1 ? '' : 's'} ${side}`
  if (far < 62) return count(far, 'day')
  return far < 731 ? count(Math.round(far / 30.44), 'month') : count(Math.round(far / 365.25), 'year')
}

/** The answer where there is no place to name. */
const meaning: Readonly<Record<Location['grade'], string>> = {
  proven: 'a region whose place is not published',
  corroborated: 'a region whose place is not published',
  suspected: 'no country',
  conflicted: 'the evidence disagrees',
  edge: 'many places, or one that cannot be seen from here',
  unknown: 'no place',
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
