/** Whether a session of a campaign is still as it was sealed, on a disk or in a bucket. */
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { type FileFacts, openSeal, SEAL, sealFaultText, verifySeal } from '../declare/seal.ts'
import { InputError } from '../errors.ts'
import type { PlacedFile } from './placed-file.ts'
import { chunksOf, factsOfPlace, placeIn, readPlace } from './places.ts'

/**
 * Refuses a session of which anything was altered since it was sealed. Of files that no audit reads, those that are new are let
 * be; one among the captures is not. A session that was never sealed is none of its business.
 *
 * @param root the campaign's folder
 * @param manifest its `session.yaml`
 * @param files what stands below the campaign's folder
 * @throws InputError that says which file, and how
 */
export async function refuseAlteredSession(
  root: string,
  manifest: PlacedFile,
  files: readonly PlacedFile[],
): Promise<void> {
  const folder = posix.dirname(manifest.name)
  const nameOf = (file: string) => posix.join(folder, file)
  const seal = files.find(({ name }) => name === nameOf(SEAL))
  const bytes = await readPlace(manifest.path)
  const session = { text: Buffer.from(bytes).toString('utf8'), size: bytes.length, sha256: sha256Of(bytes) }
  const { sealed, faults } = openSeal(session, seal ? Buffer.from(await readPlace(seal.path)).toString('utf8') : null)
  if (faults.length > 0) refuse(manifest, sealFaultText(faults))
  if (sealed === null) return
  const listed = new Set(sealed.files.map(({ file }) => nameOf(file)))
  const found: FileFacts[] = []
  for (const { file } of sealed.files) {
    const path = placeIn(root, nameOf(file))
    const facts = await factsOfPlace(path)
    if (facts !== null && !facts.isFolder) found.push({ file, ...(await factsOf(path)) })
  }
  for (const { name, size } of files)
    if (name.startsWith(nameOf('captures/')) && !listed.has(name))
      found.push({ file: posix.relative(folder, name), size, sha256: '' })
  const altered = verifySeal(sealed.files, found)
  if (altered.length > 0) refuse(manifest, sealFaultText(altered))
}

function refuse(manifest: PlacedFile, how: string): never {
  throw new InputError(
    `the session of ${manifest.path} is not as it was sealed: ${how}. Take it from where it was uploaded to, or leave it out: nobody can tell what else was done to it`,
    { source: manifest.path },
  )
}

async function factsOf(path: string): Promise<Omit<FileFacts, 'file'>> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
