/** Seed keys of a command line, and what they open: the identifiers that were planted on a session's device. */
import { InputError } from '../errors.ts'
import type { Seed, Session } from '../model.ts'
import { openSeeds } from '../seeds/open-seeds.ts'
import { readKeyFile, type SeedKey, seedKeyOf } from '../seeds/seed-key.ts'
import { readPlace } from './places.ts'

/** Names the key's file where `--seed-key` does not. */
export const SEED_KEY_VARIABLE = 'DOMICILE_SEED_KEY_FILE'

/** Has a key service decrypt a key. @param wrapped what the service made of it */
export type UnwrapKey = (wrapped: Uint8Array) => Promise<Uint8Array>

/**
 * The key that a command was given.
 *
 * @param path of `--seed-key`
 * @param unwrap left out where no key service can be asked
 * @returns null where neither the option nor the environment names one
 * @throws InputError that names the file, and shows nothing of it
 */
export async function givenSeedKey(
  path: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  unwrap?: UnwrapKey,
): Promise<SeedKey | null> {
  const file = path ?? env[SEED_KEY_VARIABLE]
  if (file === undefined || file === '') return null
  return seedKeyIn(await readPlace(file), file, unwrap)
}

/** The key in the bytes of a key file. @param source its path, as messages name it */
export async function seedKeyIn(file: Uint8Array, source: string, unwrap?: UnwrapKey): Promise<SeedKey> {
  const read = readKeyFile(file, source)
  if ('secret' in read) return seedKeyOf(read.secret)
  if (unwrap === undefined)
    throw new InputError(
      `${source} is encrypted by a key service, which cannot be asked here: give the key itself, as it was before`,
      { source },
    )
  const secret = await unwrap(read.wrapped)
  try {
    return seedKeyOf(secret)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`${source}: what the key service decrypted is no seed key: ${error.message}`, { source })
  }
}

/**
 * What was planted on a session's device.
 *
 * @param read gives a file by its path below the session's folder
 * @param key null where none was given: then nothing can be looked for
 * @returns undefined where nothing was planted, or the key was not given
 * @throws InputError where the key is another, or the envelope was altered or is of another session
 */
export async function openedSeeds(
  session: Session,
  read: (name: string) => Promise<Uint8Array>,
  key: SeedKey | null,
): Promise<readonly Seed[] | undefined> {
  if (session.seeds === undefined || key === null) return undefined
  try {
    return openSeeds(session.seeds, await read(session.seeds.envelope), key)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`session ${session.id}: ${error.message}`, { source: error.source })
  }
}
