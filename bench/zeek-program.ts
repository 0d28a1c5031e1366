/**
 * One reader of the Zeek benchmark, in a process of its own: `ours` or `plain`, and the log's path. Prints the processor time
 * in milliseconds, and what came out, so that readers can be held against one another.
 */
import { readFileSync } from 'node:fs'
import { ZeekParser } from '../functions/parse/zeek/zeek-log.ts'
import { runReader } from './log-reader-program.ts'

const chunkSize = 1 << 16
const path = process.argv[3] ?? ''
const bytes = new Uint8Array(readFileSync(path))

/** Flows of every row, in batches: addresses, ports, packets, bytes, times; joined by uid. */
function ours(): readonly number[] {
  let flows = 0
  let sent = 0
  const parser = new ZeekParser(
    {
      answer: () => {},
      flows: ({ length, bytesA }) => {
        flows += length
        for (let row = 0; row < length; row++) sent += bytesA[row] as number
      },
    },
    {},
  )
  for (let at = 0; at < bytes.length; at += chunkSize) parser.push(bytes.subarray(at, at + chunkSize))
  parser.end()
  return [flows, sent]
}

/** The plainest program that sums the same: a text a line, taken apart by what Node brings along; it joins and checks nothing. */
function plain(): readonly number[] {
  let flows = 0
  let sent = 0
  let column = -1
  const memory = Buffer.from(bytes.buffer)
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from)
    const line = memory.toString('latin1', from, end)
    from = end + 1
    if (line.startsWith('#')) {
      if (line.startsWith('#fields')) column = line.split('\t').indexOf('orig_ip_bytes') - 1
      continue
    }
    flows++
    sent += line.startsWith('{') ? JSON.parse(line).orig_ip_bytes : Number(line.split('\t')[column])
  }
  return [flows, sent]
}

runReader({ ours, plain })
