/** What is wrong with what a session or a command line says of a capture's format, and what to write instead. */
import { DOCUMENTED_FIELDS, namesOf, orderFault } from '../net/flow-log-fields.ts'
import { quoted } from './path.ts'
import { nearest, suggestion } from './suggest.ts'

/** The format that is told by its name: its packets look like any others. */
const NAMED = 'netflow'

/** @returns null where it is `netflow`, or an order of fields by which a VPC flow log can be read */
export function formatFault(format: string): string | null {
  const names = namesOf(format)
  if (names.length === 1 && names[0] === NAMED) return null
  const wrong = orderFault(names)
  if (wrong === null) return null
  if (names.length === 1 && !DOCUMENTED_FIELDS.has(names[0] ?? '')) {
    const instead = `write \`${NAMED}\`, or every field of a VPC flow log in its order`
    return `${quoted(format)} is no format: ${nearest(format, [NAMED]) === null ? instead : suggestion(format, [NAMED], instead)}`
  }
  const unknown = names.find((name) => !DOCUMENTED_FIELDS.has(name))
  if (unknown === undefined) return `${quoted(format)} is no field order of a VPC flow log: ${wrong}`
  const instead = suggestion(unknown, [...DOCUMENTED_FIELDS], "write AWS's names, such as `srcaddr dstaddr`")
  return `${quoted(unknown)} is no field of a VPC flow log: ${instead}`
}
