/** Values that occur in dumps of mitmproxy, named by the HAR that mitmproxy made of the same traffic, and looked for in the dump. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Examiner } from '../../functions/identify/examiner.ts'
import type { FlowBatch, Seed } from '../../functions/model.ts'
import { readCapture } from '../../functions/parse/read-capture.ts'

const folder = join(import.meta.dirname, '../../../shared/material/mitmproxy')
const present = existsSync(folder)
if (!present) console.log('skipped: ../shared/material is not here')

interface Named {
  readonly name: string
  readonly value: string
}
interface HarRequest {
  readonly url: string
  readonly headers?: readonly Named[]
  readonly cookies?: readonly Named[]
  readonly queryString?: readonly Named[]
}
interface Entry {
  readonly request: HarRequest
  readonly serverIPAddress?: string
}

const pairs = present
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.mitm') && existsSync(join(folder, name.replace(/\.mitm$/, '.har'))))
      .map((name) => name.replace(/\.mitm$/, ''))
  : []

/** What stands in requests and is long enough not to stand anywhere else. */
function valuesIn(har: string): readonly string[] {
  const entries: Entry[] = JSON.parse(readFileSync(har, 'utf8')).log.entries
  // Of one that reached no server there is no flow, and its record is left out as `no-server-address`.
  const reached = entries.filter(({ serverIPAddress }) => serverIPAddress)
  const values = reached.flatMap(({ request: { headers = [], cookies = [], queryString = [] } }) =>
    [...headers, ...cookies, ...queryString].map(({ value }) => value),
  )
  return [...new Set(values.filter((value) => /^[\w.-]{8,40}$/.test(value)))].sort()
}

async function foundIn(dump: string, seeds: readonly Seed[]): Promise<ReadonlySet<string>> {
  const examiner = new Examiner(seeds)
  const found = new Set<string>()
  async function* bytes() {
    yield new Uint8Array(readFileSync(dump))
  }
  await readCapture(
    bytes(),
    {},
    {
      answer: () => {},
      content: (content) => examiner.take(content),
      flows: (batch: FlowBatch) => {
        for (let row = 0; row < batch.length; row++)
          for (const ofA of [true, false])
            for (const { seed } of examiner.examinedOf(batch.content[row] ?? 0, ofA).hits) found.add(seed)
      },
    },
  )
  return found
}

describe.skipIf(!present)('values of a pair of dump and HAR', () => {
  it('are there to be looked for', () => {
    const values = pairs.flatMap((pair) => valuesIn(join(folder, `${pair}.har`)))
    expect(pairs.length).toBeGreaterThan(2)
    expect(values.length).toBeGreaterThan(10)
  })

  it.each(pairs)('%s: every one that the HAR names is found in the dump', async (pair) => {
    const values = valuesIn(join(folder, `${pair}.har`))
    const seeds = values.map((value, i): Seed => ({ id: `value-${i}`, kind: 'account', value }))
    const found = await foundIn(join(folder, `${pair}.mitm`), seeds)
    // By their numbers: what others sent is printed nowhere.
    expect(seeds.filter(({ id }) => !found.has(id)).map(({ id }) => id)).toEqual([])
  })
})
