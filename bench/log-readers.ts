/**
 * Our reader of a log beside the plainest program in the same Node that reads every line. Each has a process of its own, in
 * turns; processor time of the best turn, because other work on the machine only ever adds to it.
 */
import { bundled } from './bundled.ts'
import { measure } from './measure.ts'

const processes = 3

/** What a reader's process prints, as `runReader` writes it. */
interface Reading {
  readonly ms: number
  readonly result: readonly number[]
}

/** Milliseconds of processor time, and the sums on which both agree. */
export interface Readings {
  readonly ours: number
  readonly plain: number
  readonly result: readonly number[]
}

async function read(program: string, reader: string, path: string): Promise<Reading> {
  const { stdout } = await measure([process.execPath, program, reader, path], { keepOutput: true })
  return JSON.parse(stdout) as Reading
}

/**
 * @param name of the program in bench/ that has both readers
 * @param path of the log
 * @throws Error where the readers do not agree: then the ratio would say nothing
 */
export async function besidePlain(name: string, path: string): Promise<Readings> {
  const program = await bundled(name)
  let ours = Number.POSITIVE_INFINITY
  let plain = Number.POSITIVE_INFINITY
  let result: readonly number[] = []
  for (let turn = 0; turn < processes; turn++) {
    const mine = await read(program, 'ours', path)
    const other = await read(program, 'plain', path)
    if (mine.result.join() !== other.result.join())
      throw new Error(`${path}: the plain reader sums ${other.result.join(' ')}, and we sum ${mine.result.join(' ')}`)
    result = mine.result
    ours = Math.min(ours, mine.ms)
    plain = Math.min(plain, other.ms)
  }
  return { ours, plain, result }
}
