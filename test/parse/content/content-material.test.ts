/** That content is asked for changes nothing else, over captures that others made. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { saidIn } from './said.ts'

const material = '../shared/material'
const LARGEST = 16 << 20

describe.skipIf(!existsSync(material)).each(['pcap', 'har', 'mitmproxy', 'suricata', 'zeek', 'pcapdroid', 'netflow'])(
  'captures of %s',
  (folder) => {
    test('give the same flows, names, answers and ledgers, and every piece belongs to a flow', async () => {
      const files = readdirSync(join(material, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
      const faults: string[] = []
      for (const file of files) {
        const bytes = new Uint8Array(readFileSync(file))
        if (bytes.length > LARGEST) continue
        const [without, asked] = [await saidIn(bytes, { asks: false }), await saidIn(bytes)]
        if (JSON.stringify(asked.read) !== JSON.stringify(without.read)) faults.push(`${file}: another ledger`)
        if (asked.digest !== without.digest) faults.push(`${file}: other flows`)
        const numbers = asked.flows.map(({ content }) => content).filter((number) => number !== 0)
        const said = new Set(asked.pieces.map(({ flow }) => flow))
        if (
          new Set(numbers).size !== numbers.length ||
          said.size !== numbers.length ||
          !numbers.every((n) => said.has(n))
        )
          faults.push(`${file}: ${said.size} flows say something, ${numbers.length} are numbered`)
        if (without.flows.some(({ content }) => content !== 0)) faults.push(`${file}: numbered, and nobody asked`)
      }
      expect(faults).toEqual([])
    }, 300_000)
  },
)
