/**
 * One reader of the EVE benchmark, in a process of its own: `ours` or `plain`, and the log's path. Prints the processor time
 * in milliseconds, and what came out, so that readers can be held against one another.
 */
import { readFileSync } from 'node:fs'
import { EveParser } from '../functions/parse/eve/eve-log.ts'
import { runReader } from './log-reader-program.ts'

const chunkSize = 1 << 16
const path = process.argv[3] ?? ''
const bytes = new Uint8Array(readFileSync(path))

/** Flows in batches: addresses, ports, packets, bytes, times, names; and answers of resolvers. */
function ours(): readonly number[] {
  let flows = 0
  let sent = 0
  const sink = {
    answer: () => {},
    flows: ({ length, bytesA }: { length: number; bytesA: Float64Array }) => {
      flows += length
      for (let row = 0; row < length; row++) sent += bytesA[row] as number
    },
  }
  const parser = new EveParser(sink, {}, bytes.subarray(0, 16_384))
  for (let at = 0; at < bytes.length; at += chunkSize) parser.push(bytes.subarray(at, at + chunkSize))
  parser.end()
  return [parser.account().records, flows, sent]
}

/** The plainest program that sums the same: JSON.parse of every line; it joins and checks nothing. */
function plain(): readonly number[] {
  let records = 0
  let flows = 0
  let sent = 0
  const memory = Buffer.from(bytes.buffer)
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from)
    const event = JSON.parse(memory.toString('utf8', from, end))
    from = end + 1
    records++
    if (event.event_type !== 'flow') continue
    flows++
    sent += event.flow.bytes_toserver
  }
  return [records, flows, sent]
}

runReader({ ours, plain })
