/** One run at a time leads a session: a second one would take the first one's capture for a dead run's, and end it. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { InputError } from '../errors.ts'

/**
 * Takes a folder for this process, by a file beside it that names the process.
 *
 * @returns gives it back
 * @throws InputError where another process has it
 */
export function lockFolder(folder: string): () => void {
  const path = `${folder}.lock`
  for (let attempt = 1; ; attempt++) {
    try {
      const file = openSync(path, 'wx')
      writeSync(file, identityOf(process.pid) ?? '')
      closeSync(file)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw error
    }
    const holder = readFileSync(path, 'utf8')
    const [pid = ''] = holder.split(' ')
    if (holder !== '' && identityOf(Number(pid)) === holder)
      throw new InputError(
        `process ${pid} leads the run in ${folder} now: go on there, or pause it by \`kill ${pid}\``,
        {
          source: folder,
        },
      )
    rmSync(path, { force: true })
  }
}

/** A process by its number and, because numbers are given anew, when it began; null where there is none. */
function identityOf(pid: number): string | null {
  try {
    // proc(5): the 22nd field; the second one may have blanks and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')
    return `${pid} ${fields[19]}`
  } catch {
    return pid === process.pid ? `${pid}` : null
  }
}
