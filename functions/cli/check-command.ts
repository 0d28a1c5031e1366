/** `domicile check`: every fault of declarations, sessions, protocols and scripts. */
import { kindOf, loadDeclaration, loadProtocol, loadSession } from '../declare/load.ts'
import { TEXT_LIMIT } from '../declare/yaml-syntax.ts'
import { type Fault, InputError } from '../errors.ts'
import type { Micros } from '../model.ts'
import { isScript, loadScript } from '../rig/script-file.ts'
import { readText } from './documents.ts'
import { factsOfPlace } from './places.ts'
import { explainSystemError } from './system-error.ts'
import type { ExitStatus, Terminal } from './terminal.ts'
import { parseTime } from './time-option.ts'

export interface CheckOptions {
  readonly asOf?: string
  readonly json?: true
}

/** What became of one file. */
interface Checked {
  readonly file: string
  /** `Declaration`, `Session`, `Protocol` or `Script`; null where the file does not say. */
  readonly kind: string | null
  readonly faults: readonly Fault[]
}

/**
 * Checks the files and prints a line a fault, `file:line:column: error: path: message`, and a count.
 *
 * @returns 0 where there is no error, though there may be warnings; 2 otherwise
 * @throws InputError where `--as-of` is no time
 */
export async function run(files: readonly string[], options: CheckOptions, terminal: Terminal): Promise<ExitStatus> {
  const asOf = options.asOf === undefined ? Date.now() * 1000 : parseTime('--as-of', options.asOf)
  const checked: Checked[] = []
  for (const file of files) checked.push(await check(file, asOf))
  const count = (severity: Fault['severity']) =>
    checked.flatMap(({ faults }) => faults).filter((fault) => fault.severity === severity).length
  const errors = count('error')
  const warnings = count('warning')
  if (options.json) await terminal.out(`${JSON.stringify({ files: checked, errors, warnings }, null, 2)}\n`)
  else {
    for (const { file, faults } of checked) for (const fault of faults) await terminal.out(`${line(file, fault)}\n`)
    const total = `${plural(files.length, 'file')}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`
    await terminal.out(`${total}\n`)
  }
  return errors > 0 ? 2 : 0
}

async function check(file: string, asOf: Micros): Promise<Checked> {
  const text = await read(file)
  if (typeof text !== 'string') return { file, kind: null, faults: [text] }
  const kind = kindOf(text)
  if (kind === 'Session') return { file, kind, faults: loadSession(text, file).faults }
  if (kind === 'Protocol') return { file, kind, faults: loadProtocol(text, file).faults }
  if (kind === null && isScript(text)) return { file, kind: 'Script', faults: loadScript(text).faults }
  return { file, kind, faults: loadDeclaration(text, file, { asOf }).faults }
}

/** The text of a file, or why there is none. */
async function read(file: string): Promise<string | Fault> {
  const refused = (message: string): Fault => ({ line: 1, column: 1, path: '', message, severity: 'error' })
  try {
    const facts = await factsOfPlace(file)
    if (facts === null) throw new InputError('there is no such file or folder')
    if (facts.isFolder) return refused('this is a folder: name the files in it, such as declaration.yaml')
    // Longer than any text that is read, so that the text itself need not be: UTF-8 has at most 3 bytes a UTF-16 unit.
    const limit = 3 * TEXT_LIMIT
    if (facts.size > limit)
      return refused(
        `the file has ${facts.size} bytes, and no declaration or session has more than ${limit}: check that this is the right file`,
      )
    return await readText(file)
  } catch (error) {
    return refused(
      `the file cannot be read: ${explainSystemError(error)}: name a declaration.yaml or session.yaml that is there`,
    )
  }
}

const line = (file: string, fault: Fault) =>
  `${file}:${fault.line}:${fault.column}: ${fault.severity}: ${fault.path === '' ? '' : `${fault.path}: `}${fault.message}`

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
