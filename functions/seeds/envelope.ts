/** The file that keeps planted identifiers with a session: encrypted with AES-256-GCM (NIST SP 800-38D). */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { InputError } from '../errors.ts'
import type { Seed, SeedKind } from '../model.ts'
import { SEED_KINDS } from '../net/seed-kinds.ts'
import { base64Of, type SeedKey } from './seed-key.ts'

/** Its name in the session's folder. */
export const ENVELOPE_FILE = 'seeds.json.enc'
/** Of the initialization vector, which no two envelopes of a key may share. */
export const IV_BYTES = 12
const TAG_BYTES = 16
const LONGEST_FILE = 4 * 1024 ** 2

/** @param iv {@link IV_BYTES} random bytes, never used before */
export function sealEnvelope(seeds: readonly Seed[], key: SeedKey, iv: Uint8Array): Uint8Array {
  // Members stand in the order of their names, so that this is canonical JSON (RFC 8785).
  const plain = JSON.stringify(seeds.map(({ id, kind, value }) => ({ id, kind, value })))
  const cipher = createCipheriv('aes-256-gcm', key.envelope, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(key.id))
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  const envelope = {
    v: 1,
    alg: 'A256GCM',
    key: key.id,
    iv: Buffer.from(iv).toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  }
  return new Uint8Array(Buffer.from(`${JSON.stringify(envelope)}\n`))
}

/**
 * Decrypts an envelope.
 *
 * @param source its path, as messages name it
 * @throws InputError where it is none, is of another key, or was altered; nothing of what is in it is told
 */
export function openEnvelope(bytes: Uint8Array, key: SeedKey, source = ENVELOPE_FILE): Seed[] {
  const refused = (why: string) => new InputError(`${source} ${why}`, { source })
  if (bytes.length > LONGEST_FILE)
    throw refused(`has ${bytes.length} bytes, and no envelope of identifiers has so many`)
  const envelope = recordOf(bytes)
  if (envelope === null) throw refused('is no envelope of identifiers: it is not the JSON that `rig seeds` writes')
  const { v, alg, key: id } = envelope
  if (v !== 1 || alg !== 'A256GCM')
    throw refused(
      'is an envelope of another version: open it with the version of Domicile that wrote it, or a later one',
    )
  const [iv, ciphertext, tag] = ['iv', 'ciphertext', 'tag'].map((name) => {
    const text = envelope[name]
    return typeof text === 'string' ? base64Of(text) : null
  })
  if (
    typeof id !== 'string' ||
    !/^[0-9a-f]{16}$/.test(id) ||
    iv?.length !== IV_BYTES ||
    !ciphertext ||
    tag?.length !== TAG_BYTES
  )
    throw refused('is a broken envelope: take it from the rig again')
  if (id !== key.id)
    throw refused(`was sealed with the seed key ${id}, and the one that is given is ${key.id}: give that one`)
  const decipher = createDecipheriv('aes-256-gcm', key.envelope, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(id))
  decipher.setAuthTag(tag)
  try {
    const plain = Buffer.concat([decipher.update(ciphertext), decipher.final()])
    return seedsOf(plain)
  } catch (error) {
    if (error instanceof BrokenPlain) throw refused(`does not hold a list of identifiers: ${error.message}`)
    throw refused('was altered since it was sealed: take it from the rig again')
  }
}

function recordOf(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Whoever sealed it did not write what is read here. */
class BrokenPlain extends Error {}

function seedsOf(plain: Uint8Array): Seed[] {
  let list: unknown
  try {
    list = JSON.parse(Buffer.from(plain).toString('utf8'))
  } catch {
    // The parser's message would show what it could not read.
    throw new BrokenPlain('it is no JSON')
  }
  if (!Array.isArray(list)) throw new BrokenPlain('it is no list')
  const seeds = list.map(seedOf)
  if (new Set(seeds.map(({ id }) => id)).size < seeds.length) throw new BrokenPlain('two have one id')
  return seeds
}

function seedOf(item: unknown, i: number): Seed {
  const { id, kind, value } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>
  if (typeof id !== 'string' || typeof value !== 'string' || typeof kind !== 'string')
    throw new BrokenPlain(`number ${i + 1} lacks \`id\`, \`kind\` or \`value\``)
  if (!Object.hasOwn(SEED_KINDS, kind))
    throw new BrokenPlain(`number ${i + 1} is of a kind that this version of Domicile does not know`)
  return { id, kind: kind as SeedKind, value }
}
