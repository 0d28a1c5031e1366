/** dumpcap or tcpdump as a child of the run: started, watched, and stopped so that what it wrote is whole. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InputError } from '../errors.ts'
import { captureCounts } from './capture-loss.ts'
import type { CaptureCounts, CaptureEnd } from './entries.ts'

export type ToolName = 'dumpcap' | 'tcpdump'

const START_MS = 15_000
const STOP_MS = 10_000
const LOOK_MS = 50

/** What the tool is asked to do. Both write whole packets; dumpcap as pcapng, with what it lost. */
const argumentsOf: Readonly<Record<ToolName, (at: string, file: string) => readonly string[]>> = {
  dumpcap: (at, file) => ['-i', at, '-w', file, '-s', '262144', '-B', '16', '-q'],
  // Without -Z it would give up root's rights, and with them that to write into the folder.
  tcpdump: (at, file) => ['-i', at, '-w', file, '-s', '262144', '-B', '16384', '-U', '-n', '-Z', userInfo().username],
}

/** What a tool says once it captures. */
const STARTED = /^File: |listening on /m

/** Paths of a capture and of its log, below the session's folder; neither is there yet. */
export function nextCapture(
  folder: string,
  at: string,
  tool: ToolName,
): { readonly file: string; readonly log: string } {
  const name = at.replace(/[^A-Za-z0-9._-]/g, '_')
  const extension = tool === 'dumpcap' ? 'pcapng' : 'pcap'
  for (const below of ['captures', 'logs']) mkdirSync(join(folder, below), { recursive: true })
  for (let number = 1; ; number++) {
    const file = `captures/${name}-${number}.${extension}`
    const log = `logs/${name}-${number}.${tool}.log`
    const there = readdirSync(join(folder, 'captures')).some((other) => other.startsWith(`${name}-${number}.`))
    if (!there && !existsSync(join(folder, log))) return { file, log }
  }
}

/** A capture that runs. */
export interface RunningCapture {
  readonly pid: number
  /** Resolves when it has ended, by itself or stopped. */
  readonly ended: Promise<void>
}

/**
 * Starts a capture and waits until the tool says that it captures. It has a process group of its own, so that Ctrl-C is the
 * run's alone; and writes what it has to say into a file, so that nothing of it is lost where the run is killed.
 *
 * @param onSpawn told the number of the process as soon as there is one
 * @throws InputError with what the tool said, where it does not start
 */
export async function startCapture(
  tool: ToolName,
  at: string,
  folder: string,
  paths: { readonly file: string; readonly log: string },
  onSpawn: (pid: number) => void,
): Promise<RunningCapture> {
  const log = openSync(join(folder, paths.log), 'wx')
  const child = spawn(tool, argumentsOf[tool](at, join(realpathSync(folder), paths.file)), {
    detached: true,
    stdio: ['ignore', 'ignore', log],
  })
  closeSync(log)
  if (child.pid !== undefined) onSpawn(child.pid)
  let failed: Error | null = null
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      failed = error
      resolve()
    })
    child.on('exit', () => resolve())
  })
  const says = () => readFileSync(join(folder, paths.log), 'utf8')
  const isOver = () => failed !== null || child.exitCode !== null || child.signalCode !== null
  const deadline = Date.now() + START_MS
  while (!isOver() && Date.now() < deadline) {
    if (STARTED.test(says()) && child.pid !== undefined) return { pid: child.pid, ended }
    await Promise.race([ended, setTimeout(LOOK_MS)])
  }
  if (child.pid !== undefined && !isOver()) await stopProcess(child.pid)
  const why = failed === null ? says().trim().split('\n').slice(-3).join(' ') : (failed as Error).message
  const missing = failed !== null && (failed as NodeJS.ErrnoException).code === 'ENOENT'
  throw new InputError(
    missing
      ? `${tool} is not there: install it (Debian: apt-get install ${tool === 'dumpcap' ? 'wireshark-common' : 'tcpdump'}), or name the other one with --tool`
      : `${tool} does not capture on ${at}: ${why || 'it said nothing'}. Check the name of the interface (\`ip link\`) and the right to capture, and go on with --resume; where the name was wrong, give --interface again with it`,
  )
}

/**
 * Stops a process by SIGINT, as its manual has it, and by SIGKILL where it does not go.
 *
 * @returns how it ended; `found-dead` where it was not there any more
 */
export async function stopProcess(pid: number): Promise<CaptureEnd> {
  if (!signal(pid, 'SIGINT')) return 'found-dead'
  for (let waited = 0; waited < STOP_MS; waited += LOOK_MS) {
    await setTimeout(LOOK_MS)
    if (!isRunning(pid)) return 'stopped'
  }
  signal(pid, 'SIGKILL')
  for (let waited = 0; waited < STOP_MS && isRunning(pid); waited += LOOK_MS) await setTimeout(LOOK_MS)
  return 'killed'
}

/** Numbers of the processes that were told to capture into a folder: a run that was killed leaves its capture running. */
export function capturesInto(folder: string): readonly number[] {
  const path = join(realpathSync(folder), 'captures/')
  const isOne = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split('\0')
        .some((word) => word.startsWith(path))
    } catch {
      return false
    }
  }
  if (!existsSync('/proc/self/cmdline')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isOne(pid) && isRunning(pid))
}

/** @returns whether the process was there */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A child that has ended and was not waited for yet does not run. */
function isRunning(pid: number): boolean {
  if (!signal(pid, 0)) return false
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

/** What the tool counted, and whether it wrote anything. */
export function captureResult(folder: string, paths: { readonly log: string }): CaptureCounts {
  const path = join(folder, paths.log)
  return existsSync(path) ? captureCounts(readFileSync(path, 'utf8')) : {}
}

/** Bytes of a file, 0 where there is none. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
