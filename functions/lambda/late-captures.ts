/** Captures that a session lists and that do not come: a rig that is off, full or cut off says nothing itself. */
import type { ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import { parseIntakeKey } from './intake-key.ts'
import { absentCaptures } from './listed-captures.ts'
import { readSessionFile } from './session-file.ts'

export interface LateCapture {
  readonly campaign: string
  /** Path within the campaign. */
  readonly source: string
}

/** As many as a message can name: SNS takes 256 KiB, and a key has up to 1 KiB. */
const MOST_NAMED = 200

/** Days for which a capture is called late. Afterwards whoever was told has had time; audits name it as missing for ever. */
export const LATE_FOR_DAYS = 14

/**
 * Finds captures that had not come when their `session.yaml` had stood in the intake for so long. A capture that does not come
 * is late every day, until `session.yaml` no longer lists it or {@link LATE_FOR_DAYS} are over. A session of which nothing has
 * come, not even its `session.yaml`, is not known of, and never late.
 *
 * @param hours since `session.yaml` was uploaded, or uploaded again
 */
export async function lateCaptures(intake: ObjectStore, now: Date, hours: number): Promise<readonly LateCapture[]> {
  const objects = await intake.listFacts('intake/')
  const present = new Set(objects.map(({ key }) => key))
  const latest = now.getTime() - hours * 3_600_000
  const earliest = latest - LATE_FOR_DAYS * 24 * 3_600_000
  const due = objects.flatMap(({ key, modified }) => {
    const parsed = parseIntakeKey(key)
    const uploaded = modified.getTime()
    return parsed.kind === 'session' && uploaded <= latest && uploaded > earliest ? [parsed] : []
  })
  const late = await eachAtOnce(due, async ({ campaign, session }) => {
    const file = await readSessionFile(intake, campaign, session)
    return file === null ? [] : absentCaptures(file, present).map((source) => ({ campaign, source }))
  })
  return late.flat()
}

/** The message of one day. */
export function lateMessage(
  late: readonly LateCapture[],
  hours: number,
): { readonly subject: string; readonly text: string } {
  const captures = late.length === 1 ? '1 capture has' : `${late.length} captures have`
  const named = late.slice(0, MOST_NAMED).map(({ campaign, source }) => `- ${campaign}: ${source}`)
  const more = late.length > MOST_NAMED ? [`- and ${late.length - MOST_NAMED} more`] : []
  return {
    subject: `Domicile: ${captures} not come`,
    text: [
      `${captures} not come within ${hours} hours of the session.yaml that lists ${late.length === 1 ? 'it' : 'them'}:`,
      ...named,
      ...more,
      'Upload what is missing, or take it off the list in session.yaml; until then no audit of the campaign can be a pass. ' +
        `This is said daily for ${LATE_FOR_DAYS} days.`,
    ].join('\n'),
  }
}
