/** Events as CSV (RFC 4180), as CloudWatch's console and Logs Insights save them: a message a row, or its fields in columns. */
import { tablePlan } from '../vpc-fields.ts'
import type { TakeEvents } from './log-events.ts'

const utf8 = new TextDecoder()

export class CsvRows {
  readonly #take: TakeEvents
  #names: readonly string[] | null = null
  #messageAt = -1

  constructor(take: TakeEvents) {
    this.#take = take
  }

  /** Takes a line, the first of which names the columns. */
  line(bytes: Uint8Array, from: number, end: number): void {
    if (from === end) return
    const cells = cellsOf(utf8.decode(bytes.subarray(from, end)))
    if (this.#names === null) {
      this.#names = cells.map((name) => name.toLowerCase())
      this.#messageAt = messageColumn(this.#names)
    } else if (this.#messageAt >= 0) this.#take.message(cells[this.#messageAt] ?? '')
    else this.#take.fields(new Map(this.#names.map((name, i) => [name, cells[i] ?? ''])))
  }
}

/** Whether a line names columns of such a file. */
export function isEventHeader(line: string): boolean {
  if (!line.includes(',')) return false
  const names = cellsOf(line.trim()).map((name) => name.toLowerCase())
  return messageColumn(names) >= 0 || tablePlan(names) !== null
}

function messageColumn(names: readonly string[]): number {
  const insights = names.indexOf('@message')
  return insights >= 0 || !names.includes('timestamp') ? insights : names.indexOf('message')
}

/** A quote that is left open ends with the line. */
export function cellsOf(line: string): string[] {
  const cells: string[] = []
  for (let at = 0; at <= line.length; ) {
    let cell = ''
    if (line[at] === '"') {
      for (at++; at < line.length; at++) {
        if (line[at] !== '"') cell += line[at]
        else if (line[at + 1] === '"') {
          cell += '"'
          at++
        } else break
      }
      const comma = line.indexOf(',', at)
      at = comma < 0 ? line.length : comma
    } else {
      const comma = line.indexOf(',', at)
      const end = comma < 0 ? line.length : comma
      cell = line.slice(at, end)
      at = end
    }
    cells.push(cell)
    at++
  }
  return cells
}
