/** Key logs beside captures: the secrets of TLS connections, in a file that the command line or a session names. */
import { InputError } from '../errors.ts'
import type { CaptureReading, Session } from '../model.ts'
import { LONGEST_KEY_LOG, readKeyLogFile } from '../parse/tls/key-log-file.ts'
import { factsOfPlace, placeIn, readPlace } from './places.ts'

/** Reads key logs, each path once: many captures may have one in common. */
export class KeyLogs {
  readonly #read = new Map<string, Promise<Uint8Array>>()
  readonly #paths = new WeakMap<Uint8Array, string>()

  /** @throws InputError that names the file, and shows nothing of it */
  at(path: string): Promise<Uint8Array> {
    const known = this.#read.get(path) ?? readKeyLog(path)
    this.#read.set(path, known)
    return known.then((bytes) => {
      this.#paths.set(bytes, path)
      return bytes
    })
  }

  /**
   * What to tell of a key log that opened nothing, null where there is nothing to tell.
   *
   * @param opened connections of the capture; undefined where it has no packets
   */
  unused(source: string, keyLog: Uint8Array | undefined, opened: number | undefined): string | null {
    if (keyLog === undefined || opened !== 0) return null
    return `no connection of ${source} was opened with the key log ${this.#paths.get(keyLog) ?? ''}: is it of this run?`
  }

  /** How a capture is read that a session lists, with the key log that it names. @param folder of the session */
  async readingOf(capture: Session['captures'][number] | undefined, folder: string): Promise<CaptureReading> {
    if (capture === undefined) return {}
    const { file: _, keys, ...reading } = capture
    return keys === undefined ? reading : { ...reading, keyLog: await this.at(placeIn(folder, keys)) }
  }
}

async function readKeyLog(path: string): Promise<Uint8Array> {
  const source = { source: path }
  const facts = await factsOfPlace(path)
  if (facts === null || facts.isFolder) throw new InputError(`${path}: there is no such key log`, source)
  if (facts.size > LONGEST_KEY_LOG)
    throw new InputError(
      `${path} has ${facts.size} bytes, and a key log may have ${LONGEST_KEY_LOG}: leave out what is of other captures`,
      source,
    )
  const given = await readPlace(path)
  const chunks = async function* () {
    yield given
  }
  return readKeyLogFile(path, chunks())
}
