/** Keeps a capture running as long as a session does, each in a file of its own, and journals every beginning and end. */
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { formatTime } from '../net/time.ts'
import {
  captureResult,
  capturesInto,
  nextCapture,
  type RunningCapture,
  sizeOf,
  startCapture,
  stopProcess,
  type ToolName,
} from './capture-tool.ts'
import type { CaptureEnd, Entry } from './entries.ts'
import { type Log, microsOf } from './log.ts'

type Started = Extract<Entry, { readonly event: 'capture-start' }>

/** A tool that ends by itself within so many ms, so many times in a row, will do so again. */
const SOON_MS = 5000
const MOST_FAILURES = 3

export class CaptureKeeper {
  readonly #folder: string
  readonly #interface: string
  readonly #tool: ToolName
  readonly #log: Log
  #running: { readonly started: Started; readonly capture: RunningCapture } | null = null
  #stopping = false
  #restart: Promise<void> = Promise.resolve()
  #failures = 0
  /** Resolves with why nothing can be captured any more. */
  readonly failed: Promise<Error>
  #fail: (error: Error) => void = () => {}

  constructor(folder: string, at: string, tool: ToolName, log: Log) {
    this.#folder = folder
    this.#interface = at
    this.#tool = tool
    this.#log = log
    this.failed = new Promise((resolve) => {
      this.#fail = resolve
    })
  }

  /** @throws InputError where the tool does not capture */
  async start(): Promise<void> {
    const paths = nextCapture(this.#folder, this.#interface, this.#tool)
    const begun = Date.now()
    let started: Started | undefined
    try {
      const capture = await startCapture(this.#tool, this.#interface, this.#folder, paths, (pid) => {
        this.#log.add({ event: 'capture-start', ...paths, tool: this.#tool, interface: this.#interface, pid })
        started = this.#log.entries.at(-1) as Started
      })
      this.#log.add({ event: 'capture-on', file: paths.file })
      const running = { started: started as Started, capture }
      this.#running = running
      void capture.ended.then(() => {
        if (!this.#stopping && this.#running === running) this.#restart = this.#again(begun)
      })
    } catch (error) {
      if (started !== undefined) this.#ended(started, 'died', this.#log.now())
      throw error
    }
  }

  /** Ends the capture for good. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#restart
    const running = this.#running
    this.#running = null
    if (running === null) return
    const until = this.#log.now()
    const ended = await stopProcess(running.started.pid)
    await running.capture.ended
    this.#ended(running.started, ended === 'found-dead' ? 'died' : ended, until)
  }

  /**
   * Ends what an earlier run that was killed left running.
   *
   * @param started of which the journal has no end
   */
  async takeUp(started: Started | null): Promise<void> {
    const until = this.#log.now()
    let ended: CaptureEnd = 'found-dead'
    for (const pid of capturesInto(this.#folder)) ended = await stopProcess(pid)
    if (started === null) return
    // What was written last is what it has for certain.
    const written = statSync(join(this.#folder, started.file), { throwIfNoEntry: false })?.mtimeMs
    const last =
      written === undefined ? started.at : formatTime(Math.max(Math.floor(written * 1000), microsOf(started.at)))
    this.#ended(started, ended, ended === 'found-dead' ? last : until)
  }

  async #again(begun: number): Promise<void> {
    const running = this.#running
    if (running === null) return
    this.#running = null
    const from = this.#log.now()
    this.#ended(running.started, 'died', from)
    this.#failures = Date.now() - begun < SOON_MS ? this.#failures + 1 : 1
    try {
      if (this.#failures >= MOST_FAILURES)
        throw new Error(`${this.#tool} ends again and again: ${running.started.log} may say why`)
      await this.start()
      this.#log.deviation(`${this.#tool} ended by itself and was started again`, { from, until: this.#log.now() })
    } catch (error) {
      this.#log.deviation(`${this.#tool} ended by itself and could not be started again`)
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #ended(started: Started, ended: CaptureEnd, until: string): void {
    this.#log.add({ event: 'capture-end', file: started.file, ended, until, ...captureResult(this.#folder, started) })
    // A file without a byte is no capture, and nothing could be read from it.
    const path = join(this.#folder, started.file)
    if (sizeOf(path) === 0) rmSync(path, { force: true })
  }
}
