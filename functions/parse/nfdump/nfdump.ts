/** What nfdump prints of the flows that its collectors keep: CSV, JSON and NDJSON, of versions 1.6 to 1.7.8. */
import type { CaptureReading, Parser, ParseSink } from '../../model.ts'
import { columnsOf, isStatisticsHeader } from './columns.ts'
import { NfdumpCsvParser } from './csv.ts'
import { NfdumpJsonParser } from './json.ts'

const latin1 = new TextDecoder('latin1')

/** Words that stand at the beginning of what could be nfdump's. */
const MOST = 4096

const isCsv = (text: string) => {
  const line = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'))
  return columnsOf(line) !== null || isStatisticsHeader(line)
}

const isJson = (text: string) =>
  /^(\[\s*)?\{[^{}]*"in_packets"\s*:/.test(text) && /"(t_)?first"\s*:\s*"\d{4}-\d\d-\d\dT/.test(text)

/** What it says in place of flows. */
const isEmpty = (text: string) => /^(\[\s*)?No matching flows\s/.test(text)

/** @param reading where its columns are named, they count, and not what nfdump calls them */
export function looksLikeNfdump(head: Uint8Array, { columns }: CaptureReading): boolean {
  if (columns !== undefined) return false
  const text = textOf(head)
  return isCsv(text) || isJson(text) || isEmpty(text)
}

export function openNfdump(sink: ParseSink, reading: CaptureReading, head: Uint8Array): Parser {
  return isCsv(textOf(head)) ? new NfdumpCsvParser(sink, reading) : new NfdumpJsonParser(sink, reading)
}

const textOf = (head: Uint8Array) =>
  latin1
    .decode(head.subarray(0, MOST))
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
