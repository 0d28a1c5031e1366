/** A bench that logs its secrets: a client and a server of TLS on this machine, and everything that goes between them. */
import { once } from 'node:events'
import { connect as connectHttp2, createSecureServer } from 'node:http2'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls'
import { CapturedSegments } from './captured-segments.ts'
import { selfSigned } from './certificate.ts'

export const { key, cert } = selfSigned()
export const HOST = '127.0.0.1'

export const SERVER_NAME = 'front.example'

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'

/** A TLS server that answers whatever it is sent. */
export function tlsServer(options: TlsOptions = {}, answer: Uint8Array | string = OK): Server {
  const server = createTlsServer({ key, cert, ...options }, (socket) => {
    socket.on('error', () => {})
    socket.on('data', () => socket.write(answer))
  })
  return server.on('tlsClientError', () => {})
}

/** An HTTP/2 server that answers every request with the same body. */
export function http2Server(body: Uint8Array | string = '', options: TlsOptions = {}): Server {
  const server = createSecureServer({ key, cert, ...options })
  server.on('sessionError', () => {})
  server.on('session', (session) => session.on('error', () => {}))
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200 })
    stream.end(body)
  })
  return server
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, HOST)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** What is between a client and a server: `talk` connects to the port that it is given, and returns the key log. */
export async function recorded(
  server: Server | number,
  talk: (port: number) => Promise<string>,
): Promise<{ readonly segments: CapturedSegments; readonly keyLog: string }> {
  const to = typeof server === 'number' ? server : await portOf(server)
  const segments = new CapturedSegments()
  const sockets: Socket[] = []
  const between = createServer((client) => {
    const onward = connect(to, HOST)
    const connection = segments.begin()
    sockets.push(client, onward)
    for (const [from, input, output] of [['a', client, onward] as const, ['b', onward, client] as const]) {
      input.on('data', (bytes) => {
        segments.add(connection, from, new Uint8Array(bytes as Buffer))
        output.write(bytes)
      })
      input.on('end', () => output.end())
      input.on('error', () => output.destroy())
    }
  })
  try {
    return { segments, keyLog: await talk(await portOf(between)) }
  } finally {
    for (const socket of sockets) socket.destroy()
    between.close()
    if (typeof server !== 'number') server.close()
  }
}

/** Sends requests over HTTP/1.1, each after the answer to the one before. @param between is called behind the first */
export async function requests(
  port: number,
  hosts: readonly string[],
  options: ConnectionOptions = {},
  between: (socket: TLSSocket) => Promise<void> = async () => {},
): Promise<string> {
  let keyLog = ''
  const socket = connectTls({ host: HOST, port, servername: SERVER_NAME, rejectUnauthorized: false, ...options })
  socket.on('error', () => {})
  socket.on('keylog', (line) => {
    keyLog += line.toString('latin1')
  })
  await once(socket, 'secureConnect')
  for (const [i, host] of hosts.entries()) {
    if (i === 1) await between(socket)
    socket.write(`GET /${i} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    await once(socket, 'data')
  }
  socket.destroy()
  return keyLog
}

/** Sends bytes and waits for an answer. */
export async function sent(port: number, bytes: Uint8Array): Promise<string> {
  let keyLog = ''
  const socket = connectTls({ host: HOST, port, servername: SERVER_NAME, rejectUnauthorized: false })
  socket.on('error', () => {})
  socket.on('keylog', (line) => {
    keyLog += line.toString('latin1')
  })
  await once(socket, 'secureConnect')
  socket.write(bytes)
  await once(socket, 'data')
  socket.destroy()
  return keyLog
}

/** Sends requests over HTTP/2 in one connection, one after the other. */
export async function http2Requests(
  port: number,
  hosts: readonly string[],
  headers: Readonly<Record<string, string>> = {},
  options: ConnectionOptions = {},
): Promise<string> {
  let keyLog = ''
  const socket = connectTls({
    host: HOST,
    port,
    servername: SERVER_NAME,
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
    ...options,
  })
  socket.on('error', () => {})
  socket.on('keylog', (line) => {
    keyLog += line.toString('latin1')
  })
  const session = connectHttp2(`https://${HOST}`, { createConnection: () => socket })
  session.on('error', () => {})
  await once(session, 'connect')
  for (const host of hosts) {
    const stream = session.request({ ':path': '/', ':authority': host, ...headers })
    stream.resume()
    await once(stream, 'end')
  }
  session.close()
  return keyLog
}
