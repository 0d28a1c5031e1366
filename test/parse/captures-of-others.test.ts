/** Captures that nobody on this project made, against what tshark says of them. Skipped where they are not at hand. */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FlowBatch } from '../../functions/model.ts'
import { formatAddress } from '../../functions/net/address.ts'
import { readCapture } from '../../functions/parse/read-capture.ts'
import { accounted } from './capture-builder.ts'

const MATERIAL = '../shared/material'
const isHere = existsSync(join(MATERIAL, 'oracle'))

interface Oracle {
  readonly name: string
  readonly rc: number
  readonly rc2: number
  readonly packets: number
  readonly fragment_packets: number
  readonly convs: readonly {
    readonly proto: number
    readonly a: string
    readonly ap: number | null
    readonly b: string
    readonly bp: number | null
    readonly pkts_ab: number
    readonly pkts_ba: number
    readonly ipbytes_ab: number
    readonly ipbytes_ba: number
  }[]
}

/** Captures whose conversations differ from tshark's, and why. */
const DIFFERS: Readonly<Record<string, string>> = {
  'akv__mpls-eompls-cw.pcap': 'Ethernet in MPLS is followed; tshark stops at the labels',
  'akv__mpls-eompls-invalid-cw.pcap': 'Ethernet in MPLS is followed; tshark stops at the labels',
  'tcpdump__802_15_4-data.pcap': '802.15.4 is not read',
  'zeek__cisco-fabric-path.pcap': 'tagged frames in FabricPath are followed; tshark stops at some',
  'zeek__ipv6-fragmented-dns.pcap': 'later fragments belong to the protocol that they are of; tshark counts them as 44',
  'tcpdump__ipv6_frag6_negative_len.pcap':
    'later fragments belong to the protocol that they are of; tshark counts them as 44',
}

type Sums = Map<string, readonly [number, number, number, number]>

function addTo(
  sums: Sums,
  protocol: number,
  ends: readonly [string, string],
  counts: readonly [number, number, number, number],
) {
  const swap = ends[0] > ends[1]
  const key = `${protocol} ${swap ? `${ends[1]} ${ends[0]}` : `${ends[0]} ${ends[1]}`}`
  const [packetsA, bytesA, packetsB, bytesB] = swap ? [counts[2], counts[3], counts[0], counts[1]] : counts
  const sum = sums.get(key) ?? [0, 0, 0, 0]
  sums.set(key, [sum[0] + packetsA, sum[1] + bytesA, sum[2] + packetsB, sum[3] + bytesB])
}

function addBatch(sums: Sums, batch: FlowBatch, ports: boolean): void {
  const end = (row: number, addresses: Uint32Array, numbers: Int32Array) => {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = addresses.subarray(row * 4, row * 4 + 4)
    const port = numbers[row] ?? -1
    return `${formatAddress(batch.family[row] ?? 0, w0, w1, w2, w3)}|${ports && port >= 0 ? port : ''}`
  }
  for (let row = 0; row < batch.length; row++)
    addTo(
      sums,
      batch.protocol[row] ?? -1,
      [end(row, batch.addressA, batch.portA), end(row, batch.addressB, batch.portB)],
      [batch.packetsA[row] ?? 0, batch.bytesA[row] ?? 0, batch.packetsB[row] ?? 0, batch.bytesB[row] ?? 0],
    )
}

/** tshark's spelling of an address is not quite RFC 5952 (`::ffff:` with hex): one spelling for both. */
const canonical = (ip: string) => (ip.includes(':') ? new URL(`http://[${ip}]`).hostname.slice(1, -1) : ip)
const canonicalKey = (key: string) => key.replace(/[^ |]*:[^ |]*/g, (ip) => canonical(ip))

function expected(oracle: Oracle): Sums {
  const ports = oracle.fragment_packets === 0
  const sums: Sums = new Map()
  for (const c of oracle.convs)
    addTo(
      sums,
      c.proto,
      [`${canonical(c.a)}|${ports ? (c.ap ?? '') : ''}`, `${canonical(c.b)}|${ports ? (c.bp ?? '') : ''}`],
      [c.pkts_ab, c.ipbytes_ab, c.pkts_ba, c.ipbytes_ba],
    )
  return sums
}

const oracles: Oracle[] = isHere
  ? readdirSync(join(MATERIAL, 'oracle'))
      .filter((file) => file.endsWith('.tshark.json'))
      .map((file): Oracle => JSON.parse(readFileSync(join(MATERIAL, 'oracle', file), 'utf8')))
      .filter(({ name }) => existsSync(join(MATERIAL, 'pcap', name)))
  : []

describe.skipIf(!isHere)(`captures of ${MATERIAL} (skipped where the folder is absent)`, () => {
  test('every capture is accounted for, and but for a named few agrees with tshark', { timeout: 300_000 }, async () => {
    const differs: string[] = []
    const whole = oracles.filter(({ rc, rc2 }) => rc === 0 && rc2 === 0)
    for (const oracle of whole) {
      const seen: Sums = new Map()
      const ports = oracle.fragment_packets === 0
      const read = await readCapture(
        createReadStream(join(MATERIAL, 'pcap', oracle.name)),
        {},
        {
          answer: () => {},
          flows: (batch) => addBatch(seen, batch, ports),
        },
      )
      expect(read.records, oracle.name).toBe(accounted(read))
      expect(read.records, oracle.name).toBe(oracle.packets)
      const mine: Sums = new Map()
      for (const [key, counts] of seen) {
        const [protocol = '', a = '', b = ''] = canonicalKey(key).split(' ')
        addTo(mine, Number(protocol), [a, b], counts)
      }
      const theirs = expected(oracle)
      const isSame =
        mine.size === theirs.size && [...theirs].every(([key, counts]) => mine.get(key)?.join() === counts.join())
      if (!isSame) differs.push(oracle.name)
    }
    expect(differs.filter((name) => !(name in DIFFERS))).toEqual([])
    expect(Object.keys(DIFFERS).filter((name) => !differs.includes(name))).toEqual([])
    expect(differs.length).toBeLessThan(whole.length * 0.02)
  })

  test('what tshark refuses gives a result too', async () => {
    const refused = oracles.filter(({ rc, rc2 }) => rc !== 0 || rc2 !== 0)
    expect(refused.length).toBeGreaterThan(0)
    for (const { name } of refused) {
      const read = await readCapture(
        createReadStream(join(MATERIAL, 'pcap', name)),
        {},
        {
          answer: () => {},
          flows: () => {},
        },
      )
      expect(read.records, name).toBe(accounted(read))
    }
  })
})
