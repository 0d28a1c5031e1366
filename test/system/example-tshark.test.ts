/** The example's captures, read by tshark: an independent reader that checks every checksum and every length. */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeCaptures } from '../../examples/redmi-1s/make.ts'

const example = join(import.meta.dirname, '../../examples/redmi-1s')
const captures = makeCaptures()
  .map(({ path }) => path)
  .filter((path) => path.includes('.pcap'))

const present = spawnSync('tshark', ['--version']).status === 0
if (!present) console.warn('skipped: tshark is not here; install it (Debian: apt-get install tshark)')

/** What tshark prints of a capture, with every checksum checked. */
function tshark(capture: string, ...options: readonly string[]): string {
  const checks = ['ip', 'tcp', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`])
  return execFileSync('tshark', ['-r', join(example, capture), ...checks, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** Rows of the fields that are asked for; a field that a packet has not is empty. */
function fields(capture: string, filter: string, ...names: readonly string[]): string[][] {
  const asked = names.flatMap((name) => ['-e', name])
  return tshark(capture, '-Y', filter, '-T', 'fields', ...asked)
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}

// In CI a missing tshark fails instead of passing in silence.
describe.skipIf(!present && process.env.CI === undefined)('tshark reads the captures of the example', () => {
  it.each(captures)('%s without a warning, an error or a malformed packet', (capture) => {
    expect(tshark(capture, '-q', '-z', 'expert,warn').trim()).toBe('')
    expect(tshark(capture, '-Y', '_ws.malformed || _ws.short || _ws.expert.severity >= "Warning"')).toBe('')
  })

  it.each(captures)('%s with every checksum right', (capture) => {
    // 1 is tshark's word for a checksum that was checked and is right.
    const wrong = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6'].map((p) => `(${p} && !(${p}.checksum.status == 1))`)
    expect(tshark(capture, '-Y', wrong.join(' || '))).toBe('')
  })

  it('finds a server_name in the hello of every TLS conversation but the two that hide it', () => {
    const hellos = captures.flatMap((capture) =>
      fields(capture, 'tls.handshake.type == 1', 'ip.dst', 'tls.handshake.extensions_server_name'),
    )
    expect(hellos.filter(([, name]) => name === '' || name === undefined).map(([ip]) => ip)).toEqual([
      '54.254.100.7',
      '42.62.94.2',
    ])
    expect(new Set(hellos.map(([, name]) => name ?? ''))).toEqual(
      new Set([
        '',
        'api.account.xiaomi.com',
        'app.chat.xiaomi.net',
        'contactapi.micloud.xiaomi.net',
        'static.mi.com',
        'tracking.miui.com',
        'www.mi.com',
      ]),
    )
  })

  it('reads the chain that leads from a host of the store to its edge', () => {
    const capture = captures.find((path) => path.includes('cdn')) ?? ''
    const chains = fields(capture, 'dns.cname', 'dns.qry.name', 'dns.cname', 'dns.a')
    expect(chains).toEqual(
      Array.from({ length: 2 }, () => ['static.mi.com', 'd111111abcdef8.cloudfront.net', '54.230.150.10']),
    )
  })
})
