/** What an audit cannot see of what was sent, and of when: only where somebody looked, or somebody claims to ask first. */
import type { Judgement, ReportLedger } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import { type ContentOfFormat, contentOfFormat } from '../net/content-formats.ts'
import { count } from './phrase.ts'

export function sentLimits(
  { consent, inventory, reading }: Judgement,
  ledger: readonly ReportLedger[],
): readonly string[] {
  const { whole, partly, unread, unexamined, outlived, nearEdge } = reading
  const looked = whole + partly + unread > 0
  if (!looked && consent.length === 0) return []
  const limits: readonly (string | false)[] = [
    consent.length > 0 &&
      'Whether a user had agreed is judged by the steps of the test protocol, and not by what the screen said. It is a second question about the same flows: they are counted by where they went.',
    unexamined > 0 &&
      `In ${count(unexamined, 'flow')} nobody looked for planted identifiers: their sessions have none (seeds), or the key was not given.`,
    looked &&
      'Identifiers are found in clear and in the encodings that are searched for; under a cipher of the program itself, or hashed with a salt that nobody named, they are not.',
    ...poorFormats(ledger),
    unread + partly > 0 &&
      `Of ${count(unread + partly, 'flow')} not all that the device sent could be read (encrypted, cut off or lost): identifiers may be in it.`,
    inventory.some(({ kind }) => kind === null) &&
      'What is opaque is encoded and says nothing to a reader who does not know how: it may hold identifiers or not, and it is never taken for clean.',
    outlived > 0 &&
      `Flows belong to the step in which they began; ${count(outlived, 'flow')} went on after it, and what was sent when is not known.`,
    nearEdge > 0 &&
      `${count(nearEdge, 'flow')} began so near to the edge of a step that the clock of the rig does not tell which side: where consent hangs on that edge, it is open.`,
  ]
  return limits.filter((limit) => limit !== false)
}

/** Captures of formats that cannot show what was said, whoever looks. */
function poorFormats(ledger: readonly ReportLedger[]): readonly string[] {
  const says: readonly (readonly [ContentOfFormat, string])[] = [
    ['none', 'there is no content, by the format: what was sent is not known.'],
    ['names', 'there is no content but names and URLs, by the format: what else was sent is not known.'],
  ]
  return says.flatMap(([content, what]) => {
    const poor = ledger.filter(({ format, flows }) => flows > 0 && contentOfFormat(format) === content)
    const formats = [...new Set(poor.map(({ format }) => format))].sort(compareText)
    return poor.length === 0 ? [] : [`In ${count(poor.length, 'capture')} (${formats.join(', ')}) ${what}`]
  })
}
