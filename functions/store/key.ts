/** What a key may be. */
import { InputError } from '../errors.ts'

/**
 * The parts of a key between its slashes.
 *
 * @throws InputError where the key could name another object on a disk than in a bucket, or lead out of a folder
 */
export function partsOf(key: string): string[] {
  const parts = key.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part)))
    throw new InputError(`${JSON.stringify(key)} is no key of an object: no empty parts, no . or .., no backslash`)
  return parts
}
