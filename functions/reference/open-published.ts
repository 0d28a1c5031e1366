/** Opens one kept file that somebody published about addresses. */
import { createHash } from 'node:crypto'
import { SnapshotError } from '../errors.ts'
import type { Published } from '../locate/published/published.ts'
import { knownSources, publisherOf } from '../locate/published/publishers.ts'
import { dayOf, type RangeSnapshot } from '../locate/snapshots.ts'
import type { SnapshotFacts } from '../model.ts'
import type { ReferenceKey } from '../store/reference-key.ts'
import { checkHash } from './check-hash.ts'
import type { PrefixCache } from './prefix-cache.ts'

/** With the lines of a feed that say nothing usable. */
export type PublishedSnapshot = RangeSnapshot & Pick<Published, 'badLines'>

/**
 * Parses a snapshot and holds it against its key. Where the file does not say when it was made, the key does.
 *
 * @param name what messages call it
 * @param cache what parsing these very bytes gave before; everything is parsed where it is not given
 * @throws SnapshotError where it is broken, of no known source, or not what its key says
 */
export function openPublished(
  bytes: Uint8Array,
  key: ReferenceKey,
  name: string,
  cache?: PrefixCache,
): PublishedSnapshot {
  const { source, sha256, date } = key
  checkHash(name, sha256, createHash('sha256').update(bytes).digest('hex'))
  const publisher = publisherOf(source)
  if (publisher === null)
    throw new SnapshotError(name, `${source} is not known; there are ${knownSources().join(', ')}`)
  const parse = () => publisher.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), name)
  const { time, table, badLines } = cache ? cache.published(source, sha256, parse) : parse()
  // By the name it is decided whether a snapshot is opened.
  if (time !== null && dayOf(time) !== date)
    throw new SnapshotError(name, `its name says ${date}, and it is of ${dayOf(time)}: name it so`)
  const has = (family: 4 | 6) => table.values(family).length > 0
  const facts = (): SnapshotFacts => {
    const only = has(4) === has(6) ? {} : { family: has(4) ? (4 as const) : (6 as const) }
    return { source, date, sha256, size: bytes.length, ...only }
  }
  return { source, time: time ?? Date.parse(date) * 1000, date, table, badLines, facts }
}
