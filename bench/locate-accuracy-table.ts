/** The accuracy of locations as lines of at most 110 columns. */
import type { DatabaseTally } from './locate-accuracy-databases.ts'
import { type FalseVerdicts, mostFalseOneSided, policies, type Tally } from './locate-accuracy-tally.ts'
import { type Asked, perFamily, perPrefix } from './locate-accuracy-truth.ts'

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
/** A share in per cent; nothing at all is a dash, so that the little there is stands out. */
const percent = (part: number, whole: number, digits: number) =>
  part === 0 ? '–' : (100 * share(part, whole)).toFixed(digits)

const widths = [22, 7, 6, 8, 6, 7, 7, 7, 7, 6, 6, 7]
/** @param from the first one's column */
const aligned = (cells: readonly string[], from: number) =>
  cells.map((cell, i) => cell.padStart(widths[from + i] ?? 0)).join('')
const line = (first: string, cells: readonly string[], end = '') =>
  `${first.padEnd(widths[0] ?? 0)}${aligned(cells, 1)} ${end}`.trimEnd()

export const explanation = `Locations held against what AWS published on the day itself. In per cent of the addresses that it has in
one region or zone; – is none at all.
known      the dates of AWS's ranges that were known, with both packaged databases; or one database alone
proven     in a region or zone with that grade; wrong: in another one than AWS's (a zone is not its region)
corrob.    corroborated, and wrong
undecided  in no region or zone that decides: under the strict standard (not proven), under the balanced one
A          held against "${policies[0]?.words}", under the balanced standard
B          held against "${policies[1]?.words}"
false      c.: judged compliant, and AWS had it outside; v.: judged a violation, and AWS had it inside
false of its compliant: of the addresses that a database alone judges compliant, those that AWS had outside
GLOBAL     of the addresses that AWS has in no region, those that were judged, under A or B: mostly as outside of
           China, by two databases that name one country
Weights: at most ${perPrefix} addresses of every prefix that AWS lists, evenly spread over it, in different /24s (IPv6: /64s);
of a family at most ${perFamily}, evenly chosen. So rows count prefixes more than addresses: of IPv6 a /36 weighs no
more than a /48, of which nobody uses most either.
Limits: with snapshots on both sides no false verdict, under either standard; with older ones alone at most
${percent(mostFalseOneSided, 1, 1)} % of each kind. A row ends with what it misses: false (verdicts, under the balanced
standard), strict (under that). Databases alone are held to no limit.`

export function heading(date: string, family: 4 | 6, asked: readonly Asked[]): string {
  const single = asked.filter(({ place }) => place !== null).length
  const counts = `${single} addresses in one region or zone, ${asked.length - single} GLOBAL`
  return [
    `\n${date}, IPv${family}: ${counts}`,
    line('', ['', '', '', '', 'undecided', '', 'A: false', '', 'B: false', '']),
    line('known', ['proven', 'wrong', 'corrob.', 'wrong', 'strict', 'balan.', 'c.', 'v.', 'c.', 'v.', 'GLOBAL']),
  ].join('\n')
}

const falseCells = (falses: readonly FalseVerdicts[], single: number) =>
  falses.flatMap(({ compliant, violation }) =>
    [compliant, violation].map((count) => percent(count, single, share(count, single) < 0.01 ? 3 : 1)),
  )

export function locatedLine(known: string, tally: Tally, misses: readonly string[]): string {
  const { single, proven, corroborated, balanced, global, globalJudged } = tally
  const cells = [
    percent(proven.count, single, 1),
    percent(proven.wrong, single, 2),
    percent(corroborated.count, single, 1),
    percent(corroborated.wrong, single, 2),
    percent(single - proven.count, single, 1),
    percent(single - proven.count - corroborated.count, single, 2),
    ...falseCells(balanced, single),
    percent(globalJudged, global, 1),
  ]
  return line(known, cells, misses.join(', '))
}

export function databaseLine(words: string, tally: DatabaseTally): string {
  const { single, falses, compliant, undecided, global, globalJudged } = tally
  const ofCompliant = falses.map((some, i) => percent(some.compliant, compliant[i] ?? 0, 0))
  const note = `false of its compliant: A ${ofCompliant[0]} B ${ofCompliant[1]} %`
  const cells = [percent(Math.max(...undecided), single, 2), ...falseCells(falses, single)]
  const noted = [words.padEnd(widths[0] ?? 0), note].join('')
  return (
    noted.padEnd(widths.slice(0, 6).reduce((sum, width) => sum + width)) +
    aligned([...cells, percent(globalJudged, global, 1)], 6)
  )
}
