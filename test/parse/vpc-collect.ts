/** Runs the VPC flow log parser over text, for tests. */
import type { FlowBatch, ParseAccount } from '../../functions/model.ts'
import { formatAddress } from '../../functions/net/address.ts'
import { VpcFlowLogParser } from '../../functions/parse/vpc-flow-log.ts'

export interface CollectedFlow {
  a: string
  b: string
  portA: number
  portB: number
  protocol: number
  packets: [number, number]
  bytes: [number, number]
  start: number
  end: number
  opener: number
}

const addressOf = (family: number, words: Uint32Array, row: number) =>
  formatAddress(family, words[row * 4] ?? 0, words[row * 4 + 1] ?? 0, words[row * 4 + 2] ?? 0, words[row * 4 + 3] ?? 0)

export function copy(batch: FlowBatch, row: number): CollectedFlow {
  const family = batch.family[row] ?? 0
  return {
    a: addressOf(family, batch.addressA, row),
    b: addressOf(family, batch.addressB, row),
    portA: batch.portA[row] ?? Number.NaN,
    portB: batch.portB[row] ?? Number.NaN,
    protocol: batch.protocol[row] ?? Number.NaN,
    packets: [batch.packetsA[row] ?? Number.NaN, batch.packetsB[row] ?? Number.NaN],
    bytes: [batch.bytesA[row] ?? Number.NaN, batch.bytesB[row] ?? Number.NaN],
    start: batch.start[row] ?? Number.NaN,
    end: batch.end[row] ?? Number.NaN,
    opener: batch.opener[row] ?? Number.NaN,
  }
}

/** @param cuts lengths of the chunks, used in turn; the whole at once without any */
export function collect(
  text: string | Uint8Array,
  options: { format?: string; cuts?: readonly number[] } = {},
): { flows: CollectedFlow[]; account: ParseAccount } {
  const flows: CollectedFlow[] = []
  const parser = new VpcFlowLogParser(
    {
      answer: () => {},
      flows: (batch) => {
        for (let row = 0; row < batch.length; row++) flows.push(copy(batch, row))
      },
    },
    options.format === undefined ? {} : { format: options.format },
  )
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const { cuts = [] } = options
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = cuts.length === 0 ? bytes.length : Math.max(1, cuts[turn % cuts.length] ?? 1)
    // A copy of its own, so that bytes behind the chunk are not there to be read.
    parser.push(bytes.slice(at, at + length))
    at += length
  }
  parser.end()
  return { flows, account: parser.account() }
}

export const sumOfLeftOut = (account: ParseAccount) =>
  Object.values(account.leftOut).reduce((sum, count) => sum + count, 0)

/** The canonical order of flows, for comparisons that must not depend on theirs. */
export const sorted = (flows: readonly CollectedFlow[]) => flows.map((flow) => JSON.stringify(flow)).sort()
