/** The options of a command line that say how captures are read. */
import { formatFault } from '../declare/format-fault.ts'
import { suggestion } from '../declare/suggest.ts'
import { InputError } from '../errors.ts'
import type { CaptureReading } from '../model.ts'
import { COLUMN_WORDS, columnsFault, SETTING_WORDS } from '../net/column-words.ts'
import { timeZone } from '../net/time-zone.ts'
import type { KeyLogs } from './key-log.ts'

export interface ReadingOptions {
  /** Field order of VPC flow logs that have no header line, or the name of a format that bytes do not tell. */
  readonly format?: string
  /** IANA's name of the zone of times that are written without one. */
  readonly timeZone?: string
  /** Which column holds what, of logs of any shape: `start=ts,initiatorIp=src`. */
  readonly columns?: string
  /** Path of a key log (SSLKEYLOGFILE) for the TLS of packet captures. */
  readonly keys?: string
}

/** @throws InputError where there is no such time zone, word for a column or key log */
export async function readingOf(options: ReadingOptions, keyLogs: KeyLogs): Promise<CaptureReading> {
  const { format, timeZone: zone, keys, columns } = options
  const unknown = format === undefined ? null : formatFault(format)
  if (unknown !== null) throw new InputError(`--format: ${unknown}`)
  if (zone !== undefined && timeZone(zone) === null)
    throw new InputError(`--time-zone ${zone} is no time zone: write UTC, or area and city, such as Asia/Shanghai`)
  return {
    ...(format === undefined ? {} : { format }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(columns === undefined ? {} : { columns: columnsOf(columns) }),
    ...(keys === undefined ? {} : { keyLog: await keyLogs.at(keys) }),
  }
}

const WORDS = [...Object.keys(COLUMN_WORDS), ...Object.keys(SETTING_WORDS)]

/** @throws InputError where the words are not those of `captures[].columns`, or something is missing */
function columnsOf(option: string): Readonly<Record<string, string>> {
  const columns: Record<string, string> = {}
  for (const part of option.split(',')) {
    const at = part.indexOf('=')
    const word = part.slice(0, Math.max(at, 0)).trim()
    const value = part.slice(at + 1).trim()
    if (at < 0 || value === '')
      throw new InputError(
        `--columns: ${JSON.stringify(part)} is no word with its column: write it as initiatorIp=src_ip`,
      )
    if (!WORDS.includes(word))
      throw new InputError(
        `--columns: there is no word ${word}; ${suggestion(word, WORDS, `the words are ${WORDS.join(', ')}`)}`,
      )
    if (Object.hasOwn(columns, word)) throw new InputError(`--columns names ${word} twice: remove one of them`)
    const setting = Object.entries(SETTING_WORDS).find(([name]) => name === word)?.[1]
    if (setting !== undefined && !(setting.values as readonly string[]).includes(value))
      throw new InputError(`--columns: ${word} is one of ${setting.values.join(', ')}, and not ${value}`)
    columns[word] = value
  }
  const wrong = columnsFault(columns)
  if (wrong !== null) throw new InputError(`--columns ${wrong}`)
  return columns
}
