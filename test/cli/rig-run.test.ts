import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadSession } from '../../functions/declare/load.ts'
import { checkSeal } from '../../functions/rig/session-folder.ts'
import { root } from '../support/bundle.ts'

const program = join(root, 'dist/domicile.js')
const hasTerminal = spawnSync('script', ['--version']).status === 0

let folder = ''
let env: NodeJS.ProcessEnv = {}
const at = (name: string) => join(folder, name)
const write = (name: string, text: string) => writeFileSync(at(name), text)
const sessionOf = (name: string) => parse(readFileSync(join(at(name), 'session.yaml'), 'utf8'))
const journalOf = (name: string) =>
  readFileSync(join(at(name), 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'domicile-run-')))
  cpSync(join(root, 'test/rig/bin'), at('bin'), { recursive: true })
  env = { ...process.env, PATH: `${at('bin')}:${process.env.PATH}`, WIRE: at('wire') }
  write(
    'protocol.yaml',
    `apiVersion: domicile/v1
kind: Protocol
id: smoke
title: A short test
steps:
  - { id: power-on, title: Power it on, instruct: Power it on. }
  - { id: insert-sim, title: Insert the SIM, instruct: Insert it. }
  - { id: mms, title: Send an MMS, instruct: Send it., optional: true }
  - { id: idle, title: Leave it alone, kind: idle, wait: PT1S }
  - { id: opt-in, title: Opt in, instruct: Agree., consent: opt-in }
`,
  )
  write('rig.yaml', 'id: rig-delhi\nplace: { country: IN, city: New Delhi }\ninterface: wlan0\ntool: dumpcap\n')
})

const words = (...more: string[]) => ['rig', 'run', 'protocol.yaml', '-o', 's', '--rig', 'rig.yaml', ...more]

/** Runs the program without a terminal, to its end. */
function domicile(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    input,
    encoding: 'utf8',
    timeout: 50_000,
  })
  return { status, stdout, stderr }
}

/** The captures that still run for this test. */
const capturing = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(at('s')) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('captures/')
      )
    } catch {
      return false
    }
  })

/** The program in a pseudo-terminal of script(1), with somebody who types. */
class Played {
  readonly #child: ChildProcessWithoutNullStreams
  readonly ended: Promise<number | null>
  #seen = ''
  #heard = 0

  constructor(args: readonly string[]) {
    const command = `echo $$ > pid; exec '${process.execPath}' '${program}' ${args.join(' ')}`
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: folder, env })
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#seen += chunk.toString()
    })
    this.ended = new Promise((resolve) => this.#child.on('exit', resolve))
  }

  get seen(): string {
    return this.#seen
  }

  /** Waits until the program has said this since it was last waited for. */
  async until(text: string): Promise<void> {
    for (let waited = 0; waited < 20_000; waited += 20) {
      const found = this.#seen.indexOf(text, this.#heard)
      if (found >= 0) {
        this.#heard = found + text.length
        return
      }
      await setTimeout(20)
    }
    throw new Error(`${JSON.stringify(text)} was not said after ${JSON.stringify(this.#seen.slice(this.#heard))}`)
  }

  async type(prompt: string, line: string): Promise<void> {
    await this.press(prompt, `${line}\n`)
  }

  async press(prompt: string, keys: string): Promise<void> {
    await this.until(prompt)
    this.#child.stdin.write(keys)
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(readFileSync(at('pid'), 'utf8')), signal)
  }
}

describe.skipIf(!hasTerminal)('rig run in a terminal (needs script(1))', () => {
  it('leads through a protocol, is killed in the middle, and goes on where it was', { timeout: 60_000 }, async () => {
    const first = new Played(words())
    await first.type('Model of the device: ', 'Redmi 1S')
    await first.type('firmware, as its settings show it: ', 'JHCMIBH50.0')
    await first.type('How it came here', 'boxed')
    await first.type('Write one of new, factory-reset, updated, in-use', '')
    await first.type('How it came here', 'new')
    await first.type('hardware addresses, with blanks between: ', 'on the box')
    await first.until('is no hardware address')
    await first.type('Model of the device [Redmi 1S]: ', '')
    await first.type('firmware', '')
    await first.type('How it came here (new, factory-reset, updated, in-use) [new]: ', '')
    await first.type('hardware addresses, with blanks between: ', '02:00:5e:10:00:01')
    await first.until('[1/5] power-on: Power it on')
    await first.type('Enter begins it', '')
    await first.until('Begun at ')
    await first.type('Enter when it is done', 'n the IMEI is 001012345678902')
    await first.until("nobody's data belongs into a note")
    await first.type('Enter when it is done', 'n the screen was cracked')
    await first.type('Enter when it is done', '')
    await first.until('[2/5] insert-sim')
    await first.type('Enter begins it', '')
    await first.until('Begun at ')
    first.kill('SIGKILL')
    await first.ended
    const before = journalOf('s')
    expect(before.at(-1)).toMatchObject({ event: 'step-begin', step: 'insert-sim' })
    expect(capturing()).toHaveLength(1)

    const refused = domicile(words())
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--resume') })

    const second = new Played(words('--resume'))
    await second.until('Resumed. From ')
    await second.until('[2/5] insert-sim')
    await second.type('Enter when it is done', 'r the tray was open')
    await second.until('[2/5] insert-sim-2')
    await second.type('Enter begins it', '')
    await second.type('Enter when it is done', '')
    await second.until('[3/5] mms: Send an MMS (optional)')
    await second.type('Enter begins it, s REASON skips it', 's the SIM has none')
    await second.until('[4/5] idle')
    await second.until('[5/5] opt-in')
    await second.type('Enter begins it', '')
    await second.type('Enter when it is done', '')
    await second.until('is sealed')
    expect(await second.ended).toBe(0)

    expect(capturing()).toEqual([])
    // What was written before the crash stands as it was.
    expect(journalOf('s').slice(0, before.length)).toEqual(before)
    const text = readFileSync(join(at('s'), 'session.yaml'), 'utf8')
    const { session, faults } = loadSession(text, 'session.yaml')
    expect(faults).toEqual([])
    expect(session?.steps.map(({ id }) => id)).toEqual(['power-on', 'insert-sim', 'insert-sim-2', 'idle', 'opt-in'])
    const begun = before.find((entry) => entry.event === 'step-begin' && entry.step === 'insert-sim')
    const written = parse(text)
    expect(written.steps[1].from).toBe(begun.at)
    expect(written).toMatchObject({
      id: 's',
      rig: { id: 'rig-delhi', place: { country: 'IN', city: 'New Delhi' }, clockErrorMs: 1000 },
      device: { model: 'Redmi 1S', firmware: 'JHCMIBH50.0', state: 'new', addresses: ['02:00:5e:10:00:01'] },
      captures: [{ file: 'captures/wlan0-1.pcapng' }, { file: 'captures/wlan0-2.pcapng' }],
      capture: { tool: 'dumpcap', version: 'Dumpcap (made up) 1.0.', interface: 'wlan0', dropped: 6 },
      captureRuns: [{ ended: 'stopped' }, { ended: 'stopped' }],
      skipped: [{ step: 'mms', why: 'the SIM has none' }],
      protocol: { id: 'smoke', part: 1, parts: 1 },
    })
    expect(written.deviations).toEqual([
      expect.stringContaining('the clock could not be measured'),
      'power-on: the screen was cracked',
      expect.stringMatching(/^insert-sim: the run broke off and was resumed \(\S+Z to \S+Z\)$/),
      'insert-sim: was done again: the tray was open',
    ])
    expect((await checkSeal(at('s'))).faults).toEqual([])
    for (const file of ['session.yaml', 'journal.jsonl'])
      expect(readFileSync(join(at('s'), file), 'utf8')).not.toContain('001012345678902')
  })

  it('pauses by Ctrl-C and by a line that is lost, with its capture stopped', { timeout: 60_000 }, async () => {
    write('answers.yaml', 'device: { state: new }\n')
    const played = new Played(words('--session', 'delhi-1'))
    for (const prompt of ['Model', 'firmware']) await played.type(prompt, '')
    await played.type('How it came here', 'in-use')
    await played.type('hardware addresses', '')
    await played.press('Enter begins it', '\u0003')
    await played.until('Paused.')
    expect(await played.ended).toBe(3)
    expect(capturing()).toEqual([])
    const again = new Played(words('--resume'))
    await again.type('Enter begins it', '')
    await again.until('Begun at')
    again.kill('SIGHUP')
    expect(await again.ended).toBe(3)
    expect(capturing()).toEqual([])
    expect(journalOf('s').filter(({ event }) => event === 'pause')).toMatchObject([
      { why: 'by SIGINT' },
      { why: 'by SIGHUP' },
    ])
    expect(domicile(words('--resume', '--script', 'answers.yaml'))).toMatchObject({ status: 0 })
    const { id, deviations } = sessionOf('s')
    expect(id).toBe('delhi-1')
    expect(deviations).toContain('from here on a script answered for the operator')
  })
})

describe('rig run without a terminal', () => {
  it('is played through by a script, which the session says', async () => {
    write(
      'answers.yaml',
      'device: { model: Redmi 1S, state: new, addresses: ["02:00:5e:10:00:01"] }\nsteps:\n  power-on: { note: it was on }\n  insert-sim: { repeat: the tray was open }\n  insert-sim-2: { run: [/bin/sh, -c, "echo said-001012345678902; exit 3"] }\n  mms: { skip: no MMS }\n',
    )
    const run = domicile(words('--script', 'answers.yaml', '--time-scale', '10'))
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(sessionOf('s')).toMatchObject({
      script: { timeScale: 10, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      deviations: expect.arrayContaining([
        'nobody led the run: a script answered, and made waits 10 times shorter',
        'power-on: it was on',
        "insert-sim-2: the script's command failed: sh: exit status 3",
      ]),
    })
    for (const file of ['session.yaml', 'journal.jsonl'])
      expect(readFileSync(join(at('s'), file), 'utf8')).not.toContain('001012345678902')
    expect(domicile(['check', 's/session.yaml'])).toMatchObject({ status: 0 })
    expect(domicile(words('--time-scale', '10'))).toMatchObject({ status: 2 })
    expect(domicile(['rig', 'run', 'protocol.yaml', '-o', 's', '--rig', 'rig.yaml'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('s has a run already'),
    })
  })

  it('begins a session of its own where the device is reset, and finds the canary', { timeout: 60_000 }, async () => {
    const server = createServer((request, response) => {
      writeFileSync(at('wire'), `GET ${request.url} HTTP/1.1\r\n`)
      response.end('ok')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    write(
      'protocol.yaml',
      `apiVersion: domicile/v1
kind: Protocol
id: two
title: Two sessions
steps:
  - { id: canary, title: Canary, kind: canary, canary: { url: "http://example.com/", by: rig } }
  - { id: reset, title: Reset it, instruct: Reset it., resets: factory-reset }
`,
    )
    write('answers.yaml', 'device: { model: Redmi 1S, state: new }\n')
    const child = spawn(process.execPath, [program, ...words('--script', 'answers.yaml', '--canary', url)], {
      cwd: folder,
      env,
    })
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0)
    server.close()
    expect(sessionOf('s')).toMatchObject({
      id: 's',
      device: { state: 'new' },
      canary: {
        address: '127.0.0.1',
        step: 'canary',
        seen: true,
        url: expect.stringMatching(/\/domicile-[a-z2-9]{8}$/),
      },
    })
    expect(sessionOf('s-2')).toMatchObject({
      id: 's-2',
      device: { model: 'Redmi 1S', state: 'factory-reset' },
      protocol: { part: 2, parts: 2 },
      steps: [{ id: 'reset' }],
    })
    for (const name of ['s', 's-2']) expect((await checkSeal(at(name))).faults).toEqual([])
  })

  it('takes a script at its word in every kind of step', { timeout: 60_000 }, () => {
    write(
      'protocol.yaml',
      `apiVersion: domicile/v1
kind: Protocol
id: kinds
title: Steps of every kind
steps:
  - { id: power-on, title: Power it on, instruct: Power it on. }
  - { id: idle, title: Leave it alone, kind: idle, wait: PT1S }
  - { id: boot, title: It boots, instruct: Wait., kind: auto }
  - { id: canary, title: Canary, kind: canary, canary: { url: "http://127.0.0.1:9/", by: rig } }
  - { id: rest, title: Leave it alone again, kind: idle, wait: PT1H }
`,
    )
    write(
      'answers.yaml',
      `kind: Script
device: { state: new }
steps:
  idle: { note: it rang, run: [touch, ran-idle], repeat: somebody came }
  idle-2: { note: it rang again }
  boot: { note: it was slow, run: [touch, ran-boot] }
  canary: { note: by hand, run: [touch, ran-canary] }
  rest: { skip: no time }
`,
    )
    expect(domicile(words('--script', 'answers.yaml'))).toMatchObject({ status: 0, stderr: '' })
    const { deviations, skipped, steps } = sessionOf('s')
    expect(deviations).toEqual(
      expect.arrayContaining([
        'idle: it rang',
        'idle: was done again: somebody came',
        'idle-2: it rang again',
        'boot: it was slow',
        'canary: by hand',
      ]),
    )
    expect(skipped).toEqual([{ step: 'rest', why: 'no time' }])
    expect(steps.map(({ id }: { id: string }) => id)).toEqual(['power-on', 'idle', 'idle-2', 'boot', 'canary'])
    for (const ran of ['ran-idle', 'ran-boot', 'ran-canary']) expect(existsSync(at(ran)), ran).toBe(true)
  })

  it('keeps what a script runs from the edges of its step by twice the error of the clock, however short waits are', () => {
    write('bin/chronyc', '#!/bin/sh\nexit 1\n')
    chmodSync(at('bin/chronyc'), 0o755)
    write('answers.yaml', 'steps: { opt-in: { run: [sh, -c, "date +%s%3N > ran"] } }\n')
    expect(domicile(words('--script', 'answers.yaml', '--time-scale', '1000'))).toMatchObject({ status: 0 })
    const { from, until } = sessionOf('s').steps.at(-1)
    const ran = Number(readFileSync(at('ran'), 'utf8'))
    expect(ran - Date.parse(from)).toBeGreaterThanOrEqual(1999)
    expect(Date.parse(until) - ran).toBeGreaterThanOrEqual(1999)
  })

  it.each([
    [
      'a step that there is not',
      'idl: { note: it rang }',
      '2:3: steps.idl: the protocol `smoke` has no step `idl`: did you mean `idle`?',
    ],
    [
      'a repetition that never comes',
      'idle-2: { note: it rang }',
      '2:3: steps.idle-2: `idle-2` never comes, because `idle` is not repeated: give that one `repeat: REASON`, or leave this one out',
    ],
    [
      'a note with a number',
      'idle: { note: it is 001012345678902 }',
      "2:17: steps.idle.note: nobody's data belongs into a note",
    ],
    [
      'a step that is skipped and noted',
      'mms: { skip: none, note: none }',
      '2:16: steps.mms.skip: a step that is skipped is not done',
    ],
  ])('refuses a script with %s before anything is run', (_what, line, says) => {
    write('answers.yaml', `steps:\n  ${line}\n`)
    const { status, stderr } = domicile(words('--script', 'answers.yaml'))
    expect(stderr).toContain(`answers.yaml:${says}`)
    expect(stderr).not.toContain('001012345678902')
    expect(status).toBe(2)
    expect(existsSync(at('s'))).toBe(false)
  })

  it('says that nothing can be planted into a session that it seals', () => {
    write('answers.yaml', 'device: { state: new }\n')
    const hint = 'in a session that is not sealed'
    expect(domicile(words('--script', 'answers.yaml')).stdout).toContain(hint)
    expect(
      domicile(['rig', 'run', 'protocol.yaml', '-o', 't', '--rig', 'rig.yaml', '--script', 'answers.yaml', '--no-seal'])
        .stdout,
    ).not.toContain(hint)
  })

  it('goes on at the right interface after a wrong one, and the session names that', () => {
    write('answers.yaml', 'device: { state: new }\n')
    const { stderr } = domicile(words('--script', 'answers.yaml', '--interface', 'nowhere0'))
    expect(stderr).toContain('go on with --resume; where the name was wrong, give --interface again')
    expect(domicile(words('--script', 'answers.yaml', '--resume', '--interface', 'wlan1'))).toMatchObject({ status: 0 })
    expect(sessionOf('s')).toMatchObject({
      capture: { interface: 'wlan1' },
      captures: [{ file: 'captures/wlan1-1.pcapng' }],
    })
  })

  it('starts a capture that ended by itself again, in a file of its own, and says so', () => {
    write('answers.yaml', 'steps: { power-on: { run: [sleep, "2"] } }\n')
    env = { ...env, DIES_AFTER: '300' }
    expect(domicile(words('--script', 'answers.yaml', '--no-seal'))).toMatchObject({ status: 0 })
    expect(sessionOf('s')).toMatchObject({
      captures: [{ file: 'captures/wlan0-1.pcapng' }, { file: 'captures/wlan0-2.pcapng' }],
      captureRuns: [{ ended: 'died' }, { ended: 'stopped' }],
      deviations: expect.arrayContaining([expect.stringContaining('dumpcap ended by itself and was started again (')]),
    })
    expect(existsSync(join(at('s'), 'seal.json'))).toBe(false)
    expect(domicile(['rig', 'seal', 's'])).toMatchObject({ status: 0 })
  })

  it('has the same steps however often it is killed, and leaves no capture running', { timeout: 120_000 }, async () => {
    write('answers.yaml', 'device: { state: new }\n')
    let random = 7
    let kills = 0
    for (;;) {
      const begun =
        existsSync(join(at('s'), 'journal.jsonl')) &&
        readFileSync(join(at('s'), 'journal.jsonl'), 'utf8').includes('\n')
      const args = words('--script', 'answers.yaml', ...(begun ? ['--resume'] : []))
      const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: 'ignore' })
      const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
      random = (random * 1103515245 + 12345) % 2 ** 31
      const status = await Promise.race([ended, kills < 8 ? setTimeout(250 + (random % 900), 'kill') : ended])
      if (status !== 'kill') {
        expect(status).toBe(0)
        break
      }
      child.kill('SIGKILL')
      await ended
      kills++
    }
    expect(kills).toBeGreaterThan(1)
    const { session, faults } = loadSession(readFileSync(join(at('s'), 'session.yaml'), 'utf8'), 'session.yaml')
    expect(faults).toEqual([])
    expect(session?.steps.map(({ id }) => id)).toEqual(['power-on', 'insert-sim', 'mms', 'idle', 'opt-in'])
    const there = readdirSync(join(at('s'), 'captures')).map((file) => `captures/${file}`)
    expect(session?.captures.map(({ file }) => file)).toEqual(there.sort())
    expect((await checkSeal(at('s'))).faults).toEqual([])
    expect(capturing()).toEqual([])
  })

  it.each([
    ['an interface that is none', ['--interface', 'nowhere0'], 'There is no device named "nowhere0"'],
    ['a tool that is none', ['--tool', 'tshark'], 'write dumpcap or tcpdump'],
    ['a canary that is not in clear', ['--canary', 'https://example.com/'], 'write http://HOST/'],
    ['a rig in no country', ['--rig', 'lost.yaml'], 'rig.place.country'],
    ['a device whose address is none', ['--script', 'device.yaml'], 'is no hardware address'],
    ['nothing to resume', ['--resume'], 'there is no run to resume'],
  ])('refuses %s', (_what, more, says) => {
    write('answers.yaml', 'device: { state: new }\n')
    write('lost.yaml', 'id: rig-lost\nplace: { country: ZZ }\ninterface: wlan0\ntool: dumpcap\n')
    write('device.yaml', 'device: { state: new, addresses: [unknown] }\n')
    const { status, stderr } = domicile(words('--script', 'answers.yaml', ...more))
    expect(stderr).toContain(says)
    expect(status).toBe(2)
  })

  it('refuses another protocol than the one that was begun', () => {
    write('answers.yaml', 'device: { state: new }\n')
    domicile(words('--script', 'answers.yaml', '--no-seal'))
    const text = readFileSync(at('protocol.yaml'), 'utf8')
    write('protocol.yaml', text.replace('A short test', 'Another test'))
    expect(domicile(words('--resume', '--script', 'answers.yaml')).stderr).toContain('was begun by another protocol')
  })
})
