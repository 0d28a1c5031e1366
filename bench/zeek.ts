/** Zeek's conn.log to flows, in columns and as JSON, beside a program that takes every line apart. */
import { besidePlain } from './log-readers.ts'
import type { BenchRow } from './row.ts'
import { rows, zeekData } from './zeek-data.ts'

const rate = (ms: number) => `${Math.round(rows / ms)},000 rows/s`

/** @throws Error where the readers do not agree */
export async function benchZeek(): Promise<BenchRow[]> {
  const result: BenchRow[] = []
  for (const [form, path] of Object.entries(zeekData())) {
    const { ours, plain } = await besidePlain('zeek-program', path)
    result.push({
      work: `Zeek's conn.log, ${form === 'json' ? 'JSON' : 'columns'}, ${rows / 1e6} million rows → flows`,
      ours: rate(ours),
      peer: form === 'json' ? `JSON.parse ${rate(plain)}` : `split ${rate(plain)}`,
      ratio: plain / ours,
      floor: null,
      note: 'one core; the peer makes a text of every line and takes it apart, and sums one field; ours fills every column of a flow and finds doubles by uid; at least 500,000 rows/s are asked for',
    })
  }
  return result
}
