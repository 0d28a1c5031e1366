/** The environment variables of the handlers: the only names that the handlers and the infrastructure know them by. */

export const INTAKE_BUCKET = 'INTAKE_BUCKET'
export const EVIDENCE_BUCKET = 'EVIDENCE_BUCKET'
export const REFERENCE_BUCKET = 'REFERENCE_BUCKET'
export const REPORTS_BUCKET = 'REPORTS_BUCKET'
/** Bucket with the encrypted keys of what is planted on devices; nothing is looked for where it is not set. */
export const SEED_KEYS_BUCKET = 'SEED_KEYS_BUCKET'
/** Id, ARN or alias of the KMS key that signs reports. */
export const SIGNING_KEY_ID = 'SIGNING_KEY_ID'
export const CONCLUSIONS_TOPIC_ARN = 'CONCLUSIONS_TOPIC_ARN'
/** Object Lock of reports: GOVERNANCE or COMPLIANCE. */
export const RETENTION_MODE = 'RETENTION_MODE'
/** Days for which a report is locked. */
export const RETENTION_DAYS = 'RETENTION_DAYS'
/** Size of the largest uploaded object, packed as it is, that ingest reads. */
export const MAX_CAPTURE_BYTES = 'MAX_CAPTURE_BYTES'
/** Records (packets, rows of a log) of the longest capture that ingest reads. */
export const MAX_CAPTURE_RECORDS = 'MAX_CAPTURE_RECORDS'
/**
 * `SOURCE=URL`, separated by white space: the only sources that refresh fetches, and where from. Every published one from its
 * publisher where it is not set.
 */
export const REFRESH_FROM = 'REFRESH_FROM'
/** Hours after a session.yaml by which the captures that it lists have come; 24 where it is not set. */
export const WATCH_AFTER_HOURS = 'WATCH_AFTER_HOURS'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads variables that a handler cannot work without. A handler calls it once, when its module is loaded or at its first
 * event, and passes the values on.
 *
 * @throws Error naming every variable that is missing or empty
 */
export function readEnvironment<Name extends string>(
  names: readonly Name[],
  environment: Environment = process.env,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !environment[name])
  if (missing.length > 0) {
    const [noun, verb] = missing.length === 1 ? ['variable', 'is'] : ['variables', 'are']
    throw new Error(`reading the environment: the ${noun} ${missing.join(', ')} ${verb} not set; the stack sets them`)
  }
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Readonly<Record<Name, string>>
}

/**
 * Reads a variable that holds a whole number greater than 0.
 *
 * @param otherwise the value where it is not set; without it, the variable must be set
 * @throws Error naming the variable and what it holds
 */
export function readNumber(name: string, otherwise?: number, environment: Environment = process.env): number {
  if (otherwise !== undefined && !environment[name]) return otherwise
  const text = readEnvironment([name], environment)[name] ?? ''
  const number = Number(text)
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(number) && number > 0) return number
  throw new Error(
    `reading the environment: ${name} is ${JSON.stringify(text)}, which is no whole number greater than 0`,
  )
}
