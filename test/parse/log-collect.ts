/** Runs a parser of logs over text, for tests. */

import { InputError } from '../../functions/errors.ts'
import type { CaptureReading, FlowBatch, Name, NameAnswer, ParseAccount } from '../../functions/model.ts'
import { formatAddress } from '../../functions/net/address.ts'
import { openParser } from '../../functions/parse/detect.ts'

export interface LogFlow {
  a: string
  portA: number
  b: string
  portB: number
  protocol: number
  packets: [number, number]
  bytes: [number, number]
  /** ISO 8601, null where there is none. */
  start: string | null
  end: string | null
  opener: number
  names: readonly Name[]
  hidden: string | null
  macs: [number, number]
}

export interface CollectedLog {
  flows: LogFlow[]
  answers: NameAnswer[]
  account: ParseAccount
  error: InputError | null
}

const addressOf = (family: number, words: Uint32Array, row: number) =>
  formatAddress(family, words[row * 4] ?? 0, words[row * 4 + 1] ?? 0, words[row * 4 + 2] ?? 0, words[row * 4 + 3] ?? 0)

const timeOf = (micros = Number.NaN) =>
  Number.isNaN(micros)
    ? null
    : new Date(micros / 1000).toISOString().replace('Z', `${String(micros % 1000).padStart(3, '0')}Z`)

function copy(batch: FlowBatch, row: number): LogFlow {
  const number = (column: ArrayLike<number>) => column[row] ?? Number.NaN
  return {
    a: addressOf(number(batch.family), batch.addressA, row),
    portA: number(batch.portA),
    b: addressOf(number(batch.family), batch.addressB, row),
    portB: number(batch.portB),
    protocol: number(batch.protocol),
    packets: [number(batch.packetsA), number(batch.packetsB)],
    bytes: [number(batch.bytesA), number(batch.bytesB)],
    start: timeOf(batch.start[row]),
    end: timeOf(batch.end[row]),
    opener: number(batch.opener),
    names: batch.names[row] ?? [],
    hidden: batch.hidden[row] ?? null,
    macs: [number(batch.macA), number(batch.macB)],
  }
}

/** @param cuts lengths of the chunks, used in turn; the whole at once without any */
export function collectLog(
  text: string | Uint8Array,
  reading: CaptureReading = {},
  cuts: readonly number[] = [],
): CollectedLog {
  const flows: LogFlow[] = []
  const answers: NameAnswer[] = []
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const parser = openParser(
    bytes.subarray(0, 16_384),
    {
      answer: (answer) => answers.push(answer),
      flows: (batch) => {
        for (let row = 0; row < batch.length; row++) flows.push(copy(batch, row))
      },
    },
    reading,
  )
  let error: InputError | null = null
  const trying = (step: () => void) => {
    try {
      if (error === null) step()
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown
      error = thrown
    }
  }
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = cuts.length === 0 ? bytes.length : Math.max(1, cuts[turn % cuts.length] ?? 1)
    // A copy of its own, so that bytes behind the chunk are not there to be read.
    trying(() => parser.push(bytes.slice(at, at + length)))
    at += length
  }
  trying(() => parser.end())
  return { flows, answers, account: parser.account(), error }
}

export const sumOf = ({ used, leftOut }: ParseAccount) =>
  Object.values(leftOut).reduce((sum, count) => sum + count, used)
