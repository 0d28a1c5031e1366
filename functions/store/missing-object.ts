/** The error for an object that is not there: apart from every other, because trying again does not help. */
import { InputError } from '../errors.ts'

export class MissingObjectError extends InputError {
  readonly key: string
  /** undefined where the current version was asked for. */
  readonly version: string | undefined

  /** @param place where it was looked for: a folder, or `s3://bucket` */
  constructor(place: string, key: string, version?: string) {
    const what = version === undefined ? 'there is no such object' : `version ${version} of it is not there (any more)`
    super(`reading ${key} from ${place}: ${what}`, { source: key })
    this.key = key
    this.version = version
  }
}
