/** JSON that handlers keep for one another. */
import { InputError } from '../errors.ts'
import type { ObjectStore } from '../store/object-store.ts'

/**
 * @returns what stands there; nothing holds it against a shape, because nobody but this program's functions may write it
 * @throws InputError where it is not there or no JSON
 */
export async function readJson(store: ObjectStore, key: string): Promise<unknown> {
  const text = new TextDecoder().decode(await store.read(key))
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`reading ${key}: ${error instanceof Error ? error.message : String(error)}`, { source: key })
  }
}
