/** Runs the parser of Parquet flow logs over a file, for tests. */
import type { ParseAccount } from '../../functions/model.ts'
import { VpcParquetParser } from '../../functions/parse/vpc-parquet.ts'
import { type CollectedFlow, copy } from './vpc-collect.ts'

/** @param cut length of the chunks */
export function collectParquet(file: Uint8Array, cut = file.length): { flows: CollectedFlow[]; account: ParseAccount } {
  const flows: CollectedFlow[] = []
  const parser = new VpcParquetParser({
    answer: () => {},
    flows: (batch) => {
      for (let row = 0; row < batch.length; row++) flows.push(copy(batch, row))
    },
  })
  for (let at = 0; at < file.length; at += Math.max(1, cut)) parser.push(file.slice(at, at + Math.max(1, cut)))
  parser.end()
  return { flows, account: parser.account() }
}
