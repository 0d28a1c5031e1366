/** Opened TLS beside tshark, which has the same secrets: in captures made here, and in those that nobody here made. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { shownName } from '../../../functions/parse/payload/flow-names.ts'
import { http2Requests, http2Server, recorded, requests, tlsServer } from './bench.ts'
import { namesIn } from './reading.ts'

const present = spawnSync('tshark', ['--version']).status === 0
if (!present) console.warn('skipped: tshark is not here; install it (Debian: apt-get install tshark)')

const material = '../shared/material/pcap'
const folder = mkdtempSync(join(tmpdir(), 'domicile-tshark-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Hosts of the requests that tshark sees in a capture, sorted. */
function hostsByTshark(path: string): string[] {
  const fields = ['http.host', 'http2.headers.authority'].flatMap((field) => ['-e', field])
  const printed = execFileSync('tshark', ['-r', path, '-T', 'fields', '-E', 'aggregator= ', ...fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const hosts = printed.split(/\s+/).filter(Boolean)
  return [...new Set(hosts.map((host) => shownName(host) ?? ''))].sort()
}

async function hostsHere(path: string): Promise<string[]> {
  const { names } = await namesIn(new Uint8Array(readFileSync(path)))
  const hosts = names.filter((name) => name.startsWith('http-host:')).map((name) => name.slice('http-host:'.length))
  return [...new Set(hosts)].sort()
}

// In CI a missing tshark fails instead of passing in silence.
describe.skipIf(!present && process.env.CI === undefined)('the hosts that tshark sees', () => {
  const hosts = ['one.example', 'two.example']
  const suites = [
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
    ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
    ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-CCM8'],
  ] as const
  test.each(suites)('within %s with %s', async (version, suite) => {
    const ciphers = `${suite}:${version === 'TLSv1.3' ? 'DEFAULT' : ''}@SECLEVEL=0`
    const options = { minVersion: version, maxVersion: version, ciphers }
    for (const [name, bench] of [
      ['http1', recorded(tlsServer(options), (port) => requests(port, hosts, options))],
      ['http2', recorded(http2Server('', options), (port) => http2Requests(port, hosts, {}, options))],
    ] as const) {
      const { segments, keyLog } = await bench
      const path = join(folder, `${suite}-${name}.pcapng`)
      writeFileSync(path, segments.pcapng({ 0: keyLog }))
      expect(hostsByTshark(path)).toEqual(hosts)
      expect(await hostsHere(path)).toEqual(hosts)
    }
  })

  const withSecrets = ['ws__http2_follow_multistream.pcapng', 'ws__http2-brotli.pcapng'].filter((name) =>
    existsSync(join(material, name)),
  )
  if (withSecrets.length === 0) console.warn('skipped: captures with secrets are not beside the checkout')
  test.skipIf(withSecrets.length === 0)('in captures of others with secrets in them', async () => {
    for (const name of withSecrets) {
      const seen = hostsByTshark(join(material, name))
      expect(seen).not.toEqual([])
      expect(await hostsHere(join(material, name))).toEqual(seen)
    }
  })
})
