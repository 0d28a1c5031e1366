/** Refuses a file of lines whose last line is torn: JSON and databases cannot be read without their end, lines can. */
import { SnapshotError } from '../errors.ts'
import { TAKE_ANYWAY } from './refuse-stranger.ts'

/**
 * A file that ends its last line is whole as far as anybody can see. Of one that does not, the last line has to have as much as
 * any other: as many fields as those with the fewest, and a length in its prefix where all others have one.
 *
 * @param name what to call the file in errors
 * @throws SnapshotError where the last line has less
 */
export function refuseTorn(bytes: Buffer, name: string): void {
  if (bytes.at(-1) === 0x0a || bytes.at(-1) === 0x0d) return
  const lines = bytes
    .toString('utf8')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const last = lines.pop()
  if (last === undefined || lines.length === 0) return
  for (const mark of [',', '/'])
    if (lines.every((line) => countOf(line, mark) > countOf(last, mark)))
      throw new SnapshotError(
        name,
        `its last line does not end, and has less than every other (${JSON.stringify(last.slice(-80))}): it was cut short. Get it again. ${TAKE_ANYWAY}`,
      )
}

const countOf = (line: string, mark: string) => line.split(mark).length - 1
