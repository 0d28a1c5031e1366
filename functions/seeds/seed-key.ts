/**
 * The key of what was planted on devices: 32 random bytes, from which HKDF (RFC 5869) with SHA-256 makes a key for commitments, one
 * for envelopes, and an id that tells keys apart and tells nothing of them.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { InputError } from '../errors.ts'

export const SEED_KEY_BYTES = 32

/** What is derived from a seed key. Key objects show nothing of themselves where they are printed. */
export interface SeedKey {
  /** 16 hex digits. */
  readonly id: string
  /** Of HMAC-SHA-256. */
  readonly commitment: KeyObject
  /** Of AES-256-GCM. */
  readonly envelope: KeyObject
}

/** @param secret 32 bytes */
export function seedKeyOf(secret: Uint8Array): SeedKey {
  if (secret.length !== SEED_KEY_BYTES)
    throw new InputError(`a seed key has ${SEED_KEY_BYTES} bytes, and this has ${secret.length}`)
  const derived = (use: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `domicile/seeds/${use}/v1`, length))
  return {
    id: derived('id', 8).toString('hex'),
    commitment: createSecretKey(derived('commitment', 32)),
    envelope: createSecretKey(derived('envelope', 32)),
  }
}

/** The text of a key file. */
export const keyFileOf = (secret: Uint8Array): string => `${Buffer.from(secret).toString('hex')}\n`

/** The text of a key file whose key a key service has encrypted. */
export const wrappedKeyFileOf = (wrapped: Uint8Array): string =>
  `${WRAPPED}${Buffer.from(wrapped).toString('base64')}\n`

/** Longer than any key file, wrapped or not. */
const LONGEST_FILE = 16 * 1024

/** Before the base64 of a key that a key service has encrypted. */
const WRAPPED = 'kms:'

/**
 * What a key file holds: a key, or one that a key service has to decrypt first.
 *
 * @param source the path as messages name it; they show nothing of the file
 * @throws InputError where it holds neither
 */
export function readKeyFile(
  file: Uint8Array,
  source: string,
): { readonly secret: Uint8Array } | { readonly wrapped: Uint8Array } {
  const refused = (why: string) =>
    new InputError(`${source} is no seed key: ${why}; \`domicile rig key -o seed.key\` makes one`, { source })
  if (file.length > LONGEST_FILE) throw refused(`it has ${file.length} bytes`)
  const text = new TextDecoder('utf-8').decode(file).trim()
  if (text === '') throw refused('it is empty')
  if (text.startsWith(WRAPPED)) {
    const wrapped = base64Of(text.slice(WRAPPED.length).replace(/\s/g, ''))
    if (wrapped === null || wrapped.length === 0) throw refused(`behind \`${WRAPPED}\` stands no base64`)
    return { wrapped }
  }
  if (/\s/.test(text)) throw refused('it has more than one word, and a key is one')
  if (/^[0-9a-f]*$/i.test(text)) {
    if (text.length !== 2 * SEED_KEY_BYTES)
      throw refused(`it has ${text.length} hex digits, and a key has ${2 * SEED_KEY_BYTES}`)
    return { secret: new Uint8Array(Buffer.from(text, 'hex')) }
  }
  const secret = base64Of(text)
  if (secret === null)
    throw refused(
      `it is neither ${2 * SEED_KEY_BYTES} hex digits nor base64 of ${SEED_KEY_BYTES} bytes (44 characters)`,
    )
  if (secret.length !== SEED_KEY_BYTES)
    throw refused(`its base64 is of ${secret.length} bytes, and a key has ${SEED_KEY_BYTES}`)
  return { secret }
}

/** Standard base64 (RFC 4648, section 4) with its padding; null for what it is not. */
export function base64Of(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null
  return new Uint8Array(Buffer.from(text, 'base64'))
}
