/** Files of a session's folder on the rig's disk: read, hashed, and written so that a crash leaves the old or the new. */
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import {
  type FileFacts,
  openSeal,
  SEAL,
  SESSION,
  type SealedRecord,
  type SealFault,
  verifySeal,
} from '../declare/seal.ts'
import { InputError } from '../errors.ts'
import { syncFolder } from './journal.ts'

/** How the names of files begin that are not whole yet. */
const UNFINISHED = '.unfinished-'

/** Paths of every file below a folder, with `/`, sorted. @throws InputError for what is neither a file nor a folder */
export function filesOf(folder: string): readonly string[] {
  const below = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      const inner = join(path, entry.name)
      const name = relative(folder, inner).split(sep).join('/')
      if (entry.isDirectory()) return below(inner)
      if (entry.isFile()) return entry.name.startsWith(UNFINISHED) ? [] : [name]
      throw new InputError(
        `${inner} is a link or a device, and a sealed session has files alone: put the file itself there`,
        {
          source: inner,
        },
      )
    })
  return below(folder).sort((a, b) => (a < b ? -1 : 1))
}

/** Size and SHA-256 of a file of a folder. */
export async function factsOf(folder: string, file: string): Promise<FileFacts> {
  const hash = createHash('sha256')
  const handle = await open(join(folder, ...file.split('/')), 'r')
  let size = 0
  try {
    const chunk = new Uint8Array(1 << 20)
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null)
      if (bytesRead === 0) break
      hash.update(chunk.subarray(0, bytesRead))
      size += bytesRead
    }
  } finally {
    await handle.close()
  }
  return { file, size, sha256: hash.digest('hex') }
}

/** Writes a whole file in the place of the old one, and returns when the disk has it. */
export function writeWhole(path: string, text: string): void {
  const draft = join(dirname(path), `${UNFINISHED}${randomUUID()}`)
  try {
    const file = openSync(draft, 'wx')
    try {
      const bytes = Buffer.from(text)
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
    syncFolder(dirname(path))
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Text of a file; null where it is not there. */
export function textOf(path: string): string | null {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? null : readFileSync(path, 'utf8')
}

/** What a folder's seal says, and everything that is not as it was sealed. */
export async function checkSeal(
  folder: string,
): Promise<{ readonly sealed: SealedRecord | null; readonly faults: readonly SealFault[] }> {
  const text = textOf(join(folder, SESSION))
  if (text === null)
    throw new InputError(`${folder} has no ${SESSION}: name the folder of a session`, { source: folder })
  const opened = openSeal({ ...(await factsOf(folder, SESSION)), text }, textOf(join(folder, SEAL)))
  if (opened.sealed === null) return opened
  const found: FileFacts[] = []
  for (const file of filesOf(folder)) if (file !== SESSION && file !== SEAL) found.push(await factsOf(folder, file))
  return { sealed: opened.sealed, faults: verifySeal(opened.sealed.files, found) }
}
