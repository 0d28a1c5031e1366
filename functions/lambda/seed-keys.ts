/** The deployment's seed keys, each encrypted by KMS and opened once. */
import { InputError } from '../errors.ts'
import { readKeyFile, type SeedKey, seedKeyOf } from '../seeds/seed-key.ts'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { seedKeyPlace } from '../store/seed-key-place.ts'

/** Has a key service decrypt a key. @throws InputError where it is no such key; another error where asking again may help */
export type UnwrapKey = (wrapped: Uint8Array) => Promise<Uint8Array>

export class SeedKeys {
  readonly #store: ObjectStore
  readonly #unwrap: UnwrapKey
  /** For as long as the function lives. What is not there, or failed, is looked for again. */
  readonly #opened = new Map<string, SeedKey>()

  constructor(store: ObjectStore, unwrap: UnwrapKey) {
    this.#store = store
    this.#unwrap = unwrap
  }

  /**
   * @param id as sessions name the key
   * @throws InputError where it is not there, or what is there is not that key, encrypted; other errors of store and key service
   */
  async open(id: string): Promise<SeedKey> {
    const known = this.#opened.get(id)
    if (known !== undefined) return known
    const key = await this.#read(id)
    this.#opened.set(id, key)
    return key
  }

  async #read(id: string): Promise<SeedKey> {
    const place = seedKeyPlace(id)
    const refused = (why: string) => new InputError(`the seed key ${place} ${why}`, { source: place })
    const file = await this.#store.read(place).catch((error: unknown) => {
      throw error instanceof MissingObjectError ? refused('is not there: upload it, encrypted by KMS') : error
    })
    const read = readKeyFile(file, place)
    // Whoever can read the bucket could open every envelope.
    if ('secret' in read)
      throw refused('lies there in clear, and is not used: encrypt it with `domicile rig key --kms`')
    try {
      const key = seedKeyOf(await this.#unwrap(read.wrapped))
      if (key.id === id) return key
      throw new InputError(`it is the key ${key.id}`)
    } catch (error) {
      throw error instanceof InputError ? refused(`is not what its name says: ${error.message}`) : error
    }
  }
}
