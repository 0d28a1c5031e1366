/** Runs one program in a process of its own, and measures its wall time and its peak memory. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Measured {
  readonly seconds: number
  /** Peak resident memory in MiB, as the kernel counts it (VmHWM); NaN where there is no /proc. */
  readonly peakMiB: number
  /** What it printed, if it was asked to be kept. */
  readonly stdout: string
}

/** Peak memory is read this often; the kernel keeps the maximum, so only the last moments before the end can be missed. */
const pollMs = 20

/** @throws Error with what the program printed, where it ends with another status than 0 */
export function measure(command: readonly string[], options: { keepOutput?: boolean } = {}): Promise<Measured> {
  const [file = '', ...args] = command
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(file, args, { stdio: ['ignore', options.keepOutput ? 'pipe' : 'ignore', 'pipe'] })
    let peakMiB = Number.NaN
    const poll = setInterval(() => {
      try {
        const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1]
        if (kib) peakMiB = Number(kib) / 1024
      } catch {
        // The process has just ended, or this system has no /proc.
      }
    }, pollMs)
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', (error) => {
      clearInterval(poll)
      reject(error)
    })
    child.on('close', (code) => {
      clearInterval(poll)
      const seconds = (performance.now() - start) / 1000
      if (code === 0) resolve({ seconds, peakMiB, stdout: Buffer.concat(stdout).toString() })
      else reject(new Error(`${command.join(' ')} ended with ${code}: ${Buffer.concat(stderr).toString().slice(-400)}`))
    })
  })
}

/** The best of several runs: other work on the machine only ever adds time. */
export async function best(times: number, command: readonly string[]): Promise<Measured> {
  let result = await measure(command)
  for (let i = 1; i < times; i++) {
    const again = await measure(command)
    if (again.seconds < result.seconds) result = again
  }
  return result
}
