/** What node:tls cannot be brought to do: keys that are updated, padding, early data. OpenSSL's own client and server can. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { cert, HOST, key, recorded, SERVER_NAME, tlsServer } from './bench.ts'
import { namesIn } from './reading.ts'

const present = spawnSync('openssl', ['version']).status === 0
if (!present) console.warn('skipped: openssl is not here; install it (Debian: apt-get install openssl)')

const folder = mkdtempSync(join(tmpdir(), 'domicile-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text = '') => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const request = (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`
const front = `tls-sni:${SERVER_NAME}`

/** @param lines what is typed, one after the other @returns the key log */
async function client(port: number, lines: readonly string[], ...options: string[]): Promise<string> {
  const keyLog = file('keys.log')
  const target = ['-connect', `${HOST}:${port}`, '-servername', SERVER_NAME, '-keylogfile', keyLog]
  const process = spawn('openssl', ['s_client', ...target, ...options], { stdio: ['pipe', 'ignore', 'ignore'] })
  await setTimeout(300)
  for (const line of lines) {
    process.stdin.write(line)
    await setTimeout(150)
  }
  process.kill()
  await once(process, 'exit')
  return readFileSync(keyLog, 'latin1')
}

/** A server that takes early data. */
async function earlyServer(): Promise<{ process: ChildProcess; port: number }> {
  const files = ['-cert', file('cert.pem', cert), '-key', file('key.pem', key)]
  const process = spawn('openssl', ['s_server', '-accept', `${HOST}:0`, '-early_data', ...files])
  process.stderr.resume()
  for (let said = ''; ; ) {
    const [chunk] = await once(process.stdout, 'data')
    said += chunk
    const port = /^ACCEPT .*:(\d+)$/m.exec(said)?.[1]
    if (port === undefined) continue
    process.stdout.resume()
    return { process, port: Number(port) }
  }
}

describe.skipIf(!present)('TLS 1.3 of OpenSSL', () => {
  test.each(['K', 'k'])('keys that are updated on the way (%s)', async (command) => {
    const typed = [
      request('one.example'),
      `${command}\n`,
      request('two.example'),
      `${command}\n`,
      request('three.example'),
    ]
    const { segments, keyLog } = await recorded(tlsServer(), (port) => client(port, typed))
    expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([
      front,
      'http-host:one.example',
      'http-host:two.example',
      'http-host:three.example',
    ])
  })

  test('records with padding', async () => {
    const { segments, keyLog } = await recorded(tlsServer(), (port) =>
      client(port, [request('one.example')], '-record_padding', '1024'),
    )
    expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([front, 'http-host:one.example'])
  })

  test('early data, of which the secret is known or not, that a server takes or refuses', async () => {
    const servers = [await earlyServer(), await earlyServer()] as const
    const session = file('session.pem')
    const early = file('early.txt', request('early.example'))
    try {
      await client(servers[0].port, [request('first.example')], '-sess_out', session)
      for (const { port } of servers) {
        const { segments, keyLog } = await recorded(port, (between) =>
          client(between, [request('two.example')], '-sess_in', session, '-early_data', early),
        )
        expect(keyLog).toContain('CLIENT_EARLY_TRAFFIC_SECRET')
        const late = keyLog.replace(/^CLIENT_EARLY.*\n/m, '')
        const capture = segments.pcap()
        expect((await namesIn(capture, keyLog)).names).toEqual([
          front,
          'http-host:early.example',
          'http-host:two.example',
        ])
        expect((await namesIn(capture, late)).names).toEqual([front, 'http-host:two.example'])
      }
    } finally {
      for (const { process } of servers) process.kill()
    }
  })
})
