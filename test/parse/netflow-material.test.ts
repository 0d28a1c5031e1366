/**
 * Held against nfdump: its text of packet captures against our own flows of the same captures, and its text of exporters'
 * datagrams against ours of the same datagrams. Skipped where ../shared/material is not at hand.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CaptureReading } from '../../functions/model.ts'
import { readCapture } from '../../functions/parse/read-capture.ts'
import { accounted, flowsOf } from './netflow-builder.ts'

const MATERIAL = '../shared/material'
const FOLDER = join(MATERIAL, 'netflow')
const files = existsSync(FOLDER) ? readdirSync(FOLDER) : []
if (files.length === 0) console.warn(`skipped: exporters' datagrams and nfdump's text are not here (${FOLDER})`)

/** Texts that say other things than our flows of the same capture, and why. */
const TEXT_DIFFERS: Readonly<Record<string, string>> = {
  nfdump17__ndpi__6in4tunnel: 'nfdump 1.7.1 counts the bytes inside the tunnel, and calls it protocol 4',
  nfdump18__ndpi__6in4tunnel: 'nfdump counts the bytes inside the tunnel',
  nfdump17__ndpi__android: 'nfdump 1.7.1 takes the hop-by-hop header for the protocol',
  nfdump18__ndpi__android: 'nfdump leaves out the bytes of the hop-by-hop header',
  nfdump17__ndpi__iphone: 'nfdump 1.7.1 takes the hop-by-hop header for the protocol',
  nfdump18__ndpi__iphone: 'nfdump leaves out the bytes of the hop-by-hop header',
  nfdump17__ndpi__ip_fragmented_garbage: 'nfdump puts fragments together, and leaves out those it cannot',
  nfdump18__ndpi__ip_fragmented_garbage: 'nfdump puts fragments together, and leaves out those it cannot',
  nfdump18__ndpi__dns: 'nfdump found no flows in this capture',
  nfdump18__ndpi__zoom: 'nfdump found no flows in this capture',
  'nfdump18__ndpi__xiaomi.biflow': 'this version prints both directions of a biflow with the ends of one',
}

/** Exporters of which nfdump says other things than we do, and why. */
const DATAGRAMS_DIFFER: Readonly<Record<string, string>> = {
  ipfix: 'nfdump was given the first of three messages',
  netflow5_test_juniper_mx80: 'nfdump multiplies by the sampling interval; we state what the record states, and a gap',
}

/** Packets and bytes by direction of a conversation, and when the conversation began. */
interface Totals {
  readonly sums: Map<string, readonly [number, number]>
  readonly starts: Map<string, number>
  readonly used: number
  readonly leftOut: Readonly<Record<string, number>>
}

async function totals(paths: readonly string[], reading: CaptureReading): Promise<Totals> {
  const sums = new Map<string, readonly [number, number]>()
  const starts = new Map<string, number>()
  const add = (key: string, packets = 0, bytes = 0) => {
    if (packets === 0 && bytes === 0) return
    const [p = 0, b = 0] = sums.get(key) ?? []
    sums.set(key, [p + packets, b + bytes])
  }
  async function* chunks() {
    for (const path of paths) yield new Uint8Array(readFileSync(path))
  }
  const read = await readCapture(chunks(), reading, {
    answer: () => {},
    flows: (batch) => {
      for (const { a, b, protocol, packets, bytes, start } of flowsOf(batch)) {
        add(`${protocol} ${a} > ${b}`, packets[0], bytes[0])
        add(`${protocol} ${b} > ${a}`, packets[1], bytes[1])
        const ends = [a, b].sort().join(' ')
        starts.set(ends, Math.min(starts.get(ends) ?? Number.POSITIVE_INFINITY, start))
      }
    },
  })
  expect(accounted(read), paths.join()).toBe(true)
  return { sums, starts, used: read.used, leftOut: read.leftOut }
}

/** @param within microseconds by which times may differ: nfdump counts milliseconds, and writes seconds in its older CSV */
function isSame(left: Totals, right: Totals, within: number): boolean {
  const keys = new Set([...left.sums.keys(), ...right.sums.keys()])
  const late = [...left.starts].filter(([ends, start]) => Math.abs(start - (right.starts.get(ends) ?? start)) > within)
  return late.length === 0 && [...keys].every((key) => left.sums.get(key)?.join() === right.sums.get(key)?.join())
}

const texts = files.filter((file) => /^nfdump1[78]__ndpi__/.test(file) && !file.includes('.stat-'))

describe.skipIf(texts.length === 0)("nfdump's text of captures", () => {
  test.each(texts)('%s has the flows that the packets have', { timeout: 60_000 }, async (file) => {
    const stem = file.slice(0, file.lastIndexOf('.'))
    const capture = join(MATERIAL, 'pcap', `ndpi__${(stem.split('__')[2] ?? '').split('.')[0]}`)
    const path = ['.pcap', '.pcapng', '.cap'].map((ending) => capture + ending).find(existsSync)
    if (path === undefined) return
    const zone = stem.includes('tz-Asia-Shanghai') ? 'Asia/Shanghai' : 'UTC'
    const [said, own] = [await totals([join(FOLDER, file)], { timeZone: zone }), await totals([path], {})]
    expect(isSame(said, own, 1e6)).toBe(!(stem in TEXT_DIFFERS))
  })

  test('its statistics are refused in words', async () => {
    for (const file of files.filter((name) => name.includes('.stat-'))) {
      const bytes = new Uint8Array(readFileSync(join(FOLDER, file)))
      const chunks = async function* () {
        yield bytes
      }
      const { error } = await readCapture(chunks(), {}, { answer: () => {}, flows: () => {} })
      expect(error).toMatch(/statistics/)
    }
  })
})

/** Flow records, with and without times. */
const recordsOf = ({ used, leftOut }: Totals) => used + (leftOut['no-time'] ?? 0)

/** The datagrams of an exporter in the order in which they are understood: templates first. */
function datagramsOf(exporter: string): string[] {
  const isWhole = ['netflow5', 'ipfix', 'netflow9_test_nprobe'].includes(exporter)
  const pattern = isWhole
    ? new RegExp(`^logstash__${exporter}(_tpl|_data)?\\.dat$`)
    : new RegExp(`^logstash__${exporter}.*\\.dat$`)
  return files
    .filter((file) => pattern.test(file))
    .sort((a, b) => Number(!a.includes('tpl')) - Number(!b.includes('tpl')))
}

const exporters = files
  .map((file) => /^nfdump18__exporter_(.*)\.json$/.exec(file)?.[1] ?? '')
  .filter((exporter) => exporter !== '' && datagramsOf(exporter).length > 0)

describe.skipIf(exporters.length === 0)("exporters' datagrams", () => {
  test.each(exporters)('of %s give the flows that nfdump gives', async (exporter) => {
    const own = await totals(
      datagramsOf(exporter).map((file) => join(FOLDER, file)),
      { format: 'netflow' },
    )
    const text = join(FOLDER, `nfdump18__exporter_${exporter}`)
    const said = await totals([`${text}.json`], { timeZone: 'UTC' })
    expect(recordsOf(await totals([`${text}.csv`], { timeZone: 'UTC' }))).toBe(recordsOf(said))
    if (exporter in DATAGRAMS_DIFFER) expect(isSame(own, said, 1000)).toBe(false)
    else if (recordsOf(own) >= recordsOf(said)) expect(isSame(own, said, 1000)).toBe(true)
    // Datagrams that are not at hand are in nfdump's text all the same: what both have has to agree.
    else for (const [key, sum] of own.sums) expect(`${key} ${said.sums.get(key) ?? sum}`).toBe(`${key} ${sum}`)
  })

  test('every datagram at hand gives a result or words', async () => {
    const datagrams = files.filter((file) => /^(logstash__.*\.dat|akvorado__.*\.pcap)$/.test(file))
    for (const file of datagrams) await totals([join(FOLDER, file)], { format: 'netflow' })
    expect(datagrams.length).toBeGreaterThan(0)
  })

  test('akvorado, templates before data: flows with their ends, times and sampling', async () => {
    const { sums, used, leftOut } = await totals([join(FOLDER, 'akvorado__netflow_data+templates.pcap')], {
      format: 'netflow',
    })
    expect([used, leftOut]).toEqual([21, { 'options-record': 1 }])
    expect(sums.size).toBeGreaterThan(0)
  })
})
