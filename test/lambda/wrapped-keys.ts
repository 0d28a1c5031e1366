/** Seed keys as a deployment keeps them; what stands in for KMS turns every byte round, and decrypts nothing else. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../../functions/errors.ts'
import { SeedKeys } from '../../functions/lambda/seed-keys.ts'
import { readKeyFile, seedKeyOf } from '../../functions/seeds/seed-key.ts'
import { seedKeyPlace } from '../../functions/store/seed-key-place.ts'
import { root } from '../support/bundle.ts'
import { VersionedStore } from './versioned-store.ts'

/** The example's, as the command line takes it. */
export const exampleKeyFile = join(root, 'examples/redmi-1s.seed-key')
export const exampleSecret = secretIn(exampleKeyFile)

function secretIn(path: string): Uint8Array {
  const read = readKeyFile(readFileSync(path), path)
  if ('secret' in read) return read.secret
  throw new Error(`${path} is encrypted`)
}

const MARK = 0xaa

export const wrapped = (secret: Uint8Array) => Uint8Array.from([MARK, ...secret.map((byte) => ~byte)])
export const wrappedFile = (secret: Uint8Array) => `kms:${Buffer.from(wrapped(secret)).toString('base64')}\n`

export async function unwrap([mark, ...turned]: Uint8Array): Promise<Uint8Array> {
  if (mark !== MARK) throw new InputError('KMS cannot decrypt it (InvalidCiphertextException)')
  return Uint8Array.from(turned.map((byte) => ~byte))
}

/** A deployment that keeps these keys. */
export function keysOf(...secrets: readonly Uint8Array[]): SeedKeys {
  const store = new VersionedStore()
  for (const secret of secrets) store.put(seedKeyPlace(seedKeyOf(secret).id), wrappedFile(secret))
  return new SeedKeys(store, unwrap)
}
