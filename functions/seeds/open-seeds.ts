/** The identifiers of a session, from what it says of them and the envelope beside it; and the way back. */
import { InputError } from '../errors.ts'
import type { Seed, SeedList } from '../model.ts'
import { checkCommitments, commitmentOf } from './commitments.ts'
import { ENVELOPE_FILE, openEnvelope, sealEnvelope } from './envelope.ts'
import type { SeedKey } from './seed-key.ts'

/**
 * @param list `seeds` of the session
 * @param envelope the bytes of the file that it names
 * @throws InputError where the key is another, the envelope was altered, or it is of another session
 */
export function openSeeds(list: SeedList, envelope: Uint8Array, key: SeedKey): readonly Seed[] {
  if (list.key !== key.id)
    throw new InputError(
      `the session's identifiers are kept with the seed key ${list.key}, and the one that is given is ${key.id}: give that one`,
      { source: list.envelope },
    )
  const seeds = openEnvelope(envelope, key, list.envelope)
  checkCommitments(list, seeds, key)
  return seeds
}

/**
 * What a session keeps of identifiers: its `seeds`, and the file that they name.
 *
 * @param iv random bytes, as {@link sealEnvelope} takes them
 */
export function keepSeeds(
  seeds: readonly Seed[],
  key: SeedKey,
  iv: Uint8Array,
): { readonly list: SeedList; readonly envelope: Uint8Array } {
  const list = { key: key.id, envelope: ENVELOPE_FILE, seeds: seeds.map((seed) => commitmentOf(seed, key)) }
  return { list, envelope: sealEnvelope(seeds, key, iv) }
}
