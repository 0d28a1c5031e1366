/**
 * How right locations are, and how often they do not decide: `npm run bench:locate [DATABASE.mmdb…]`. Each of AWS's own files of
 * several dates is the truth in turn; its addresses are located with what the files of other dates and the databases say, and
 * held against two promises. A database's own verdicts stand beside, and so do those of any database that is named.
 *
 * Exit status: 1 where a limit is missed, 2 where AWS's files are not there.
 */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { createLocator } from '../functions/locate/locator.ts'
import type { DatabaseSnapshot } from '../functions/locate/snapshots.ts'
import { lazyDatabase } from '../functions/reference/lazy-database.ts'
import { packagedDatabases } from '../functions/reference/packaged-databases.ts'
import { databaseTally, type Fineness } from './locate-accuracy-databases.ts'
import { databaseLine, explanation, heading, locatedLine } from './locate-accuracy-table.ts'
import { missedLimits, tallyOf } from './locate-accuracy-tally.ts'
import { type AwsFile, awsFiles } from './locate-accuracy-truth.ts'

/** Snapshots to locate by. */
interface Known {
  readonly words: string
  readonly files: readonly AwsFile[]
  readonly bothSides: boolean
  /** Whether they are the nearest to the truth's date, or all there are. */
  readonly usual: boolean
}

const days = (from: AwsFile, to: AwsFile) => Math.round((to.at - from.at) / 86_400e6)

/** Every pair around the truth, the nearest first, and all others; then every older one alone, and all older ones. */
function knownFor(truth: AwsFile, files: readonly AwsFile[]): readonly Known[] {
  const older = files.filter(({ at }) => at < truth.at).reverse()
  const newer = files.filter(({ at }) => at > truth.at)
  const pairs = older.flatMap((before, i) =>
    newer.map((after, j) => ({
      words: `${before.date} ${after.date}`,
      files: [before, after],
      bothSides: true,
      usual: i + j === 0,
    })),
  )
  const alone = older.map((before, i) => ({
    words: `${before.date} (${days(before, truth)} days)`,
    files: [before],
    bothSides: false,
    usual: i === 0,
  }))
  const all = (words: string, files: readonly AwsFile[], bothSides: boolean): Known[] =>
    files.length > (bothSides ? 2 : 1) ? [{ words: `${words} ${files.length}`, files, bothSides, usual: true }] : []
  return [
    ...pairs,
    ...(pairs.length > 0 ? all('all other', [...older, ...newer], true) : []),
    ...alone,
    ...all('all older', older, false),
  ]
}

/** Each database with all its files, and how fine it is read. */
function databaseRows(databases: readonly DatabaseSnapshot[], named: readonly DatabaseSnapshot[]) {
  const of = (source: string) => databases.filter((database) => database.source === source)
  const row = (words: string, files: readonly DatabaseSnapshot[], fineness: Fineness) => ({ words, files, fineness })
  return [
    row('DB-IP, country', of('database/dbip-city'), 'country'),
    row('DB-IP, state', of('database/dbip-city'), 'state'),
    row('registries, country', of('database/geo-whois-asn-country'), 'country'),
    ...named.flatMap((file) => {
      const words = file.source.slice('database/'.length)
      return [row(`${words}, country`, [file], 'country'), row(`${words}, state`, [file], 'state')]
    }),
  ]
}

const folder = resolve(import.meta.dirname, '../../shared/material/ranges')
if (!existsSync(folder)) {
  console.error(`bench:locate needs AWS's ip-ranges.json of several dates, which are not at ${folder}`)
  process.exit(2)
}
const progress = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}
progress('reading the files')
const files = awsFiles(folder)
const databases = packagedDatabases()
const named = process.argv.slice(2).map((path) => lazyDatabase({ path, source: `database/${basename(path, '.mmdb')}` }))

console.log(explanation)
let missed = 0
for (const family of [4, 6] as const)
  for (const truth of files) {
    const asked = truth.asked[family]
    progress('')
    console.log(heading(truth.date, family, asked))
    for (const known of knownFor(truth, files)) {
      // Of IPv6 the usual cases are enough: the rules are the same, and the table is long.
      if (family === 6 && !known.usual) continue
      progress(`${truth.date} by ${known.words}`)
      const locator = createLocator({ ranges: known.files.map(({ snapshot }) => snapshot), databases })
      const tally = tallyOf(asked, (ip) => locator.locate(ip, truth.at))
      const misses = missedLimits(tally, known.bothSides)
      if (misses.length > 0) missed++
      progress('')
      console.log(locatedLine(known.words, tally, misses))
    }
    for (const { words, files, fineness } of databaseRows(databases, named))
      console.log(databaseLine(words, databaseTally(asked, files, fineness)))
  }
console.log(missed === 0 ? '\nEvery limit holds.' : `\n${missed} rows miss a limit.`)
process.exitCode = missed === 0 ? 0 : 1
