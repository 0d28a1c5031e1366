/** Captures in buckets that were uploaded over, where the bucket keeps versions and they may be seen. */
import { createHash } from 'node:crypto'
import type { CaptureObservations } from '../model.ts'
import { lostContents, overwrittenLedger, standingOf } from '../observe/overwritten.ts'
import type { ObjectFacts } from '../store/object-store.ts'
import type { CaptureFile } from './campaign.ts'
import { isS3Url } from './s3-url.ts'

/**
 * The accounts of what was replaced, as captures without observations.
 *
 * @param paths of the command line
 * @param observed what the captures gave
 * @param warn told where versions may not be seen
 */
export async function overwrittenCaptures(
  paths: readonly string[],
  captures: readonly CaptureFile[],
  observed: readonly CaptureObservations[],
  warn: (text: string) => void,
): Promise<CaptureObservations[]> {
  const urls = paths.filter(isS3Url)
  if (urls.length === 0) return []
  const { chunksOfUrl, replacedAtUrl } = await import('./s3-places.ts')
  const replaced = new Map<string, ObjectFacts[]>()
  for (const url of urls) {
    const found = await replacedAtUrl(url)
    if (found === null)
      warn(
        `domicile: ${url}: whether captures were overwritten cannot be seen: that takes the right s3:ListBucketVersions\n`,
      )
    for (const { path, ...facts } of found ?? []) replaced.set(path, [...(replaced.get(path) ?? []), facts])
  }
  const standing = standingOf(observed.map(({ ledger }) => ledger))
  const overwritten: CaptureObservations[] = []
  for (const { path, source, session } of captures) {
    const hashOf = ({ version }: ObjectFacts) => sha256Of(chunksOfUrl(path, version))
    const lost = await lostContents(replaced.get(path) ?? [], standing, hashOf)
    const ledger = overwrittenLedger({ source, session: session.id }, lost)
    if (ledger !== null) overwritten.push({ ledger, observations: [] })
  }
  return overwritten
}

async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
