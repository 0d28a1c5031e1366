import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { run as audit } from '../../functions/cli/audit-command.ts'
import { run as seal } from '../../functions/cli/rig-seal-command.ts'
import { run as upload } from '../../functions/cli/upload-command.ts'
import { InputError } from '../../functions/errors.ts'
import { sealSession } from '../../functions/rig/seal-session.ts'
import { sessionFolder } from '../rig/session.ts'
import { root } from '../support/bundle.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const at = Date.UTC(2026, 10, 23) * 1000
let session = ''
let target = ''
const path = (file: string) => join(session, file)
const send = async (options = {}) => {
  const terminal = memoryTerminal()
  const status = await upload(session, target, options, terminal)
  return { status, said: terminal.stdout, warned: terminal.stderr }
}
const there = (below = target) =>
  existsSync(below)
    ? readdirSync(below, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(below.length + 1))
        .sort()
    : []
const files = ['captures/wlan0-1.pcapng', 'journal.jsonl', 'logs/wlan0-1.dumpcap.log', 'seal.json', 'session.yaml']

beforeEach(async () => {
  session = sessionFolder()
  target = mkdtempSync(join(tmpdir(), 'domicile-evidence-'))
})

describe('upload', () => {
  it('puts every file of a sealed session below the target, the campaign and its id', async () => {
    await sealSession(session, at)
    const { status, said } = await send({ campaign: 'redmi-1s' })
    expect(status).toBe(0)
    expect(said).toContain('delhi-1: 5 files, 5 written')
    expect(there()).toEqual(files.map((file) => `redmi-1s/delhi-1/${file}`))
    for (const file of files)
      expect(readFileSync(join(target, 'redmi-1s/delhi-1', file))).toEqual(readFileSync(path(file)))
  })

  it('warns of what `check` warns of, as sealing does', async () => {
    writeFileSync(path('session.yaml'), readFileSync(path('session.yaml'), 'utf8').replace(', clockErrorMs: 50', ''))
    const terminal = memoryTerminal()
    expect(await seal(session, terminal)).toBe(0)
    expect(terminal.stderr).toContain('session.yaml:5:6: warning: rig: does not say how far its clock may be off')
    expect((await send()).warned).toBe(terminal.stderr)
  })

  it('passes over what is there already', async () => {
    await sealSession(session, at)
    await send()
    rmSync(join(target, 'delhi-1/session.yaml'))
    expect((await send()).said).toContain('5 files, 1 written')
    expect((await send()).said).toContain('5 files, 0 written')
  })

  it('overwrites nothing, and writes nothing where anything would be', async () => {
    await sealSession(session, at)
    mkdirSync(join(target, 'delhi-1'))
    writeFileSync(join(target, 'delhi-1/session.yaml'), 'of somebody else')
    await expect(send()).rejects.toThrow('nothing is overwritten')
    expect(there()).toEqual(['delhi-1/session.yaml'])
    expect(readFileSync(join(target, 'delhi-1/session.yaml'), 'utf8')).toBe('of somebody else')
  })

  it('refuses a session that is not sealed', async () => {
    await expect(send()).rejects.toThrow('is not sealed: `domicile rig seal')
    expect(there()).toEqual([])
  })

  it('writes session.yaml last, and goes on after it was killed', { timeout: 60_000 }, async () => {
    // Enough to be killed in the middle of.
    writeFileSync(path('captures/large.pcapng'), Buffer.alloc(120_000_000, 'domicile'))
    const text = readFileSync(path('session.yaml'), 'utf8')
    writeFileSync(path('session.yaml'), `${text}  - { file: captures/large.pcapng }\n`)
    await sealSession(session, at)
    const child = spawn(process.execPath, [join(root, 'dist/domicile.js'), 'upload', session, target])
    const ended = new Promise((resolve) => child.on('exit', resolve))
    for (;;) {
      const begun = there().some((file) => file.includes('.unfinished-'))
      if (begun || child.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    child.kill('SIGKILL')
    await ended
    expect(there().filter((file) => !file.includes('.unfinished-'))).not.toContain('delhi-1/session.yaml')
    expect((await send()).status).toBe(0)
    for (const file of [...files, 'captures/large.pcapng'])
      expect(readFileSync(join(target, 'delhi-1', file)).equals(readFileSync(path(file))), file).toBe(true)
  })
})

describe('upload into a bucket to which a rig may add, and in which it may not look', () => {
  /** Refuses to read and list; holds what is put there to If-None-Match, and fails at the object that `failing` names. */
  async function addOnly() {
    const objects = new Map<string, Buffer>()
    const state = { failing: '' }
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const key = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname)
        const refused = request.method !== 'PUT' || (state.failing !== '' && key.endsWith(state.failing))
        const status = refused ? 403 : request.headers['if-none-match'] !== '*' ? 500 : objects.has(key) ? 412 : 200
        if (status === 200) objects.set(key, Buffer.concat(chunks))
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'A',
      AWS_SECRET_ACCESS_KEY: 'x',
    }
    const upload = async () => {
      const args = [join(root, 'dist/domicile.js'), 'upload', session, 's3://intake-bucket/intake/redmi-1s']
      const child = spawn(process.execPath, args, { env })
      const said: Buffer[] = []
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
      const status = await new Promise((resolve) => child.on('close', resolve))
      return { status, said: Buffer.concat(said).toString() }
    }
    return { objects, state, upload, close: () => server.close() }
  }

  it('goes on by what it has noted beside the folder, and says where it cannot compare', {
    timeout: 60_000,
  }, async () => {
    await sealSession(session, at)
    const bucket = await addOnly()
    bucket.state.failing = 'seal.json'
    expect(await bucket.upload()).toMatchObject({ status: 2, said: expect.stringContaining('access is denied') })
    expect(bucket.objects.size).toBe(3)
    bucket.state.failing = ''
    expect(await bucket.upload()).toMatchObject({ status: 0, said: expect.stringContaining('2 written') })
    expect([...bucket.objects.keys()]).toEqual(
      ['captures/wlan0-1.pcapng', 'journal.jsonl', 'logs/wlan0-1.dumpcap.log', 'seal.json', 'session.yaml'].map(
        (file) => `/intake-bucket/intake/redmi-1s/delhi-1/${file}`,
      ),
    )
    rmSync(`${session}.uploaded.jsonl`)
    expect(await bucket.upload()).toMatchObject({ status: 2, said: expect.stringContaining('may not read it') })
    bucket.close()
  })
})

describe('a sealed session of which a bit was altered', () => {
  /** A campaign with the example's declaration and the session. */
  const campaign = () => {
    const folder = mkdtempSync(join(tmpdir(), 'domicile-campaign-'))
    cpSync(join(root, 'examples/redmi-1s/declaration.yaml'), join(folder, 'declaration.yaml'))
    cpSync(join(root, 'examples/redmi-1s/reference'), join(folder, 'reference'), { recursive: true })
    cpSync(session, join(folder, 'delhi-1'), { recursive: true })
    return folder
  }
  const judge = (folder: string) => audit([folder], { out: join(folder, '../report') }, memoryTerminal())

  it('is judged where it was not altered', { timeout: 60_000 }, async () => {
    await sealSession(session, at)
    expect([0, 1, 3]).toContain(await judge(campaign()))
  })

  const flips: readonly (readonly [file: string, where: string, (length: number) => number])[] = [
    'session.yaml',
    'seal.json',
    'captures/wlan0-1.pcapng',
    'journal.jsonl',
    'logs/wlan0-1.dumpcap.log',
  ].flatMap((file) => [
    [file, 'first', () => 0] as const,
    [file, 'middle', (length: number) => Math.floor(length / 2)] as const,
    [file, 'last', (length: number) => length - 1] as const,
  ])

  it.each(flips)('is refused by upload and by audit: %s, its %s byte', async (file, _where, position) => {
    await sealSession(session, at)
    for (const bit of [0, 3, 7]) {
      const bytes = readFileSync(path(file))
      const altered = Buffer.from(bytes)
      const i = position(bytes.length)
      altered[i] = (altered[i] ?? 0) ^ (1 << bit)
      writeFileSync(path(file), altered)
      await expect(send(), `bit ${bit}`).rejects.toThrow(InputError)
      await expect(judge(campaign()), `bit ${bit}`).rejects.toThrow(/is not as it was sealed: /)
      writeFileSync(path(file), bytes)
    }
    expect(there()).toEqual([])
  })

  it.each([
    [
      'a capture more',
      () => writeFileSync(path('captures/more.pcapng'), readFileSync(path('captures/wlan0-1.pcapng'))),
    ],
    ['a capture less', () => rmSync(path('captures/wlan0-1.pcapng'))],
    ['a capture cut short', () => truncateSync(path('captures/wlan0-1.pcapng'), 40)],
    ['no seal', () => rmSync(path('seal.json'))],
  ])('is refused by upload and by audit with %s', async (_what, alter) => {
    await sealSession(session, at)
    alter()
    await expect(send()).rejects.toThrow(InputError)
    await expect(judge(campaign())).rejects.toThrow(/is not as it was sealed: /)
  })
})
