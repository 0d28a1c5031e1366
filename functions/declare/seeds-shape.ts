/** The shape of what a session says of identifiers that were planted: keyed hashes, and where the encrypted values are. */
import * as z from 'zod'
import type { SeedKind } from '../model.ts'
import { SEED_KINDS } from '../net/seed-kinds.ts'
import { list, text } from './fields.ts'

/** Six digits or more would rather be somebody's number than the name of one. */
const SEED_ID = /^(?=\D*(\d\D*){0,5}$)[A-Za-z][A-Za-z0-9._-]{0,63}$/

/** None of these messages repeats what was written: it may be what the key is to keep. */
const seed = z
  .strictObject({
    id: z
      .string()
      .regex(SEED_ID, {
        error: () => 'is no name for an identifier: write letters, hyphens and at most five digits, a letter first',
      })
      .meta({ description: 'Name of the identifier, which tells nothing of its value.', examples: ['imei-1'] }),
    kind: z.enum(Object.keys(SEED_KINDS) as SeedKind[]).meta({ description: 'What it is.', examples: ['imei'] }),
    commitments: list(
      z
        .string()
        .regex(/^[0-9a-f]{64}$/, {
          error: () => 'is no commitment, which has 64 hex digits: have `domicile rig seeds` write it, never the value',
        })
        .meta({ description: 'HMAC-SHA-256, hex.', examples: ['9f86d081884c7d65…'] }),
      'Keyed hashes of the ways in which it is written.',
      { atLeastOne: true },
    ),
  })
  .meta({ description: 'An identifier that was planted on the device, without its value.' })

export const seeds = z
  .strictObject({
    key: z
      .string()
      .regex(/^[0-9a-f]{16}$/, {
        error: () =>
          "is no key's id, which has 16 hex digits: have `domicile rig seeds` write it, never the key itself",
      })
      .meta({ description: 'Id of the key that the rest was made with.', examples: ['5f1d7a84db00d2fc'] }),
    envelope: text("Path of the encrypted values, relative to the session's folder.", 'seeds.json.enc'),
    seeds: list(seed, 'The identifiers.', { atLeastOne: true }),
  })
  .meta({ description: 'What was planted on the device, as `domicile rig seeds` writes it.' })
