/**
 * Writes VPC flow logs as text: a header line with the fields, then a row a record.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */

/** Values by field; a field that is left out becomes `-`. */
export type VpcRow = Readonly<Record<string, string | number>>

/** The default format, version 2. */
export const defaultFields = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
] as const

/** A whole log. `header: false` leaves the header line out, as files do that were not delivered to a bucket. */
export function writeVpcFlowLog(
  fields: readonly string[],
  rows: readonly VpcRow[],
  options: { readonly header?: boolean } = {},
): string {
  const stranger = rows.flatMap((row) => Object.keys(row)).find((field) => !fields.includes(field))
  if (stranger !== undefined) throw new Error(`a row has the field ${stranger}, which the log does not list`)
  const lines = rows.map((row) => fields.map((field) => row[field] ?? '-').join(' '))
  return [...(options.header === false ? [] : [fields.join(' ')]), ...lines].map((line) => `${line}\n`).join('')
}
