/** A script in the place of the operator. The session says that nobody was there. */
import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ProtocolStep } from '../declare/protocol-shape.ts'
import { InputError } from '../errors.ts'
import type { Command, DeviceAnswer, Operator } from './operator.ts'
import type { Script } from './script-file.ts'

const COMMAND_MS = 600_000

export class ScriptedOperator implements Operator {
  readonly unattended = true
  readonly #script: Script
  readonly #timeScale: number
  readonly #show: (text: string) => Promise<void>
  /** What a step was noted or run for already: each is done once. */
  readonly #done = new Set<string>()
  #paused: string | null = null
  #wake: () => void = () => {}

  /** @param timeScale by how much waits are shorter */
  constructor(script: Script, timeScale: number, show: (text: string) => Promise<void>) {
    this.#script = script
    this.#timeScale = timeScale
    this.#show = show
  }

  /** Has the run paused at the next prompt or in the wait that goes on. */
  pause(why: string): void {
    this.#paused = why
    this.#wake()
  }

  say(text: string): Promise<void> {
    return this.#show(text)
  }

  async device(proposed: Partial<DeviceAnswer>, wrong: readonly string[]): Promise<DeviceAnswer> {
    if (wrong.length > 0) throw new InputError(`the script's device is not right: ${wrong.join('; ')}`)
    const { model, firmware, state, addresses } = this.#script.device
    const given = {
      ...(model === undefined ? {} : { model }),
      ...(firmware === undefined ? {} : { firmware }),
      ...(state === undefined ? {} : { state }),
    }
    // What the protocol itself did to the device is known better than the script has it for all sessions.
    return { state: 'in-use', ...given, ...proposed, addresses }
  }

  async begin(_step: ProtocolStep, run: string): Promise<Command> {
    const paused = this.#pausing()
    if (paused) return paused
    const { skip } = this.#script.steps[run] ?? {}
    return skip === undefined ? { does: 'go' } : { does: 'skip', text: skip }
  }

  async finish(_step: ProtocolStep, run: string, apartMs: number): Promise<Command> {
    const paused = this.#pausing()
    if (paused) return paused
    const { note, repeat, run: words } = this.#script.steps[run] ?? {}
    if (words !== undefined && this.#once(`run ${run}`)) {
      const before = await this.#stay(apartMs)
      if (before) return before
      const failed = await execute(words)
      const after = await this.#stay(apartMs)
      if (after && failed === null) return after
      if (failed !== null) return { does: 'note', text: `the script's command failed: ${failed}` }
    }
    if (note !== undefined && this.#once(`note ${run}`)) return { does: 'note', text: note }
    return repeat === undefined ? { does: 'go' } : { does: 'repeat', text: repeat }
  }

  wait(_run: string, seconds: number): Promise<Command | null> {
    return this.#stay((seconds * 1000) / this.#timeScale)
  }

  /** @returns null once the time is over, or that the run is to be paused */
  async #stay(milliseconds: number): Promise<Command | null> {
    const paused = this.#pausing()
    if (paused) return paused
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    await setTimeout(milliseconds, undefined, { signal: woken.signal }).catch(() => {})
    return this.#pausing()
  }

  #pausing(): Command | null {
    return this.#paused === null ? null : { does: 'pause', text: this.#paused }
  }

  #once(what: string): boolean {
    const first = !this.#done.has(what)
    this.#done.add(what)
    return first
  }
}

/** @returns null, or how it failed: without its words and what it said, which may hold what was planted */
function execute([program = '', ...words]: readonly string[]): Promise<string | null> {
  const name = basename(program)
  return new Promise((resolve) => {
    execFile(program, words, { timeout: COMMAND_MS }, (error) => {
      if (error === null) return resolve(null)
      if (typeof error.code === 'number') return resolve(`${name}: exit status ${error.code}`)
      if (error.signal) return resolve(`${name}: ended by ${error.signal}`)
      resolve(`${name}: ${error.code === 'ENOENT' ? 'there is no such program' : (error.code ?? 'it cannot be run')}`)
    })
  })
}
