/** Evidence that lies where no session claims it: left out in silence, it could turn a verdict. */
import { InputError } from '../errors.ts'
import { HEAD_LENGTH } from '../parse/detect.ts'
import { looksLikeCapture } from '../parse/looks-like-capture.ts'
import type { PlacedFile } from './placed-file.ts'
import { chunksOf } from './places.ts'

/** As many as fit on a screen. */
const mostNamed = 8

/**
 * @param root the campaign's folder
 * @param files files that no session claims
 * @throws InputError that names those that are captures, by their place or by their content
 */
export async function refuseStrayCaptures(root: string, files: readonly PlacedFile[]): Promise<void> {
  const strays: string[] = []
  for (const { path, name } of files)
    if (liesAmongCaptures(name) || looksLikeCapture(await headOf(path))) strays.push(name)
  if (strays.length === 0) return
  throw new InputError(
    `captures in ${root} belong to no session: ${namedFew(strays)}. Each needs a session.yaml in its session's ` +
      'folder (of exactly that name) that lists it, or a place outside the campaign',
    { source: root },
  )
}

/**
 * @param root the campaign's folder
 * @param litter files that no session claims, and that are named as what desktops and editors leave behind
 * @throws InputError that names those that are captures by their content
 */
export async function refuseLitteredCaptures(root: string, litter: readonly PlacedFile[]): Promise<void> {
  const captures: string[] = []
  for (const { path, name, size } of litter) if (size > 0 && looksLikeCapture(await headOf(path))) captures.push(name)
  if (captures.length === 0) return
  throw new InputError(
    `captures in ${root} are named as files that desktops and editors leave behind: ${namedFew(captures)}. Rename them, list ` +
      'them in their session.yaml, or put them outside the campaign',
    { source: root },
  )
}

function namedFew(names: readonly string[]): string {
  const more = names.length > mostNamed ? [`and ${names.length - mostNamed} more`] : []
  return [...names.slice(0, mostNamed), ...more].join(', ')
}

const liesAmongCaptures = (name: string) => name.split('/').slice(0, -1).includes('captures')

async function headOf(path: string): Promise<Uint8Array> {
  const head: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(path)) {
    head.push(new Uint8Array(chunk.subarray(0, HEAD_LENGTH - length)))
    length += chunk.length
    if (length >= HEAD_LENGTH) break
  }
  return Buffer.concat(head)
}
