/** A server on this machine that stands in for publishers, each answering at the path of its source's name. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export class PublisherServer {
  readonly #server: Server
  /** By path, such as `/ranges/aws`. */
  readonly answers = new Map<string, RequestListener>()
  /** `user-agent` of every request. */
  readonly agents: (string | undefined)[] = []

  private constructor() {
    this.#server = createServer((request, response) => {
      this.agents.push(request.headers['user-agent'])
      const answer = this.answers.get(new URL(request.url ?? '', 'http://x').pathname)
      if (answer) answer(request, response)
      else response.writeHead(404).end('not here')
    })
  }

  static async start(): Promise<PublisherServer> {
    const publisher = new PublisherServer()
    publisher.#server.listen(0, '127.0.0.1')
    await once(publisher.#server, 'listening')
    return publisher
  }

  /** @param path such as `/ranges/aws` */
  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }

  /** Answers with these bytes, as a publisher would. */
  serve(path: string, bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
    this.answers.set(path, (_, response) =>
      response.writeHead(200, { 'content-length': String(bytes.length), ...headers }).end(bytes),
    )
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
