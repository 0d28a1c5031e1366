/**
 * Looks through a file for forty made-up identifiers, in pieces as bodies come. Prints the processor time in milliseconds without
 * reading the file and making the search ready, and how many hits there were.
 */
import { readFileSync } from 'node:fs'
import { Examiner } from '../functions/identify/examiner.ts'
import { fortySeeds } from './identify-data.ts'

const turns = 9
const piece = 1 << 18
const bytes = readFileSync(process.argv[2] ?? '')
const examiner = new Examiner(fortySeeds)
let ms = Number.POSITIVE_INFINITY
let hits = 0
for (let turn = 0; turn < turns; turn++) {
  const start = process.cpuUsage()
  for (let at = 0; at < bytes.length; at += piece)
    examiner.take({
      flow: turn,
      fromA: true,
      time: 0,
      part: 'body',
      method: 'POST',
      host: 'collect.example.com',
      path: '/v1/up',
      field: null,
      mediaType: null,
      codings: [],
      bytes: bytes.subarray(at, at + piece),
      missing: 0,
    })
  const { user, system } = process.cpuUsage(start)
  ms = Math.min(ms, (user + system) / 1000)
  hits = examiner.examinedOf(turn, true).hits.reduce((sum, { count }) => sum + count, 0)
  examiner.forget(turn)
}
console.log(JSON.stringify({ ms, hits }))
