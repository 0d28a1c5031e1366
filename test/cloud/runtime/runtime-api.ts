/**
 * The Runtime API of one execution environment, as far as AWS's runtime client asks:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What became of an invocation. */
export type Answer =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly payload: { readonly errorType: string; readonly errorMessage: string } }

export const failure = (errorType: string, errorMessage: string): Answer => ({
  ok: false,
  payload: { errorType, errorMessage },
})

export class RuntimeApi {
  /** Resolves when the runtime asks for its first event; rejects when it reports that it cannot start. */
  readonly ready: Promise<void>
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => this.#answer(request.url ?? '', Buffer.concat(chunks).toString(), response))
  })
  readonly #functionArn: string
  /** The runtime waits for an event here. */
  #next: ServerResponse | null = null
  #given: { id: string; event: unknown; deadlineMs: number } | null = null
  #running: { id: string; settle: (answer: Answer) => void } | null = null
  #becomeReady: () => void = () => {}
  #failToStart: (error: Error) => void = () => {}

  constructor(functionArn: string) {
    this.#functionArn = functionArn
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve
      this.#failToStart = reject
    })
    this.ready.catch(() => {})
    this.#server.keepAliveTimeout = 0
    this.#server.requestTimeout = 0
  }

  /** @returns `host:port` for AWS_LAMBDA_RUNTIME_API */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Hands over one event; one at a time, as in Lambda. @param deadlineMs milliseconds since 1970 */
  invoke(event: unknown, deadlineMs: number): Promise<Answer> {
    const id = randomUUID()
    return new Promise((settle) => {
      this.#running = { id, settle }
      this.#given = { id, event, deadlineMs }
      this.#give()
    })
  }

  /** Ends what runs, because the process is gone or out of time. */
  abandon(answer: Answer): void {
    this.#failToStart(new Error(`${answer.ok ? '' : answer.payload.errorMessage}`))
    this.#running?.settle(answer)
    this.#running = null
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #give(): void {
    if (!this.#next || !this.#given) return
    const { id, event, deadlineMs } = this.#given
    const traceId = randomUUID().replaceAll('-', '').slice(0, 24)
    this.#next.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(deadlineMs),
      'lambda-runtime-invoked-function-arn': this.#functionArn,
      'lambda-runtime-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${traceId};Sampled=0`,
    })
    this.#next.end(JSON.stringify(event))
    this.#next = null
    this.#given = null
  }

  #answer(path: string, body: string, response: ServerResponse): void {
    if (path === '/2018-06-01/runtime/invocation/next') {
      this.#next = response
      this.#becomeReady()
      this.#give()
      return
    }
    const [, id, outcome] = /\/runtime\/(?:invocation\/([^/]+)|init)\/(response|error)$/.exec(path) ?? []
    response.writeHead(outcome ? 202 : 404, { 'content-type': 'application/json' }).end('{"status":"OK"}')
    if (outcome && id === undefined) this.#failToStart(new Error(`the function did not start: ${body}`))
    if (!this.#running || this.#running.id !== id) return
    const { settle } = this.#running
    this.#running = null
    settle({ ok: outcome === 'response', payload: body === '' ? null : JSON.parse(body) } as Answer)
  }
}
