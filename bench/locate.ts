/**
 * Our locator (every source of published addresses, a snapshot on either side, and the packaged databases) beside `maxmind` alone,
 * which only looks up one record of DB-IP. Distinct addresses are each asked once; repeated ones again and again, as the flows of
 * a capture do.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundled } from './bundled.ts'
import { fillArchive } from './locate-data.ts'
import { measure } from './measure.ts'
import type { BenchRow } from './row.ts'

/** What is asked: seconds to load, MiB at most, look-ups a second on one core. */
const floors = { seconds: 2, MiB: 500, repeated: 1_000_000, distinct: 300_000 }

interface Figures {
  readonly loaded: number
  readonly distinct: number
  readonly worded: number
  readonly repeated: number
}

export async function benchLocate(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-bench-locate-'))
  const archive = join(folder, 'reference')
  mkdirSync(archive)
  try {
    const { snapshots, of } = await fillArchive(archive, folder)
    const command = [process.execPath, await bundled('locate-program'), archive, join(folder, 'cache')]
    // The first process parses everything, and keeps the tables that the second one opens.
    const parsing = await measure(command, { keepOutput: true })
    const program = await measure(command, { keepOutput: true })
    const first: Figures = JSON.parse(parsing.stdout)
    const ours: Figures = JSON.parse(program.stdout)
    const other = await measure([process.execPath, await bundled('locate-peer')], { keepOutput: true })
    const peer: Pick<Figures, 'distinct' | 'repeated'> = JSON.parse(other.stdout)

    const rate = (perSecond: number) => `${(perSecond / 1e6).toFixed(2)} M/s`
    const row = (work: string, mine: number, theirs: number, floor: number, note: string): BenchRow => ({
      work,
      ours: `${rate(mine)}, ${(mine / theirs).toFixed(2)} × the peer`,
      peer: `${rate(theirs)} (maxmind, DB-IP City alone); ${rate(floor)} asked`,
      ratio: mine / floor,
      floor: 1,
      note,
    })
    const opening = (time: string, { loaded }: Figures, note: string): BenchRow => ({
      work: `opening the reference data ${time}, to the first answer`,
      ours: `${loaded.toFixed(2)} s`,
      peer: `${floors.seconds} s asked`,
      ratio: floors.seconds / loaded,
      floor: 1,
      note,
    })
    const peakMiB = Math.max(parsing.peakMiB, program.peakMiB)
    const everything = `${snapshots} ${of} and the packaged databases`
    return [
      row(
        '100,000 random IPv4 addresses, each once',
        ours.distinct,
        peer.distinct,
        floors.distinct,
        `held against ${everything}`,
      ),
      {
        ...row(
          'the same, and every piece of evidence worded',
          ours.worded,
          peer.distinct,
          floors.distinct,
          'as an audit reads it',
        ),
        floor: null,
      },
      row(
        '5,000 IPv4 addresses, 200 times each',
        ours.repeated,
        peer.repeated,
        floors.repeated,
        `held against ${everything}`,
      ),
      opening('for the first time', first, `${everything}, parsed and held against the hash in their name`),
      opening(
        'again',
        ours,
        `${everything}, held against the hash in their name; prefix tables as the first process kept them`,
      ),
      {
        work: 'memory, at most',
        ours: `${peakMiB.toFixed(0)} MiB`,
        peer: `${floors.MiB} MiB asked`,
        ratio: floors.MiB / peakMiB,
        floor: 1,
        note: 'the whole process, looking up included',
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
