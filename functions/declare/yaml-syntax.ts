/** Texts that are no YAML, or not to be read as such: what is wrong and what to write instead. */
import type { YAMLError } from 'yaml'
import type { Fault } from '../errors.ts'
import { limited } from './fault-list.ts'
import { printable } from './path.ts'

/** Longest text that is read, in UTF-16 units. The declaration of a vendor with five thousand hosts has half of it. */
export const TEXT_LIMIT = 256 * 1024

/** Why a text is not read at all. */
export function refusal(text: string): Fault | null {
  if (text.length > TEXT_LIMIT)
    return fault(
      { line: 1, column: 1 },
      `the file is longer than ${TEXT_LIMIT / 1024} KiB, which no declaration or session needs: split the declaration, or check that this is the right file`,
    )
  // Decoders put U+FFFD where bytes are not UTF-8; NUL is what UTF-16 looks like when it is read as UTF-8.
  const broken = /[\uFFFD\0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text)
  if (!broken) return null
  const before = text.slice(0, broken.index).split('\n')
  return fault(
    { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    'these bytes are not UTF-8 text: save the file as UTF-8',
  )
}

/** A fault that stops an audit. */
export const fault = (at: { line: number; column: number }, message: string, path = ''): Fault => ({
  ...at,
  path,
  message,
  severity: 'error',
})

/** What to do about the commoner faults of syntax, by the package's code. */
const advice: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'write one document a file; remove what follows the second `---`',
  BAD_INDENT: 'line this up with the keys of the same map',
  BLOCK_AS_IMPLICIT_KEY:
    'put text that has a colon and a space in quotes, or begin the nested map on a line of its own',
  MISSING_CHAR: 'close the quote or bracket, or put a colon after the key',
  BAD_SCALAR_START: 'put the text in quotes',
  UNEXPECTED_TOKEN: 'put text with special characters in quotes, or remove this',
  TAG_RESOLVE_FAILED: 'write the plain value without the tag',
  RESOURCE_EXHAUSTION: 'nothing in a declaration or session is nested this deeply',
}

/** The first fault of each line, since the others follow from it; and of tabs only those, since everything does. */
export function syntaxFaults(
  errors: readonly YAMLError[],
  place: (offset: number) => { line: number; column: number },
): Fault[] {
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT')
  const byLine = new Map<number, Fault>()
  for (const error of tabs.length > 0 ? tabs : errors) {
    const at = place(error.pos[0])
    if (!byLine.has(at.line)) byLine.set(at.line, syntaxFault(error, at))
  }
  return limited([...byLine.values()])
}

/** What some messages repeat of the text, which may be somebody's identifier: `Not a YAML token: …`. */
const REPEATED = /(?<=in YAML stream|Not a YAML token|includes extra characters): .*$/s

function syntaxFault(error: YAMLError, at: { line: number; column: number }): Fault {
  const says = error.message.replace(REPEATED, '')
  const what = error.code === 'RESOURCE_EXHAUSTION' ? 'the lists or maps are nested too deeply' : says
  const instead = advice[error.code] ?? 'see the example in docs/declaration.md'
  return fault(at, `no YAML: ${printable(what.slice(0, 200)).replace(/[;.] (please|see) .*$/i, '')}: ${instead}`)
}
