/** A small HTTP server on 127.0.0.1, which is all that the stand-ins of AWS's services need. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HttpServer {
  readonly url: string
  close(): Promise<void>
}

export interface Reply {
  readonly status?: number
  readonly type?: string
  readonly body?: string
}

type Handler = (request: IncomingMessage, body: string) => Promise<Reply> | Reply

/** @param handler what it throws becomes a 500 with the message, and is printed */
export async function serveHttp(handler: Handler): Promise<HttpServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { status = 200, type = 'text/plain', body = '' } = await handler(request, Buffer.concat(chunks).toString())
    response.writeHead(status, { 'content-type': type }).end(body)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(`${request.method} ${request.url}:`, error)
      if (!response.headersSent) response.writeHead(500).end(String(error))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
