/** `domicile flows`: what parse and attribute make of log files, a JSON line a flow, then a ledger line a file. */
import { Attributor } from '../attribute/attribute.ts'
import type { CaptureReading, Session } from '../model.ts'
import { readCapture } from '../parse/read-capture.ts'
import { captureNamed, unassignedSession } from './campaign.ts'
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
  let status: ExitStatus = 0
  for (const [index, file] of files.entries()) {
    progress.show(`${index + 1} of ${files.length}: ${file}`)
    // What the session says of a file, and before it the command line.
    const reading = { ...(await keyLogs.readingOf(captureNamed(file, session), folder)), ...given }
    const problem = await printFlows(file, session, reading, terminal)
    progress.clear()
    if (problem === null) continue
    terminal.err(`domicile: ${file}: ${problem}\n`)
    status = 2
  }
  return status
}

/** Prints the lines of one file. @returns what went wrong with it, or null */
async function printFlows(
  file: string,
  session: Session,
  reading: CaptureReading,
  terminal: Terminal,
): Promise<string | null> {
  const attributor = new Attributor(session)
  let lines: string[] = []
  let flows = 0
  const print = async () => {
    const printed = lines
    lines = []
    for (const text of printed) await terminal.out(text)
  }
  // Lines are printed between reads, so that a slow reader of the output slows the reading of the input.
  const chunks = async function* () {
    for await (const chunk of chunksOf(file)) {
      await print()
      yield chunk
    }
  }
  try {
    const read = await readCapture(chunks(), reading, {
      answer: (answer) => attributor.answer(answer),
      flows: (batch) => {
        flows += batch.length
        lines.push(flowLines(file, batch, attributor.attribute(batch)))
      },
    })
    await print()
    await terminal.out(ledgerLine({ source: file, ...read, flows }))
    return read.error
  } catch (error) {
    // The disk's or the bucket's own error: there is no such file, or no right to read it.
    if (!isSystemError(error)) throw error
    await print()
    const problem = explainSystemError(error)
    await terminal.out(ledgerLine({ ...nothingRead, source: file, flows, error: problem }))
    return problem
  }
}
