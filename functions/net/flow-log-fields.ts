/**
 * The names of a VPC flow log's fields, and what a user may write of how a capture is read: `captures[].format`, `--format`.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */

/** The order of logs that were set up without a custom format; they are version 2. */
export const defaultFormat =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'

/** Every field that AWS documents, versions 2 to 8. */
export const DOCUMENTED_FIELDS: ReadonlySet<string> = new Set(
  `${defaultFormat}
  vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr
  region az-id sublocation-type sublocation-id
  pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path
  ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id
  ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id
  reject-reason`.split(/\s+/),
)

/** `${pkt_srcaddr}` and `pkt-srcaddr` are one field: consoles, templates and Parquet exports each spell it their way. */
export function fieldName(token: string): string {
  return token
    .replace(/^\$?\{?(.*?)\}?$/, '$1')
    .replaceAll('_', '-')
    .toLowerCase()
}

/** The fields of an order, with blanks or commas between them. */
export const namesOf = (format: string): string[] =>
  format
    .trim()
    .split(/[\s,]+/)
    .map(fieldName)

export const namesBothEnds = (names: readonly string[]) =>
  (names.includes('srcaddr') || names.includes('pkt-srcaddr')) &&
  (names.includes('dstaddr') || names.includes('pkt-dstaddr'))

/** @returns what is wrong with an order of fields, null where a log can be read by it */
export function orderFault(names: readonly string[]): string | null {
  const unknown = names.find((name) => !DOCUMENTED_FIELDS.has(name))
  if (unknown !== undefined)
    return `there is no field "${unknown.slice(0, 60)}"; write AWS's names, such as "${defaultFormat}"`
  if (!namesBothEnds(names))
    return 'it names no srcaddr and dstaddr, so no flow has two ends; name every field of the log in its order'
  return null
}
