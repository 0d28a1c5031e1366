/** The objects of a store below one prefix, as a store of its own: what a folder is on a disk. */
import type { ObjectFacts, ObjectStore, WriteOptions } from './object-store.ts'

export class PrefixedStore implements ObjectStore {
  readonly #store: ObjectStore
  readonly #prefix: string

  /** @param prefix ends with a slash, or is empty */
  constructor(store: ObjectStore, prefix: string) {
    this.#store = store
    this.#prefix = prefix
  }

  async list(prefix: string): Promise<readonly string[]> {
    return (await this.#store.list(this.#prefix + prefix)).map((key) => key.slice(this.#prefix.length))
  }

  async listFacts(prefix: string): Promise<readonly ObjectFacts[]> {
    return (await this.#store.listFacts(this.#prefix + prefix)).map((facts) => this.#own(facts))
  }

  async listReplaced(prefix: string): Promise<readonly ObjectFacts[]> {
    return (await this.#store.listReplaced(this.#prefix + prefix)).map((facts) => this.#own(facts))
  }

  async facts(key: string): Promise<ObjectFacts | null> {
    const facts = await this.#store.facts(this.#prefix + key)
    return facts && this.#own(facts)
  }

  open(key: string, version?: string): AsyncIterable<Uint8Array> {
    return this.#store.open(this.#prefix + key, version)
  }

  read(key: string, version?: string): Promise<Uint8Array> {
    return this.#store.read(this.#prefix + key, version)
  }

  write(key: string, bytes: Uint8Array | readonly Uint8Array[], options?: WriteOptions): Promise<boolean> {
    return this.#store.write(this.#prefix + key, bytes, options)
  }

  #own(facts: ObjectFacts): ObjectFacts {
    return { ...facts, key: facts.key.slice(this.#prefix.length) }
  }
}
