/** The options of a command line that say how captures are read. */
import { InputError } from '../errors.ts'
import type { CaptureReading } from '../model.ts'
import { timeZone } from '../net/time-zone.ts'
import type { KeyLogs } from './key-log.ts'

export interface ReadingOptions {
  /** Field order of VPC flow logs that have no header line, or the name of a format that bytes do not tell. */
  readonly format?: string
  /** IANA's name of the zone of times that are written without one. */
  readonly timeZone?: string
  /** Path of a key log (SSLKEYLOGFILE) for the TLS of packet captures. */
  readonly keys?: string
}

/** @throws InputError where there is no such time zone, or no such key log */
export async function readingOf(options: ReadingOptions, keyLogs: KeyLogs): Promise<CaptureReading> {
  const { format, timeZone: zone, keys } = options
  if (zone !== undefined && timeZone(zone) === null)
    throw new InputError(`--time-zone ${zone} is no time zone: write UTC, or area and city, such as Asia/Shanghai`)
  return {
    ...(format === undefined ? {} : { format }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(keys === undefined ? {} : { keyLog: await keyLogs.at(keys) }),
  }
}
