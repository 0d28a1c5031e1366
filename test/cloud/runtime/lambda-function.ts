/** A function with as many execution environments as events come at once, up to its limit. */
import { ExecutionEnvironment, type FunctionCode } from './execution-environment.ts'
import { type Answer, failure } from './runtime-api.ts'

export interface Invocation {
  readonly answer: Answer
  /** Null where an environment that had started before took the event. */
  readonly initMs: number | null
  readonly durationMs: number
  /** Peak resident memory of the environment since its start, MiB; NaN where it is gone. */
  readonly peakMiB: number
}

export class LambdaFunction {
  readonly code: FunctionCode
  /** Everything it printed, newest last; the oldest is forgotten. */
  logs = ''
  readonly invocations: Invocation[] = []
  readonly #concurrency: number
  readonly #idle: ExecutionEnvironment[] = []
  readonly #busy = new Set<ExecutionEnvironment>()
  readonly #queue: (() => void)[] = []
  #taken = 0

  /** @param concurrency events at a time; more wait */
  constructor(code: FunctionCode, concurrency: number) {
    this.code = code
    this.#concurrency = concurrency
  }

  async invoke(event: unknown): Promise<Invocation> {
    while (this.#taken >= this.#concurrency) await new Promise<void>((resolve) => this.#queue.push(resolve))
    this.#taken++
    try {
      const invocation = await this.#run(event)
      this.invocations.push(invocation)
      return invocation
    } finally {
      this.#taken--
      this.#queue.shift()?.()
    }
  }

  /** Kills an environment that is at work. @returns whether one was */
  killOne(): boolean {
    const [victim] = this.#busy
    victim?.kill()
    return victim !== undefined
  }

  /** Ends the environments that wait for an event, so that the next event starts a new one. */
  async forgetIdle(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((environment) => environment.stop()))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((environment) => environment.stop()))
  }

  async #run(event: unknown): Promise<Invocation> {
    let environment = this.#idle.pop()
    while (environment && !environment.alive) environment = this.#idle.pop()
    const isNew = environment === undefined
    try {
      environment ??= await ExecutionEnvironment.start(this.code, (text) => this.#keep(text))
    } catch (error) {
      const answer = failure('Runtime.InitError', error instanceof Error ? error.message : String(error))
      return { answer, initMs: null, durationMs: 0, peakMiB: Number.NaN }
    }
    this.#busy.add(environment)
    const start = performance.now()
    const answer = await environment.invoke(event)
    const durationMs = performance.now() - start
    this.#busy.delete(environment)
    const peakMiB = environment.alive ? environment.peakMiB : Number.NaN
    if (environment.alive) this.#idle.push(environment)
    else await environment.stop()
    return { answer, initMs: isNew ? environment.initMs : null, durationMs, peakMiB }
  }

  #keep(text: string): void {
    this.logs = (this.logs + text).slice(-2_000_000)
    if (process.env.VERBOSE) process.stderr.write(text)
  }
}
