/**
 * Self-published geolocation feeds (RFC 8805): `prefix,country,subdivision,city,postal code` a line. The operator of a network
 * says where its addresses are used; nobody checked that.
 */
import type { Micros } from '../../model.ts'
import { formatPrefix, type Prefix, PrefixTable } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'
import { parseFeedLine } from './feed-line.ts'
import { earlier, hasZone, parseIsoTime } from './iso-time.ts'
import { mergeEntries } from './merge-entries.ts'
import { type BadLine, entryOf, nothingMore, type Published } from './published.ts'
import { quote, Reading } from './reading.ts'

/** Longer lines are no line of a feed. */
const LONGEST = 1000

/** The time that the comments of many feeds tell in this form, which no standard has. */
const UPDATED = /\blast[ -]?updated\s*\(rfc\s?3339\)\s*:\s*([\dTZ:.+-]+)/i

/**
 * Reads a feed, and goes on after bad lines, as RFC 8805 (section 2.1.3) asks for.
 *
 * @throws SnapshotError where no line is good, or more are bad than good: then it is something else, or not whole
 */
export function parseGeofeed(bytes: Uint8Array, name: string): Published {
  const reading = new Reading(bytes, name, 'a geofeed (RFC 8805)', 'the operator whose addresses it places')
  return readFeed(reading, reading.text(), timeInComment)
}

/** The first line of each prefix, to tell which line repeats it. */
type FirstLines = Map<string, number>

/**
 * Reads the text of a feed.
 *
 * @param timeOf the time that a comment tells; null for most. Of several the earliest counts: the whole is complete as of then
 */
export function readFeed(reading: Reading, text: string, timeOf: (comment: string) => Micros | null): Published {
  const entries: (readonly [Prefix, RangeEntry])[] = []
  const badLines: BadLine[] = []
  const first: FirstLines = new Map()
  let time: Micros | null = null
  let bad = 0
  for (const [index, whole] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1
    // A comment begins anywhere in a line (section 2.1).
    const hash = whole.indexOf('#')
    if (hash >= 0) time = earlier(time, timeOf(whole.slice(hash, hash + LONGEST)))
    const content = hash < 0 ? whole : whole.slice(0, hash)
    if (content.length <= LONGEST && content.trim() === '') continue
    const said = content.length > LONGEST ? `longer than ${LONGEST} characters` : parseFeedLine(content)
    if (typeof said === 'string') {
      bad++
      badLines.push({ line, what: `${said}: ${quote(content.slice(0, LONGEST))}` })
      continue
    }
    const prefix = formatPrefix(said.prefix)
    const before = first.get(prefix)
    if (before === undefined) first.set(prefix, line)
    // An error by section 2.1.3, but either may be meant: what both say counts.
    else badLines.push({ line, what: `repeats the prefix of line ${before}, ${prefix}: only what both say counts` })
    entries.push(entryOf(said.prefix, { ...nothingMore, stated: said.place }))
  }
  if (entries.length === 0 || bad > entries.length)
    throw reading.error(
      `${bad} of its ${bad + entries.length} lines are bad${badLines
        .slice(0, 3)
        .map(({ line, what }) => `; line ${line} ${what}`)
        .join('')}`,
    )
  return { time, table: new PrefixTable(entries, mergeEntries), badLines, leftOut: {} }
}

function timeInComment(comment: string): Micros | null {
  const text = UPDATED.exec(comment)?.[1]
  return text !== undefined && hasZone(text) ? parseIsoTime(text) : null
}
