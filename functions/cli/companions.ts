/**
 * Which files are read together: Zeek writes of one span of time a file a log, and what one of them says of a connection names
 * the flow that another has of it. That they are Zeek's is found out by reading; their names say only what may belong together.
 */
import type { CaptureReading } from '../model.ts'

/** What is written before a rotation's times or an ending, `conn.02:00:00-03:00:00.log.gz`, in the order of reading. */
const LOGS = ['dns', 'ssl', 'http', 'quic', 'open_dns', 'open_ssl', 'open_http', 'conn', 'conn_long', 'open_conn']
const NAME = new RegExp(
  `^(|.*?[._-])(${[...LOGS].sort((a, b) => b.length - a.length).join('|')})((?:[._-].*)?\\.(?:log|json|jsonl|ndjson))(?:\\.(?:gz|zst))?$`,
)

/** A file that may have companions. */
export interface Readable {
  readonly path: string
  readonly reading: CaptureReading
}

/**
 * Divides files into those that are read together: Zeek's logs of one folder whose names differ in the log alone, and that are
 * read in the same way. Those of a group stand in the order of reading: names before connections, and of these the ones that
 * had ended before the ones that were still open.
 *
 * @returns groups in the order of their first files; most have one
 */
export function companionGroups<File extends Readable>(files: readonly File[]): readonly (readonly File[])[] {
  const groups = new Map<string, { readonly file: File; readonly rank: number }[]>()
  for (const [index, file] of files.entries()) {
    const slash = file.path.lastIndexOf('/') + 1
    const [, before = '', log = '', after = ''] = NAME.exec(file.path.slice(slash)) ?? []
    const { timeZone = '', format = '' } = file.reading
    const key =
      log === '' ? String(index) : JSON.stringify([file.path.slice(0, slash), before, after, timeZone, format])
    const group = groups.get(key)
    const member = { file, rank: LOGS.indexOf(log) }
    if (group) group.push(member)
    else groups.set(key, [member])
  }
  return [...groups.values()].map((group) => group.sort((a, b) => a.rank - b.rank).map(({ file }) => file))
}
