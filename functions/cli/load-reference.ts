/** The reference data that a command line names. */
import { InputError, SnapshotError } from '../errors.ts'
import type { Locator } from '../model.ts'
import { openReference, type ReferenceOptions } from '../reference/open-reference.ts'
import { isHiddenKey, SNAPSHOT_KINDS } from '../store/reference-key.ts'
import { factsOfPlace, placeIn, storeAt } from './places.ts'
import { prefixCacheFor } from './prefix-cache-for.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The place that keeps the reference data: the one that is given, else DOMICILE_REFERENCE, else ./reference. */
export function referenceFolder(folder: string | undefined, env: Environment): string {
  return folder ?? (env.DOMICILE_REFERENCE || 'reference')
}

/**
 * @throws InputError where the folder was given, or the environment names it, and it is not there; SnapshotError where reference
 * data lies in it that nobody would open
 */
export async function findReference(folder: string | undefined, env: Environment): Promise<string> {
  const place = referenceFolder(folder, env)
  const asked = folder !== undefined || Boolean(env.DOMICILE_REFERENCE)
  if (asked && (await factsOfPlace(place)) === null)
    throw new InputError(`there is no folder of reference data at ${place}`)
  await refuseMisplaced(place)
  return place
}

/** Lists and databases beside the folders, and what publishers name so also in a folder of its own. */
const looksLikeSnapshot =
  /^[^/]+\.(json|csv)(\.gz)?$|^([^/]+\/)?((ip-ranges|ServiceTags_|geo-ip-feed)[^/]*\.(json|csv)|[^/]+\.mmdb)(\.gz)?$/i

/** What it probably is, for whoever has to add it. */
const kindsByName: readonly (readonly [RegExp, string])[] = [
  [/\.mmdb(\.gz)?$/i, 'database/NAME'],
  [/ip-ranges[^/]*\.json/i, 'ranges/aws'],
  [/geo|feed/i, 'geofeed/NAME'],
  [/anycast|anycatch/i, 'anycast/NAME'],
]

/** Snapshots are found below the folders of their kinds. What looks like one elsewhere would be left out without a word. */
async function refuseMisplaced(place: string): Promise<void> {
  const keys = await (await storeAt(place)).list('')
  const isBelowKind = (key: string) => SNAPSHOT_KINDS.some((kind) => key.startsWith(`${kind}/`))
  const misplaced = keys.find((key) => !isBelowKind(key) && !isHiddenKey(key) && looksLikeSnapshot.test(key))
  if (misplaced === undefined) return
  const source = kindsByName.find(([name]) => name.test(misplaced))?.[1] ?? 'KIND/SOURCE'
  throw new SnapshotError(
    placeIn(place, misplaced),
    `nothing reads it there; move it out of the folder, and add it with \`domicile snapshots add ${source} FILE -r ${place}\``,
  )
}

/**
 * Opens the snapshots there (all, or those that count for the packets of some `days`) and, unless `databases` is false, the
 * databases of the npm packages.
 *
 * @param folder as it was given
 * @throws InputError and SnapshotError as {@link findReference} does; SnapshotError also where a snapshot is missing, broken, or not what its name says
 */
export async function loadReference(
  folder: string | undefined,
  env: Environment,
  options: Pick<ReferenceOptions, 'databases' | 'days'> = {},
): Promise<Locator> {
  const place = await findReference(folder, env)
  const prefixCache = prefixCacheFor(place, env)
  const nameOf = (key: string) => placeIn(place, key)
  return await openReference(await storeAt(place), { ...options, nameOf, ...(prefixCache ? { prefixCache } : {}) })
}
