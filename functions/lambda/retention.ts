/** Object Lock of reports, as the stack sets it. */
import type { WriteOptions } from '../store/object-store.ts'
import { RETENTION_DAYS, RETENTION_MODE, readEnvironment, readNumber } from './environment.ts'

/**
 * How long what is written now is locked.
 *
 * @throws Error where the environment says nothing of use
 */
export function retentionFrom(
  now: Date,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): NonNullable<WriteOptions['retention']> {
  const { [RETENTION_MODE]: mode } = readEnvironment([RETENTION_MODE], environment)
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw new Error(
      `reading the environment: ${RETENTION_MODE} is ${JSON.stringify(mode)}: it is GOVERNANCE or COMPLIANCE`,
    )
  const until = new Date(now)
  until.setUTCDate(until.getUTCDate() + readNumber(RETENTION_DAYS, undefined, environment))
  return { mode, until }
}
