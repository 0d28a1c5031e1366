/** Fetches one source from its publisher, and keeps what came if it can be what the publisher meant. */
import { SnapshotError } from '../errors.ts'
import { dayOf } from '../locate/snapshots.ts'
import type { Micros } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { type AnswerDate, dateOfAnswer } from './answer-date.ts'
import { type FetchContext, type FetchedFile, type FetchLimits, fetchFile, isMissing } from './fetch-file.ts'
import { unpacked } from './gunzip.ts'
import { inspectSnapshot } from './inspect-snapshot.ts'
import { joinLines } from './join-lines.ts'
import { keepSnapshot, sha256Of } from './keep-snapshot.ts'
import { linkedFile } from './linked-file.ts'
import { type KeptSnapshot, newestSnapshot } from './newest-snapshot.ts'
import { refuseUnlikely } from './refuse-loss.ts'
import { refuseRival } from './refuse-rival.ts'
import { refuseAnothers } from './refuse-stranger.ts'
import { refuseTorn } from './refuse-torn.ts'
import type { Source } from './sources.ts'

export interface Refreshed {
  readonly source: string
  readonly outcome: 'added' | 'unchanged'
  readonly key: string
  /** YYYY-MM-DD, UTC. */
  readonly date: string
  /** What says that date, for a person. */
  readonly datedBy: string
  /** Prefixes; of a database the nodes of its search tree. */
  readonly prefixes: number
  /** Of the newest snapshot before; null where there was none. */
  readonly prefixesBefore: number | null
  /** Lines of a feed that say nothing usable. */
  readonly badLines: number
  /** Whether something shows that nothing of it is missing: its form, its length, or the snapshot before. */
  readonly isWhole: boolean
}

export interface RefreshContext {
  readonly store: ObjectStore
  readonly fetch: typeof globalThis.fetch
  readonly now: () => Micros
  readonly userAgent: string
  /** Where a source is fetched instead of from its publisher. */
  readonly overrides?: ReadonlyMap<string, string>
  /** {@link limitsOf} where they are not given. */
  readonly limits?: FetchLimits
}

/** Published lists have up to 5 MB and come within seconds; a database has 130 MB. */
const limitsOf = ({ isDatabase }: Source): FetchLimits => ({
  answerMs: 20_000,
  stallMs: 20_000,
  totalMs: isDatabase ? 600_000 : 90_000,
  bytes: (isDatabase ? 512 : 64) * 1024 ** 2,
})

/**
 * A list that says no date and stays the same is kept again after so many days: that it was still published then is evidence
 * of its own, and a snapshot proves for no more than 35 days (docs/locating.md).
 */
const SEEN_AGAIN_US = 7 * 86_400e6

/**
 * Fetches a source. Whatever fails, the snapshots that there are stay as they are.
 *
 * @throws Error that says why nothing was taken
 */
export async function refreshSource(source: Source, context: RefreshContext): Promise<Refreshed> {
  const limits = context.limits ?? limitsOf(source)
  const file = await fetchSource(source, context, limits)
  const { url } = file
  const bytes = await unpacked(file.bytes, url, limits.bytes)
  refusePage(bytes, url)
  const read = inspectSnapshot(source.source, bytes, url)
  const newest = await newestSnapshot(context.store, source.source)
  const sha256 = sha256Of(bytes)
  const dated = seenAgain(dateOfAnswer(read.time, file, context.now()), sha256, newest)
  if (read.isOfLines) refuseCut(bytes, file.isWhole, newest, url)
  const before = newest?.records ?? null
  const result = {
    source: source.source,
    prefixes: read.records,
    prefixesBefore: before,
    badLines: read.badLines.length,
    isWhole: file.isWhole || !read.isOfLines || newest !== null,
  }
  if (newest !== null && isSameAgain(sha256, dated, read.time === null, newest))
    return { ...result, outcome: 'unchanged', key: newest.key, date: newest.name.date, datedBy: 'its snapshot' }
  refuseUnlikely({ ...read, at: dated.time, bytes }, newest, source.source, url)
  refuseAnothers(source.source, read, url)
  await refuseRival(context.store, { ...read, source: source.source, at: dated.time, bytes }, url)
  const { key, written } = await keepSnapshot(context.store, {
    source: source.source,
    time: dated.time,
    extension: read.extension,
    bytes,
  })
  return { ...result, outcome: written ? 'added' : 'unchanged', key, date: dayOf(dated.time), datedBy: dated.by }
}

/** A list that says no date, and is the same as a snapshot of a week ago, is of the day on which it was still handed out. */
function seenAgain(dated: AnswerDate, sha256: string, newest: KeptSnapshot | null): AnswerDate {
  if (dated.isStated || sha256 !== newest?.name.sha256 || dated.handedOut - newest.at < SEEN_AGAIN_US) return dated
  return { ...dated, time: dated.handedOut, by: 'when it was fetched: it was still the same' }
}

/** Whether the newest snapshot says all that this one would. */
function isSameAgain(sha256: string, dated: AnswerDate, isUndated: boolean, newest: KeptSnapshot): boolean {
  // Two of one day without a time: nothing would tell which counts, so the first of the day stays.
  if (isUndated && dayOf(dated.time) === newest.name.date) return true
  if (sha256 !== newest.name.sha256) return false
  return dated.time <= newest.at || (isUndated && dated.time - newest.at < SEEN_AGAIN_US)
}

async function fetchSource(source: Source, context: RefreshContext, limits: FetchLimits): Promise<FetchedFile> {
  const given = context.overrides?.get(source.source)
  const urls = given === undefined ? source.urls(new Date(context.now() / 1000)) : [given]
  // A mirror's page may link to the mirror itself.
  const hosts = [...(source.hosts ?? []), ...(given === undefined ? [] : [new URL(given).hostname])]
  const http: FetchContext = { fetch: context.fetch, userAgent: context.userAgent, limits }
  const file = await fetchFirst(urls, hosts, http)
  if (source.linkedAs !== undefined && isPage(file.bytes)) {
    const page = { text: file.bytes.toString('utf8'), url: file.url }
    return await fetchFile(linkedFile(page, source.linkedAs, hosts), hosts, http)
  }
  // A mirror has the list in one.
  const rest = given === undefined ? (source.followedBy ?? []) : []
  let whole = file
  for (const url of rest) whole = joined(whole, await fetchFile(url, hosts, http))
  return whole
}

/** A list of lines and the part that follows it, as one file. Of two times the earlier counts. */
function joined(one: FetchedFile, next: FetchedFile): FetchedFile {
  for (const { bytes, url } of [one, next]) {
    refusePage(bytes, url)
    refuseTorn(bytes, url)
  }
  const earlier = (a: Micros | null, b: Micros | null) => (a === null || b === null ? null : Math.min(a, b))
  return {
    bytes: joinLines([one.bytes, next.bytes]),
    url: one.url,
    lastModified: earlier(one.lastModified, next.lastModified),
    answered: earlier(one.answered, next.answered),
    isWhole: one.isWhole && next.isWhole,
  }
}

/** The first address at which something is. */
async function fetchFirst(urls: readonly string[], hosts: readonly string[], http: FetchContext): Promise<FetchedFile> {
  for (const url of urls.slice(0, -1))
    try {
      return await fetchFile(url, hosts, http)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  return await fetchFile(urls.at(-1) ?? '', hosts, http)
}

/** No list and no database begins like that. */
const isPage = (bytes: Buffer) => /^\uFEFF?\s*</.test(bytes.subarray(0, 1000).toString('utf8'))

function refusePage(bytes: Buffer, url: string): void {
  if (bytes.length === 0) throw new SnapshotError(url, 'the answer is empty')
  if (isPage(bytes)) throw new SnapshotError(url, 'the answer is a web page and no file; has the file moved?')
}

/** A list of lines can end too early without that being seen in any line, or so that its last prefix is another one. */
function refuseCut(bytes: Buffer, isWhole: boolean, newest: KeptSnapshot | null, url: string): void {
  refuseTorn(bytes, url)
  const endsLine = (text: Buffer) => text.at(-1) === 0x0a
  if (endsLine(bytes) || (isWhole && !(newest && endsLine(newest.bytes)))) return
  throw new SnapshotError(url, 'it ends in the middle of a line: it was cut short')
}
