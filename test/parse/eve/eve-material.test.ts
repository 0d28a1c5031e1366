/**
 * What suricata-verify's checks state of Suricata's events, written as those events, read, and held against our own reading of
 * the same packets. Skipped where they are not at hand.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { FlowBatch, Name } from '../../../functions/model.ts'
import { formatAddress } from '../../../functions/net/address.ts'
import { readCapture } from '../../../functions/parse/read-capture.ts'
import { collectLog } from '../log-collect.ts'

const MATERIAL = '../shared/material'
const CHECKS = join(MATERIAL, 'oracle/suricata')

/** Captures whose events differ from our reading of their packets, and why. */
const DIFFERS: Readonly<Record<string, string>> = {
  'sv__decode-erspan-typeII-01.pcap': 'Suricata has the flows in tunnels too; of packets the outermost ends are read',
  'sv__geneve-decoder.pcap': 'Suricata has the flows in tunnels too; of packets the outermost ends are read',
}

interface Check {
  readonly filter?: { readonly count?: number; readonly match?: Readonly<Record<string, unknown>> }
}

/** `dns.answers[0].rdata: x` as the nested event that it speaks of. */
function nested(match: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const event: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(match)) {
    const keys = path.split('.').flatMap((key) => key.split(/\[(\d+)\]/).filter(Boolean))
    let at: Record<string, unknown> = event
    for (const [i, key] of keys.entries()) {
      if (i === keys.length - 1) at[key] = value instanceof Date ? value.toISOString() : value
      else {
        at[key] ??= /^\d+$/.test(keys[i + 1] ?? '') ? [] : {}
        at = at[key] as Record<string, unknown>
      }
    }
  }
  return event
}

/** The flow, netflow, tls, http, quic and dns events of which a check states both ends, with their ports. */
function eventsOf(folder: string): Record<string, unknown>[] {
  return readdirSync(folder).flatMap((file) => {
    const { checks = [] } = (parse(readFileSync(join(folder, file), 'utf8')) ?? {}) as { checks?: Check[] }
    return checks.flatMap(({ filter }) => {
      const event = nested(filter?.match ?? {})
      const isStated =
        (filter?.count ?? 1) > 0 &&
        'src_ip' in event &&
        'dest_ip' in event &&
        ('src_port' in event || /ICMP/.test(String(event.proto)))
      return isStated && /^(flow|netflow|tls|http|quic|dns)$/.test(String(event.event_type)) ? [event] : []
    })
  })
}

interface Conversation {
  readonly ends: string
  readonly packets: number
  readonly bytes: number
  readonly names: readonly Name[]
}

const endsOf = (a: string, portA: number, b: string, portB: number) =>
  [`${a}|${portA}`, `${b}|${portB}`].sort().join(' ')

function conversations(batch: FlowBatch): Conversation[] {
  return Array.from({ length: batch.length }, (_, row) => {
    const address = (words: Uint32Array) => {
      const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.subarray(row * 4, row * 4 + 4)
      return formatAddress(batch.family[row] ?? 0, w0, w1, w2, w3)
    }
    return {
      ends: endsOf(address(batch.addressA), batch.portA[row] ?? -1, address(batch.addressB), batch.portB[row] ?? -1),
      packets: (batch.packetsA[row] ?? 0) + (batch.packetsB[row] ?? 0),
      bytes: (batch.bytesA[row] ?? 0) + (batch.bytesB[row] ?? 0),
      names: batch.names[row] ?? [],
    }
  })
}

async function packetsOf(path: string): Promise<{ flows: Conversation[]; answers: string[] }> {
  const flows: Conversation[] = []
  const answers: string[] = []
  const chunks = (async function* () {
    yield new Uint8Array(readFileSync(path))
  })()
  await readCapture(
    chunks,
    {},
    {
      answer: ({ name, address }) => answers.push(`${name} ${address}`),
      flows: (batch) => flows.push(...conversations(batch)),
    },
  )
  return { flows, answers }
}

const captures = existsSync(CHECKS)
  ? readdirSync(CHECKS).filter(
      (name) => existsSync(join(MATERIAL, 'pcap', name)) && eventsOf(join(CHECKS, name)).length > 0,
    )
  : []

describe.skipIf(captures.length === 0)(`captures of ${MATERIAL} (skipped where the folder is absent)`, () => {
  // One case at least, so that where there is no material the skipping is seen.
  test.each(captures.length === 0 ? ['none'] : captures)('%s: events tell what its packets tell', async (name) => {
    const packets = await packetsOf(join(MATERIAL, 'pcap', name))
    const problems: string[] = []
    for (const [index, event] of eventsOf(join(CHECKS, name)).entries()) {
      const timed = { timestamp: '2020-01-01T00:00:00.000000+0000', flow_id: index + 1, proto: 'TCP', ...event }
      const { flows, answers, account } = collectLog(`${JSON.stringify(timed)}\n`)
      expect(account.records).toBe(1)
      for (const { name: host, address } of answers)
        if (!packets.answers.includes(`${host} ${address}`)) problems.push(`no packet answers ${host} with ${address}`)
      for (const flow of flows) {
        const ends = endsOf(flow.a, flow.portA, flow.b, flow.portB)
        const same = packets.flows.filter((found) => found.ends === ends)
        if (same.length === 0) problems.push(`no packets between ${ends}`)
        const inPackets = new Set(same.flatMap(({ names }) => names.map((known) => `${known.name} ${known.via}`)))
        for (const { name: host, via } of flow.names)
          if (!inPackets.has(`${host} ${via}`)) problems.push(`no packet between ${ends} names ${host} (${via})`)
        // One netflow event tells of one direction, and frames are longer than their IP packets.
        const sum = [0, 0]
        for (const { packets: count, bytes } of same) {
          sum[0] = (sum[0] ?? 0) + count
          sum[1] = (sum[1] ?? 0) + bytes
        }
        const stated = [flow.packets[0] + flow.packets[1], flow.bytes[0] + flow.bytes[1]] as const
        if (event.event_type === 'flow' && stated[0] > 0 && stated[1] > 0) {
          if (stated[0] !== sum[0]) problems.push(`${sum[0]} packets between ${ends}, not ${stated[0]}`)
          else if (stated[1] < (sum[1] ?? 0))
            problems.push(`${sum[1]} bytes between ${ends}, and frames of ${stated[1]}`)
        }
      }
    }
    if (name in DIFFERS) expect(problems, DIFFERS[name]).not.toEqual([])
    else expect(problems).toEqual([])
  })
})
