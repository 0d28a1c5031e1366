/** Evidence that lies where no session claims it: left out in silence, it could turn a verdict. */
import { closeSync, openSync, readSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'
import { InputError } from '../errors.ts'
import { HEAD_LENGTH } from '../parse/detect.ts'
import { looksLikeCapture } from '../parse/looks-like-capture.ts'

/** As many as fit on a screen. */
const mostNamed = 8

/**
 * @param root the campaign's folder
 * @param files files that no session claims
 * @throws InputError that names those that are captures, by their place or by their content
 */
export function refuseStrayCaptures(root: string, files: readonly string[]): void {
  const strays = files.filter((path) => liesAmongCaptures(root, path) || looksLikeCapture(headOf(path)))
  if (strays.length === 0) return
  const named = strays.slice(0, mostNamed).map((path) => relative(root, path))
  const more = strays.length > mostNamed ? [`and ${strays.length - mostNamed} more`] : []
  throw new InputError(
    `captures in ${root} belong to no session: ${[...named, ...more].join(', ')}. Each needs a session.yaml in its session's ` +
      'folder (of exactly that name) that lists it, or a place outside the campaign',
    { source: root },
  )
}

const liesAmongCaptures = (root: string, path: string) => dirname(relative(root, path)).split(sep).includes('captures')

function headOf(path: string): Uint8Array {
  const head = new Uint8Array(HEAD_LENGTH)
  const file = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(file, head, 0, head.length, 0))
  } finally {
    closeSync(file)
  }
}
