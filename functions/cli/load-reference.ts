/** The reference data that a command line names. */
import { InputError } from '../errors.ts'
import type { Locator } from '../model.ts'
import { openReference } from '../reference/open-reference.ts'
import { factsOfPlace, placeIn, storeAt } from './places.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The place that keeps the reference data: the one that is given, else DOMICILE_REFERENCE, else ./reference. */
export function referenceFolder(folder: string | undefined, env: Environment): string {
  return folder ?? (env.DOMICILE_REFERENCE || 'reference')
}

/**
 * Opens every snapshot there and, unless `databases` is false, the databases of the npm packages.
 *
 * @param folder as it was given; only then, or if the environment names it, must it exist
 * @throws SnapshotError where a snapshot is missing, broken, or not what its name says
 */
export async function loadReference(
  folder: string | undefined,
  env: Environment,
  options: { readonly databases?: boolean } = {},
): Promise<Locator> {
  const place = referenceFolder(folder, env)
  const asked = folder !== undefined || Boolean(env.DOMICILE_REFERENCE)
  if (asked && (await factsOfPlace(place)) === null)
    throw new InputError(`there is no folder of reference data at ${place}`)
  return await openReference(await storeAt(place), { ...options, nameOf: (key) => placeIn(place, key) })
}
