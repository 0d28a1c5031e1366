/** Keyed hashes that bind a session to the identifiers that were planted, and tell nobody without the key what they are. */
import { createHmac } from 'node:crypto'
import { InputError } from '../errors.ts'
import { normalForms } from '../identify/normal-forms.ts'
import type { Seed, SeedCommitment, SeedList } from '../model.ts'
import type { SeedKey } from './seed-key.ts'

/** HMAC-SHA-256 of `kind`, a line feed and each normal form of the value: hex, sorted. */
export function commitmentsOf(seed: Seed, key: SeedKey): readonly string[] {
  const hashes = normalForms(seed).map((form) =>
    createHmac('sha256', key.commitment).update(`${seed.kind}\n${form}`, 'utf8').digest('hex'),
  )
  return [...new Set(hashes)].sort()
}

/** What `session.yaml` says of an identifier. */
export const commitmentOf = (seed: Seed, key: SeedKey): SeedCommitment => ({
  id: seed.id,
  kind: seed.kind,
  commitments: commitmentsOf(seed, key),
})

/**
 * Holds the opened identifiers against what the session says of them: the same ids and kinds, and no commitment that is not the
 * value's. A later version of this program may know more normal forms than the session has commitments of.
 *
 * @throws InputError that names the identifier and not its value
 */
export function checkCommitments(list: SeedList, seeds: readonly Seed[], key: SeedKey): void {
  const source = { source: list.envelope }
  const opened = new Map(seeds.map((seed) => [seed.id, seed]))
  for (const { id, kind, commitments } of list.seeds) {
    const seed = opened.get(id)
    if (seed === undefined)
      throw new InputError(`${list.envelope} has no ${id}, of which session.yaml speaks: ${RESTORE}`, source)
    if (seed.kind !== kind)
      throw new InputError(
        `${id} is a ${seed.kind} in ${list.envelope} and a ${kind} in session.yaml: ${RESTORE}`,
        source,
      )
    const own = new Set(commitmentsOf(seed, key))
    if (commitments.length === 0 || !commitments.every((commitment) => own.has(commitment)))
      throw new InputError(
        `the value of ${id} in ${list.envelope} is not the one that session.yaml was written for: ${RESTORE}`,
        source,
      )
    opened.delete(id)
  }
  const [more] = opened.keys()
  if (more !== undefined)
    throw new InputError(`${list.envelope} has ${more}, of which session.yaml says nothing: ${RESTORE}`, source)
}

const RESTORE = 'take both files from the rig again'
