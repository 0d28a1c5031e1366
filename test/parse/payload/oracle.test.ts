/** Names and answers against what tshark found in captures that nobody here made (`../shared/material/README.md`). */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { FlowBatch, NameAnswer } from '../../../functions/model.ts'
import { canonicalAddress, formatAddress } from '../../../functions/net/address.ts'
import { shownName } from '../../../functions/parse/payload/flow-names.ts'
import { readCapture } from '../../../functions/parse/read-capture.ts'

const root = '../shared/material'

interface Seen {
  readonly client: string
  readonly client_port: number
  readonly server: string
  readonly server_port: number
}
interface Oracle {
  readonly name: string
  readonly rc: number
  readonly rc2: number
  readonly client_hello_without_sni: readonly Seen[]
  readonly inner_convs: readonly unknown[]
  readonly tls_sni: readonly (Seen & { readonly sni: string })[]
  readonly http_hosts: readonly (Seen & { readonly host: string })[]
  readonly dns:
    | Readonly<Record<string, { name: string; via: string; ips: string[] }>>
    | readonly { name: string; via: string; ips: string[] }[]
}

function oracles(): Oracle[] {
  if (!existsSync(`${root}/oracle`)) return []
  return readdirSync(`${root}/oracle`)
    .filter((file) => file.endsWith('.tshark.json'))
    .map((file): Oracle => JSON.parse(readFileSync(`${root}/oracle/${file}`, 'utf8')))
    .filter((o) => o.rc === 0 && o.rc2 === 0 && existsSync(`${root}/pcap/${o.name}`))
}

const key = (...ends: string[]) => ends.sort().join(' ')
const end = (ip: string, port: number) => `${canonicalAddress(ip) ?? ip}|${port}`

/** Names by the ends of their flow, and answers. */
async function namesIn(file: string): Promise<{ names: Map<string, Set<string>>; answers: NameAnswer[] }> {
  const names = new Map<string, Set<string>>()
  const answers: NameAnswer[] = []
  const flows = (batch: FlowBatch) => {
    for (let row = 0; row < batch.length; row++) {
      const of = (words: Uint32Array, port: Int32Array) => {
        const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.subarray(4 * row, 4 * row + 4)
        return end(formatAddress(batch.family[row] ?? 0, w0, w1, w2, w3), port[row] ?? -1)
      }
      const ends = key(of(batch.addressA, batch.portA), of(batch.addressB, batch.portB))
      const known = names.get(ends) ?? new Set()
      for (const { name } of batch.names[row] ?? []) known.add(name)
      names.set(ends, known)
    }
  }
  await readCapture(createReadStream(file), {}, { flows, answer: (answer) => answers.push(answer) })
  return { names, answers }
}

/** Names that tshark gives and Domicile does not, and why. */
const MISSING: Readonly<Record<string, string>> = {
  'libpcap__AH-IPcomp-IPv4.pcap 150.0.1.1':
    'compressed by IPComp, and no packet says how: its ends agreed on that before',
  'libpcap__AH-IPcomp-IPv6.pcap 2003::8c00:1':
    'compressed by IPComp, and no packet says how: its ends agreed on that before',
  'ndpi__fuzz-2006-09-29-28586.pcap %s': 'a Host field with a NUL in it is kept whole; tshark ends it there',
}

describe.skipIf(oracles().length === 0)('beside tshark (skipped without ../shared/material)', () => {
  const isTunnelled = ({ inner_convs }: Oracle) => inner_convs.length > 0
  const untunnelled = oracles().filter((o) => !isTunnelled(o))
  const share = (found: number, of: number) => expect(found / of, `${found} of ${of}`)

  it('every server name and host is found on its flow, but for a named few', { timeout: 120_000 }, async () => {
    let wanted = 0
    const missing = new Set<string>()
    for (const oracle of oracles()) {
      const seen = [
        ...oracle.tls_sni.map((s) => ({ ...s, name: s.sni })),
        ...oracle.http_hosts.map((s) => ({ ...s, name: s.host })),
      ]
      if (seen.length === 0) continue
      const { names } = await namesIn(`${root}/pcap/${oracle.name}`)
      for (const one of seen) {
        const name = shownName(one.name)
        if (name === null) continue
        wanted++
        const ends = key(end(one.client, one.client_port), end(one.server, one.server_port))
        // Of what is in a tunnel tshark tells the inner ends, and the name is one of the flow outside.
        const isIn = (known: ReadonlySet<string>) => known.has(name)
        if (
          names.has(ends) ? isIn(names.get(ends) ?? new Set()) : isTunnelled(oracle) && [...names.values()].some(isIn)
        )
          continue
        missing.add(`${oracle.name} ${name}`)
      }
    }
    expect(wanted).toBeGreaterThan(900)
    expect([...missing].sort()).toEqual(Object.keys(MISSING))
  })

  it('no answer is told of a name that tshark did not see resolved', async () => {
    let told = 0
    let known = 0
    for (const oracle of untunnelled) {
      const resolved = Object.values(oracle.dns).filter((d) => d.via === 'dns')
      if (resolved.length === 0) continue
      const addresses = new Set(resolved.flatMap((d) => d.ips.map((ip) => canonicalAddress(ip))))
      const { answers } = await namesIn(`${root}/pcap/${oracle.name}`)
      for (const answer of answers.filter((a) => a.via !== 'http-dns')) {
        told++
        if (addresses.has(answer.address)) known++
      }
    }
    expect(told).toBeGreaterThan(300)
    share(known, told).toBeGreaterThan(0.98)
  })

  it("the push servers of Xiaomi's phones are named as they were dialled", async () => {
    const { names } = await namesIn(`${root}/pcap/ndpi__xiaomi.pcap`)
    const dialled = 'fr-app-chat-global-xiaomi-net1-1667981913.eu-central-1.elb.amazonaws.com'
    expect(names.get(key('192.168.2.100|37708', '3.127.176.74|5222'))).toEqual(new Set(['xiaomi.com', dialled]))
    const asked = names.get(key('192.168.2.100|48698', '203.107.1.65|80'))
    expect(asked).toEqual(new Set(['203.107.1.65', 'appmarket.micloud.xiaomi.net']))
  })
})
