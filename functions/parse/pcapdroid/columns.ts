/** The header of PCAPdroid's list of connections, and what stands where. */

/** What is read of a row; the words of the header in lower case. */
export const COLUMNS = [
  'ipproto',
  'srcip',
  'srcport',
  'dstip',
  'dstport',
  'proto',
  'info',
  'bytessent',
  'bytesrcvd',
  'pktssent',
  'pktsrcvd',
  'firstseen',
  'lastseen',
] as const
export type Column = (typeof COLUMNS)[number]

/** Of every version; a header without them is another's. */
const NEEDED: readonly Column[] = [
  'srcip',
  'srcport',
  'dstip',
  'dstport',
  'proto',
  'info',
  'bytessent',
  'bytesrcvd',
  'firstseen',
  'lastseen',
]

export interface Header {
  readonly length: number
  /** By column: its field, -1 where the header lacks it. */
  readonly fields: Readonly<Record<Column, number>>
  /** The field of the app's name, before which no text stands that could have commas; -1 where there is none. */
  readonly app: number
}

/** @returns null where the line is no header of PCAPdroid */
export function headerOf(line: string): Header | null {
  const names = line
    .replace(/^\ufeff|^\u00ef\u00bb\u00bf/, '')
    .trim()
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    )
  if (!NEEDED.every((name) => names.includes(name))) return null
  const fields = Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as Record<Column, number>
  return { length: names.length, fields, app: names.indexOf('app') }
}
