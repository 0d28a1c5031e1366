/** `domicile flows`: what parse and attribute make of log files, a JSON line a flow, then a ledger line a file. */
import { Attributor } from '../attribute/attribute.ts'
import type { Session } from '../model.ts'
import { readCaptures } from '../parse/read-capture.ts'
import { captureNamed, unassignedSession } from './campaign.ts'
import { companionGroups, type Readable } from './companions.ts'
import { readSession } from './documents.ts'
import { flowLines, ledgerLine } from './flow-lines.ts'
import { KeyLogs } from './key-log.ts'
import { chunksOf, placeIn } from './places.ts'
import { progressOf } from './progress.ts'
import { type ReadingOptions, readingOf } from './reading-options.ts'
import { explainSystemError, isSystemError } from './system-error.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface FlowsOptions extends ReadingOptions {
  /** Path of a `session.yaml` that says which end is the device. */
  readonly session?: string
}

const nothingRead = { format: 'unknown', sha256: null, size: 0, records: 0, used: 0, leftOut: {}, gaps: [] }

/** A file that cannot be read (whole) is reported and does not stop the others. @returns 2 where there was one */
export async function run(files: readonly string[], options: FlowsOptions, terminal: Terminal): Promise<ExitStatus> {
  const session = options.session === undefined ? unassignedSession : await readSession(options.session, terminal.err)
  const keyLogs = new KeyLogs()
  const given = await readingOf(options, keyLogs)
  const folder = placeIn(options.session ?? '', '..')
  const progress = progressOf(terminal)
  const readable: Readable[] = []
  // What the session says of a file, and before it the command line.
  for (const path of files)
    readable.push({ path, reading: { ...(await keyLogs.readingOf(captureNamed(path, session), folder)), ...given } })
  let status: ExitStatus = 0
  let begun = 0
  for (const group of companionGroups(readable)) {
    progress.show(`${begun + 1} of ${files.length}: ${group.map(({ path }) => path).join(', ')}`)
    begun += group.length
    const problems = await printFlows(group, session, keyLogs, terminal)
    progress.clear()
    for (const { path, problem } of problems) {
      terminal.err(`domicile: ${path}: ${problem}\n`)
      status = 2
    }
  }
  return status
}

/** What could not be read of a file. */
interface Problem {
  readonly path: string
  readonly problem: string
}

/** Prints the lines of files that are read together, then their ledgers. @returns what went wrong with them */
async function printFlows(
  files: readonly Readable[],
  session: Session,
  keyLogs: KeyLogs,
  terminal: Terminal,
): Promise<Problem[]> {
  const attributor = new Attributor(session)
  let lines: string[] = []
  const flows = files.map(() => 0)
  /** The disk's or the bucket's own errors, by file: there is no such file, or no right to read it. */
  const failures = files.map((): string | null => null)
  const print = async () => {
    const printed = lines
    lines = []
    for (const text of printed) await terminal.out(text)
  }
  // Lines are printed between reads, so that a slow reader of the output slows the reading of the input.
  const chunks = async function* (path: string, i: number) {
    try {
      for await (const chunk of chunksOf(path)) {
        await print()
        yield chunk
      }
    } catch (error) {
      if (!isSystemError(error)) throw error
      failures[i] = explainSystemError(error)
    }
  }
  const reads = await readCaptures(
    files.map(({ path, reading }, i) => ({
      chunks: chunks(path, i),
      options: reading,
      sink: {
        answer: (answer) => attributor.answer(answer),
        flows: (batch) => {
          flows[i] = (flows[i] ?? 0) + batch.length
          lines.push(flowLines(path, batch, attributor.attribute(batch)))
        },
      },
    })),
  )
  await print()
  const problems: Problem[] = []
  for (const [i, { opened, ...read }] of reads.entries()) {
    const { path = '', reading } = files[i] ?? {}
    const unused = keyLogs.unused(path, reading?.keyLog, opened)
    if (unused !== null) terminal.err(`domicile: ${unused}\n`)
    const failure = failures[i] ?? null
    const account = failure === null ? read : { ...nothingRead, error: failure }
    await terminal.out(ledgerLine({ source: path, ...account, flows: flows[i] ?? 0 }))
    if (account.error !== null) problems.push({ path, problem: account.error })
  }
  return problems
}
