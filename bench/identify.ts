/**
 * Looking for forty identifiers in every coding, beside `grep -F` for one of them in clear. Each has a process of its own; ours is
 * processor time without reading the file, grep's is its whole run from the page cache.
 */
import { bundled } from './bundled.ts'
import { identifyData, planted, size } from './identify-data.ts'
import { best, measure } from './measure.ts'
import type { BenchRow } from './row.ts'

const budget = 200

/** @throws Error where an identifier that is there was not found, or one that is not there was */
export async function benchIdentify(): Promise<BenchRow[]> {
  const program = await bundled('identify-program')
  const result: BenchRow[] = []
  for (const [form, path] of Object.entries(identifyData())) {
    const { stdout } = await measure([process.execPath, program, path], { keepOutput: true })
    const { ms, hits } = JSON.parse(stdout) as { ms: number; hits: number }
    if (hits !== 1) throw new Error(`${path}: ${hits} hits, and one identifier is there`)
    const grep = await best(3, ['grep', '-cFa', planted, path])
    const rate = size / ms / 1000
    result.push({
      work: `forty identifiers in every coding, ${size / 1e6} MB of ${form}`,
      ours: `${Math.round(rate)} MB/s`,
      peer: `grep -F for one ${Math.round(size / grep.seconds / 1e6)} MB/s`,
      ratio: (grep.seconds * 1000) / ms,
      floor: null,
      note: `one core; at least ${budget} MB/s are asked for; grep looks for one text in clear`,
    })
  }
  return result
}
