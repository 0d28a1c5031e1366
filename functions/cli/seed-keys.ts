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

/** Has AWS KMS decrypt a key; its client is loaded only where there is one to be decrypted. */
const unwrapByKms: UnwrapKey = async (wrapped) => {
  const { createKmsClient, unwrapSeedKey } = await import('../store/kms-seed-key.ts')
  // The client would write several lines to stderr about versions of Node; package.json says which ones will do.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const client = createKmsClient()
  try {
    return await unwrapSeedKey(client, wrapped)
  } finally {
    client.destroy()
  }
}

/**
 * The key that a command was given.
 *
 * @param path of `--seed-key`
 * @param unwrap KMS's where it is not given
 * @returns null where neither the option nor the environment names one
 * @throws InputError that names the file, and shows nothing of it
 */
export async function givenSeedKey(
  path: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  unwrap: UnwrapKey = unwrapByKms,
): Promise<SeedKey | null> {
  const file = path ?? env[SEED_KEY_VARIABLE]
  if (file === undefined || file === '') return null
  return seedKeyIn(await readPlace(file), file, unwrap)
}

/** The key in the bytes of a key file. @param source its path, as messages name it */
export async function seedKeyIn(file: Uint8Array, source: string, unwrap: UnwrapKey): Promise<SeedKey> {
  const read = readKeyFile(file, source)
  if ('secret' in read) return seedKeyOf(read.secret)
  const secret = await unwrap(read.wrapped).catch((error: unknown) => {
    throw new InputError(`${source}: the key service does not decrypt it: ${saysOf(error)}`, { source })
  })
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

/** What KMS, or the search for credentials, says. */
const saysOf = (error: unknown) => (error instanceof Error ? error.message || error.name : String(error))
