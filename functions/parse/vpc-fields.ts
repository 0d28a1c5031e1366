/**
 * The fields of a VPC flow log and the order in which they stand.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
import { InputError } from '../errors.ts'
import { defaultFormat, fieldName, namesBothEnds, namesOf, orderFault } from '../net/flow-log-fields.ts'

export { defaultFormat }

/** What is done with a column. */
export const skipColumn = 0
export const addressColumn = 1
export const numberColumn = 2
export const statusColumn = 3

/** Where a row's addresses are kept. */
export const source = 0
export const destination = 1
export const packetSource = 2
export const packetDestination = 3

/** Where a row's numbers are kept. */
export const sourcePort = 0
export const destinationPort = 1
export const protocol = 2
export const packets = 3
export const bytes = 4
export const start = 5
export const end = 6
export const tcpFlags = 7

const columnOf: Readonly<Record<string, readonly [kind: number, slot: number]>> = {
  srcaddr: [addressColumn, source],
  dstaddr: [addressColumn, destination],
  'pkt-srcaddr': [addressColumn, packetSource],
  'pkt-dstaddr': [addressColumn, packetDestination],
  srcport: [numberColumn, sourcePort],
  dstport: [numberColumn, destinationPort],
  protocol: [numberColumn, protocol],
  packets: [numberColumn, packets],
  bytes: [numberColumn, bytes],
  start: [numberColumn, start],
  end: [numberColumn, end],
  'tcp-flags': [numberColumn, tcpFlags],
  'log-status': [statusColumn, 0],
}

/** How a row is read: what every column holds, and where it goes. */
export interface RowPlan {
  readonly kinds: Uint8Array
  readonly slots: Uint8Array
}

/** Compiles fields in their order; of a field that is named twice the first column counts. */
function planOf(names: readonly string[]): RowPlan {
  const kinds = new Uint8Array(names.length)
  const slots = new Uint8Array(names.length)
  for (const [index, name] of names.entries()) {
    const column = Object.hasOwn(columnOf, name) && names.indexOf(name) === index ? columnOf[name] : undefined
    if (column) [kinds[index], slots[index]] = column
  }
  return { kinds, slots }
}

/**
 * Reads a header line. Fields that AWS does not document are skipped over, so that logs of later versions can be read.
 *
 * @returns null where the line is none
 */
export function headerPlan(line: string): RowPlan | null {
  const names = line.trim().split(/\s+/).map(fieldName)
  if (!names.every((name) => /^[a-z][a-z0-9-]*$/.test(name)) || !namesBothEnds(names)) return null
  return planOf(names)
}

/**
 * What a table's columns hold, whatever other columns it has.
 *
 * @returns null where they are not those of a VPC flow log
 */
export function tablePlan(columns: readonly string[]): RowPlan | null {
  const names = columns.map(fieldName)
  return namesBothEnds(names) ? planOf(names) : null
}

/**
 * Compiles the field order that a user gives.
 *
 * @throws InputError where it names no ends, or a field that AWS does not document
 */
export function formatPlan(format: string): RowPlan {
  const names = namesOf(format)
  const wrong = orderFault(names)
  if (wrong !== null) throw new InputError(`reading the field order of a VPC flow log: ${wrong}`)
  return planOf(names)
}

/** The same fields behind one that is not read. */
export const behindOneField = ({ kinds, slots }: RowPlan): RowPlan => ({
  kinds: Uint8Array.of(skipColumn, ...kinds),
  slots: Uint8Array.of(0, ...slots),
})

const isAddressLike = (token: string) => /^\d+\.\d+\.\d+\.\d+$/.test(token) || /^[0-9a-f]*:[0-9a-f:.]*$/i.test(token)
const isEnd = (token: string | undefined) => token === '-' || isAddressLike(token ?? '')

/** Whether a line is a row in the default order. */
export function isDefaultRow(line: string): boolean {
  const fields = line.trim().split(/\s+/)
  return (
    fields.length === 14 &&
    fields[0] === '2' &&
    isEnd(fields[3]) &&
    isEnd(fields[4]) &&
    /^(ACCEPT|REJECT|-)$/.test(fields[12] ?? '') &&
    /^(OK|NODATA|SKIPDATA|-)$/.test(fields[13] ?? '')
  )
}

/** Whether a line is a row in some order: its ends, and one of the words that only flow logs write. */
export function isRowInSomeOrder(line: string): boolean {
  if (/["'<>{}=;]/.test(line)) return false
  const fields = line.trim().split(/\s+/)
  const ends = fields.filter(isAddressLike).length
  const words = fields.filter((field) => /^(ACCEPT|REJECT|OK|NODATA|SKIPDATA|eni-[0-9a-z]+)$/.test(field)).length
  const empty = fields.filter((field) => field === '-').length
  return words > 0 && (ends >= 2 || (/\b(NODATA|SKIPDATA)\b/.test(line) && empty >= 2))
}
