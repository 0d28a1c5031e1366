/** Key logs beside captures: the secrets of TLS connections, in a file that the command line or a session names. */
import { InputError } from '../errors.ts'
import type { CaptureReading, Session } from '../model.ts'
import { looksLikeKeyLog } from '../parse/tls/key-log.ts'
import { factsOfPlace, placeIn, readPlace } from './places.ts'

/** As many connections as are kept have no more. */
const LONGEST_KEY_LOG = 64 * 1024 ** 2

/** Reads key logs, each path once: many captures may have one in common. */
export class KeyLogs {
  readonly #read = new Map<string, Promise<Uint8Array>>()

  /** @throws InputError that names the file, and shows nothing of it */
  at(path: string): Promise<Uint8Array> {
    const known = this.#read.get(path) ?? readKeyLog(path)
    this.#read.set(path, known)
    return known
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
  // A copy: what is read may lie in memory that others share.
  const bytes = new Uint8Array(await readPlace(path))
  if (looksLikeKeyLog(bytes)) return bytes
  throw new InputError(
    `${path} is no key log: its lines have a label, a client random and a secret, as SSLKEYLOGFILE has a client write them`,
    source,
  )
}
