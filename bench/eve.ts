/** Suricata's EVE to flows, beside a program that makes an object of every line. */
import { eveData } from './eve-data.ts'
import { besidePlain } from './log-readers.ts'
import type { BenchRow } from './row.ts'

/** @throws Error where the readers do not agree */
export async function benchEve(): Promise<BenchRow[]> {
  const result: BenchRow[] = []
  for (const [form, path] of Object.entries(eveData())) {
    const readings = await besidePlain('eve-program', path)
    const { ours, plain } = readings
    const [records = 0] = readings.result
    const rate = (ms: number) => `${Math.round(records / ms)},000 events/s`
    result.push({
      work: `Suricata's EVE, ${form === 'all' ? 'flows, hellos and DNS' : 'flows alone'}, ${records / 1000},000 events → flows`,
      ours: rate(ours),
      peer: `JSON.parse ${rate(plain)}`,
      ratio: plain / ours,
      floor: null,
      note: 'one core; the peer makes an object of every line and sums one field; ours fills every column of a flow, joins names by id and hands on answers; at least 500,000 events/s are asked for',
    })
  }
  return result
}
