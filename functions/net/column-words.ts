/** The words by which a session says which column of a log of any shape holds what: `captures[].columns`, `--columns`. */

/** How long one of a numeric time is. Texts such as `2014-11-03T10:00:00+05:30` need none. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

/** How a log can have learnt a host name. */
export const NAME_SOURCES = ['log', 'tls-sni', 'quic-sni', 'http-host', 'http-connect'] as const

/** Words that take the name of a column; of JSON a path, with `/` between the keys. */
export const COLUMN_WORDS = {
  start: 'When the flow began: a number since 1970, or ISO 8601.',
  end: 'When it was over.',
  duration: 'How long it took.',
  protocol: "IANA's number or keyword, such as 6 or tcp.",
  initiatorIp: 'Address of the end that began; of logs of one direction the source.',
  initiatorPort: 'Its port.',
  responderIp: 'Address of the other end.',
  responderPort: 'Its port.',
  bytesSent: 'Bytes that the initiator sent.',
  bytesReceived: 'Bytes that the responder sent.',
  packetsSent: 'Packets that the initiator sent.',
  packetsReceived: 'Packets that the responder sent.',
  name: 'Host name of the responder, as the log knows it.',
} as const

/** Words that take a value of their own. */
export const SETTING_WORDS = {
  startUnit: { values: TIME_UNITS, says: 'Unit of numbers in `start`; s where it is left out.' },
  endUnit: { values: TIME_UNITS, says: 'Unit of numbers in `end`; that of `start` where it is left out.' },
  durationUnit: { values: TIME_UNITS, says: 'Unit of `duration`; s where it is left out.' },
  nameVia: { values: NAME_SOURCES, says: 'How the log learnt `name`; log where it is left out.' },
} as const

export type ColumnWord = keyof typeof COLUMN_WORDS
export type SettingWord = keyof typeof SETTING_WORDS

/** What is missing of a map of columns whose words and values are right; null where it says enough. */
export function columnsFault(columns: Readonly<Record<string, string>>): string | null {
  for (const word of ['initiatorIp', 'responderIp'] as const)
    if (columns[word] === undefined) return `lacks \`${word}\`: write the column that holds it`
  if (columns.start === undefined && columns.end === undefined)
    return 'lacks `start`: write the column that holds the time at which a flow began'
  for (const [setting, word] of [
    ['startUnit', 'start'],
    ['endUnit', 'end'],
    ['durationUnit', 'duration'],
    ['nameVia', 'name'],
  ] as const)
    if (columns[setting] !== undefined && columns[word] === undefined)
      return `has \`${setting}\` without \`${word}\`: write the column too, or neither of them`
  return null
}
