/** Captures that a session lists and that do not come: a rig that is off, full or cut off says nothing itself. */
import { posix } from 'node:path'
import type { ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import { parseIntakeKey, sessionKey } from './intake-key.ts'
import { readSessionFile } from './session-file.ts'

export interface LateCapture {
  readonly campaign: string
  /** Name of the session's folder. */
  readonly session: string
  /** As `session.yaml` lists it. */
  readonly file: string
}

/** As many as a message can name: SNS takes 256 KiB, and a key has up to 1 KiB. */
const MOST_NAMED = 200

/**
 * Finds captures that had not come when their `session.yaml` had stood in the intake for so long. A capture that will never
 * come is late every day, until `session.yaml` no longer lists it: an audit counts it as missing for as long.
 *
 * @param hours since `session.yaml` was uploaded, or uploaded again
 */
export async function lateCaptures(intake: ObjectStore, now: Date, hours: number): Promise<readonly LateCapture[]> {
  const objects = await intake.listFacts('intake/')
  const present = new Set(objects.map(({ key }) => key))
  const latest = now.getTime() - hours * 3_600_000
  const due = objects.flatMap(({ key, modified }) => {
    const parsed = parseIntakeKey(key)
    return parsed.kind === 'session' && modified.getTime() <= latest ? [parsed] : []
  })
  const late = await eachAtOnce(due, async ({ campaign, session }) => {
    const listed = (await readSessionFile(intake, campaign, session))?.session?.captures ?? []
    return listed
      .filter(({ file }) => !present.has(posix.join(posix.dirname(sessionKey(campaign, session)), file)))
      .map(({ file }) => ({ campaign, session, file }))
  })
  return late.flat()
}

/** The message of one day. */
export function lateMessage(
  late: readonly LateCapture[],
  hours: number,
): { readonly subject: string; readonly text: string } {
  const captures = late.length === 1 ? '1 capture has' : `${late.length} captures have`
  const named = late.slice(0, MOST_NAMED).map(({ campaign, session, file }) => `- ${campaign}, ${session}: ${file}`)
  const more = late.length > MOST_NAMED ? [`- and ${late.length - MOST_NAMED} more`] : []
  return {
    subject: `Domicile: ${captures} not come`,
    text: [
      `${captures} not come within ${hours} hours of the session.yaml that lists ${late.length === 1 ? 'it' : 'them'}:`,
      ...named,
      ...more,
      'Upload what is missing, or take it off the list in session.yaml; until then no audit of the campaign can be a pass.',
    ].join('\n'),
  }
}
