/** What EVE's events have of what was said waits for its flows in bounded memory. */
import { expect, test } from 'vitest'
import type { Content } from '../../../functions/model.ts'
import { EveContent } from '../../../functions/parse/eve/content.ts'
import { EveEvent } from '../../../functions/parse/eve/event.ts'
import { createFlowBatch } from '../../../functions/parse/flow-batch.ts'
import { LogTimes } from '../../../functions/parse/log-time.ts'

const ends = { src_ip: '192.168.7.2', src_port: 40001, dest_ip: '203.0.113.5', dest_port: 443, proto: 'TCP' }

test('what came first is given up where more is said than is kept, and its flows say nothing', () => {
  const said: string[] = []
  const sink = {
    flows: () => {},
    answer: () => {},
    content: ({ bytes }: Content) => {
      said.push(Buffer.from(bytes).toString())
    },
  }
  // Room for about twelve pieces.
  const content = EveContent.of(sink, 4000)
  if (!content) throw new Error('content was asked for')
  const event = new EveEvent(new LogTimes(undefined))
  for (let id = 1; id <= 40; id++) {
    const bytes = new Uint8Array(Buffer.from(JSON.stringify({ flow_id: id, ...ends, tls: { sni: `h${id}.example` } })))
    expect(event.read(bytes, 0, bytes.length) && event.readFlowId() && event.readEnds()).toBe(true)
    content.add(event, 0)
  }
  const batch = createFlowBatch(40)
  const { words, portA, portB } = event
  for (let id = 1; id <= 40; id++) {
    const row = batch.length++
    batch.addressA.set(words.subarray(0, 4), row * 4)
    batch.addressB.set(words.subarray(4), row * 4)
    batch.portA[row] = portA
    batch.portB[row] = portB
    content.handOn(id, batch, row)
  }
  expect(said.length).toBeGreaterThan(8)
  expect(said.length).toBeLessThan(13)
  expect(said.at(-1)).toBe('h40.example')
  const numbers = Array.from(batch.content)
  expect(numbers.filter((number) => number !== 0)).toEqual(said.map((_, i) => i + 1))
  expect(numbers.slice(0, 20)).toEqual(new Array(20).fill(0))
})
