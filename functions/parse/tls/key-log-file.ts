/** A file of secrets of TLS connections, as it was handed over: packed or not, and perhaps none at all. */
import { InputError } from '../../errors.ts'
import { unpack } from '../decompress.ts'
import { looksLikeKeyLog } from './key-log.ts'

/** As many connections as are kept have no more. */
export const LONGEST_KEY_LOG = 64 * 1024 ** 2

/**
 * @param source its path, as messages name it
 * @param chunks each is only there until the next
 * @returns the key log, unpacked
 * @throws InputError that names the file, and shows nothing of it
 */
export async function readKeyLogFile(source: string, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for await (const piece of unpack(chunks)) {
      length += piece.length
      if (length > LONGEST_KEY_LOG) throw new InputError(`it has more than ${LONGEST_KEY_LOG} bytes unpacked`)
      pieces.push(new Uint8Array(piece))
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`${source} cannot be read as a key log: ${error.message}`, { source })
  }
  const bytes = new Uint8Array(Buffer.concat(pieces))
  if (looksLikeKeyLog(bytes)) return bytes
  throw new InputError(
    `${source} is no key log: its lines have a label, a client random and a secret, as SSLKEYLOGFILE has a client write them`,
    { source },
  )
}
