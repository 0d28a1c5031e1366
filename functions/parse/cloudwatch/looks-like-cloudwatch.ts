/** Tells events of a VPC flow log from other JSON and CSV. */
import { InputError } from '../../errors.ts'
import type { CaptureReading } from '../../model.ts'
import { looksLikeVpcFlowLog } from '../vpc-flow-log.ts'
import { CsvRows, cellsOf, isEventHeader } from './csv-rows.ts'
import { JsonTexts } from './json-texts.ts'
import { LogEvents, type TakeEvents } from './log-events.ts'

/** Whether the first bytes of a capture are JSON. */
export function beginsJson(head: Uint8Array): boolean {
  const first = head.find((byte, i) => byte > 32 && !(i < 3 && byte === [0xef, 0xbb, 0xbf][i]))
  return first === 123 || first === 91
}

export function looksLikeCloudWatch(head: Uint8Array, { format }: CaptureReading): boolean {
  if (beginsJson(head)) return saysFlows((take) => new JsonTexts(new LogEvents(take)).push(head), format)
  const [header = '', ...lines] = new TextDecoder()
    .decode(head)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  if (!isEventHeader(header)) return false
  // Where the columns are a flow log's, its rows need not be looked at.
  if (!cellsOf(header).some((name) => /^@?message$/i.test(name))) return true
  if (lines.length > 1) lines.pop()
  return saysFlows((take) => {
    const rows = new CsvRows(take)
    for (const line of [header, ...lines]) {
      const bytes = new TextEncoder().encode(line)
      rows.line(bytes, 0, bytes.length)
    }
  }, format)
}

/** Whether one of the events is a row of a flow log, or all that there is are CloudWatch's own. */
function saysFlows(read: (take: TakeEvents) => void, format: string | undefined): boolean {
  const messages: string[] = []
  let controls = 0
  let isTable = false
  try {
    read({
      message: (text) => messages.push((text ?? '').replace(/\s+/g, ' ')),
      control: () => controls++,
      fields: () => {
        isTable = true
      },
    })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
  }
  if (isTable) return true
  if (messages.length === 0) return controls > 0
  return looksLikeVpcFlowLog(new TextEncoder().encode(`${messages.join('\n')}\n`), format)
}
