/** Refuses a list that is somebody else's: of many the form does not tell whose they are, so their addresses have to. */
import { SnapshotError } from '../errors.ts'
import { commonShare } from './address-space.ts'
import type { Inspected } from './inspect-snapshot.ts'
import { blocksOf, publisherByBlocks } from './known-blocks.ts'
import type { KeptSnapshot } from './newest-snapshot.ts'

/** Of two lists of one publisher, years apart, one that shares less than this with the other is not of that publisher. */
const LEAST_COMMON = 0.1

/** How somebody who knows better has it taken all the same. */
export const TAKE_ANYWAY = 'If you are sure, `domicile snapshots add --force` takes it'

/**
 * @param name what to call the file in errors
 * @throws SnapshotError where it has more addresses of another list's blocks than of its own
 */
export function refuseAnothers(source: string, { table, isOfLines }: Inspected, name: string): void {
  // A file of JSON names its publisher, or has a form that only one publisher writes: its parser has looked.
  if (table === null || !isOfLines || blocksOf(source).length === 0) return
  const found = publisherByBlocks(table, source)
  if (found !== null && found !== source)
    throw new SnapshotError(name, `this does not look like ${source}: by its addresses it is ${found}. ${TAKE_ANYWAY}`)
}

/**
 * For a file of which no address of the publisher's vouches that it comes from there. An operator's feed may be of any part of
 * its network.
 *
 * @param name what to call the file in errors
 * @throws SnapshotError where it has no address of those that the source is known by
 */
export function refuseUnknownBlocks(source: string, { table, isOfLines }: Inspected, name: string): void {
  const blocks = source.startsWith('geofeed/') ? [] : blocksOf(source)
  if (table === null || !isOfLines || blocks.length === 0 || publisherByBlocks(table, source) !== null) return
  throw new SnapshotError(
    name,
    `this does not look like ${source}: it has no address of the blocks that every list of it has had for years (${blocks.join(', ')}). ${TAKE_ANYWAY}`,
  )
}

/**
 * @param name what to call the file in errors
 * @throws SnapshotError where the newest snapshot of the source has next to no address in common with it
 */
export function refuseUnrelated({ table }: Pick<Inspected, 'table'>, newest: KeptSnapshot | null, name: string): void {
  if (table === null || newest === null || newest.table === null) return
  for (const family of [4, 6] as const) {
    const common = commonShare(newest.table, table, family)
    if (common !== null && common < LEAST_COMMON)
      throw new SnapshotError(
        name,
        `it has ${Math.floor(common * 100)} % of its IPv${family} addresses in common with the newest snapshot of the source (${newest.key}): is it of another publisher? ${TAKE_ANYWAY}`,
      )
  }
}
