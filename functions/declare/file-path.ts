/** What is wrong with the path of a file of a session, and what to write instead. */
import { posix } from 'node:path'
import { quoted } from './path.ts'

/** A file lies in the folder of its session, wherever that folder is put. @returns null where nothing is wrong */
export function fileFault(file: string): string | null {
  const instead = 'write a path below it, such as `captures/wlan0.pcapng`'
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file))
    return `${quoted(file)} is a URL, and captures lie in the session's folder: ${instead}`
  if (file.includes('\\')) return `${quoted(file)} has a backslash: write folders with \`/\` between`
  if (/\p{Cc}/u.test(file)) return `${quoted(file)} has a control character: rename the file`
  const path = posix.normalize(file)
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.startsWith('~'))
    return `${quoted(file)} is not relative to the session's folder: ${instead}`
  if (path === '..' || path.startsWith('../')) return `${quoted(file)} leads out of the session's folder: ${instead}`
  if (path === '.' || path.endsWith('/')) return `${quoted(file)} is a folder: list its files, one by one`
  return null
}
