/** Logs of any shape whose columns a session names: CSV or JSON, as the first byte tells. */
import type { CaptureReading, Parser, ParseSink } from '../../model.ts'
import { MappedCsvParser } from './mapped-csv.ts'
import { MappedJsonParser } from './mapped-json.ts'

/** Whether a capture is to be read by named columns: any text is, where they are given. */
export function looksMapped(head: Uint8Array, { columns }: CaptureReading): boolean {
  return columns !== undefined && !head.includes(0)
}

export function openMapped(sink: ParseSink, reading: CaptureReading, head: Uint8Array): Parser {
  const first = head.find((byte) => byte > 32 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  return first === 123 || first === 91
    ? new MappedJsonParser(sink, reading, head)
    : new MappedCsvParser(sink, reading, head)
}
