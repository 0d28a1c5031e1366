import { MissingObjectError } from '../../functions/store/missing-object.ts'
import type { ObjectFacts, ObjectStore, WriteOptions } from '../../functions/store/object-store.ts'
import { StoreError } from '../../functions/store/store-error.ts'

/** When a write fails: nothing was written, or it was and the answer was lost. */
export type Failure = 'before' | 'after'

/** A bucket that keeps versions, in memory; it can be made to fail at a certain write. */
export class VersionedStore implements ObjectStore {
  readonly #versions = new Map<string, { version: string; bytes: Uint8Array; current: boolean }[]>()
  #count = 0
  #failures = new Map<number, Failure>()
  /** Writes that were tried, failed ones too. */
  writes = 0
  /** What was opened, as key and version. */
  readonly opened: [string, string | undefined][] = []
  chunkLength = 1 << 16
  /** How often an object was looked for. */
  looked = 0

  /** Lets the nth write from now on fail, from 0. */
  failAt(nth: number, failure: Failure): void {
    this.#failures.set(this.writes + nth, failure)
  }

  put(key: string, content: Uint8Array | string): ObjectFacts {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const version = `v${++this.#count}`
    const before = (this.#versions.get(key) ?? []).map((old) => ({ ...old, current: false }))
    this.#versions.set(key, [...before, { version, bytes, current: true }])
    return { key, size: bytes.length, version, modified: new Date(0) }
  }

  /** As a delete marker does: the versions stay. */
  remove(key: string): void {
    this.#versions.set(
      key,
      (this.#versions.get(key) ?? []).map((old) => ({ ...old, current: false })),
    )
  }

  /** For good. */
  removeVersion(key: string, version: string): void {
    this.#versions.set(
      key,
      (this.#versions.get(key) ?? []).filter((old) => old.version !== version),
    )
  }

  /** Current keys with their content. */
  content(): Record<string, string> {
    const all = [...this.#versions.keys()].sort().flatMap((key) => {
      const found = this.#find(key)
      return found ? [[key, Buffer.from(found.bytes).toString('latin1')] as const] : []
    })
    return Object.fromEntries(all)
  }

  async list(prefix: string) {
    return (await this.listFacts(prefix)).map(({ key }) => key)
  }

  async listFacts(prefix: string) {
    const keys = [...this.#versions.keys()].filter((key) => key.startsWith(prefix)).sort()
    const facts = await Promise.all(keys.map((key) => this.facts(key)))
    return facts.filter((found) => found !== null)
  }

  async listReplaced(prefix: string) {
    return [...this.#versions]
      .filter(([key]) => key.startsWith(prefix) && this.#find(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, versions]) =>
        versions
          .filter(({ current }) => !current)
          .map(({ version, bytes }) => ({ key, size: bytes.length, version, modified: new Date(0) }))
          .reverse(),
      )
  }

  async facts(key: string): Promise<ObjectFacts | null> {
    this.looked++
    const found = this.#find(key)
    return found ? { key, size: found.bytes.length, version: found.version, modified: new Date(0) } : null
  }

  async *open(key: string, version?: string) {
    this.opened.push([key, version])
    const found = this.#find(key, version)
    if (!found) throw new MissingObjectError('memory', key, version)
    for (let at = 0; at < found.bytes.length; at += this.chunkLength) yield found.bytes.slice(at, at + this.chunkLength)
  }

  async read(key: string, version?: string) {
    const found = this.#find(key, version)
    if (!found) throw new MissingObjectError('memory', key, version)
    return found.bytes
  }

  async write(key: string, bytes: Uint8Array | readonly Uint8Array[], { onlyIfAbsent }: WriteOptions = {}) {
    const failure = this.#failures.get(this.writes++)
    if (failure === 'before') throw new StoreError(`writing ${key}`, 'InternalError', undefined)
    const isNew = !(onlyIfAbsent && this.#find(key))
    if (isNew) this.put(key, bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes))
    if (failure === 'after') throw new StoreError(`writing ${key}: no answer`, 'ECONNRESET', undefined)
    return isNew
  }

  #find(key: string, version?: string) {
    const versions = this.#versions.get(key) ?? []
    return versions.find((one) => (version === undefined ? one.current : one.version === version))
  }
}
