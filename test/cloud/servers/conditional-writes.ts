/**
 * Stands before Ceph and adds what S3 has and Ceph 16 lacks: in a bucket with versions, `If-None-Match: *` is refused with 412
 * where the object is there, of several writers at once all but one, and for uploads in parts too; `If-Match` is refused with
 * 412 where another object is there, and only there; and where a bucket's policy asks for the first of these conditions, a
 * write without it is refused with 403. It notes what functions ask.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { type Call, callerOf, s3Calls } from './calls.ts'
import { type S3Server, s3Client } from './ceph.ts'

/** A server like the one behind it, whose `close` ends only what stands before. */
export interface Gate extends S3Server {
  close(): Promise<void>
}

/**
 * @param isKeptFromOverwriting whether a bucket's policy asks for the condition on writing to an ARN
 * @param calls takes what functions ask
 */
export async function gateBefore(
  server: S3Server,
  isKeptFromOverwriting: (arn: string) => boolean,
  calls: Call[],
): Promise<Gate> {
  const s3 = s3Client(server)
  const agent = new Agent({ keepAlive: true })
  /** Ends of the conditional writes under way, by path: whoever comes next to the same object waits. */
  const writing = new Map<string, Promise<void>>()

  /** The ETag of what is there, null where nothing is. */
  const etagOf = async (path: string): Promise<string | null> => {
    try {
      return (await s3.send(new HeadObjectCommand(placeOf(path)))).ETag ?? null
    } catch (error) {
      if ((error as Error).name === 'NotFound') return null
      throw error
    }
  }

  /** @param isAllowed by the ETag of what is there */
  const writeIf = async (
    isAllowed: (etag: string | null) => boolean,
    write: () => Promise<void>,
    incoming: IncomingMessage,
    response: ServerResponse,
    path: string,
  ) => {
    const before = writing.get(path)
    let done = () => {}
    const end = new Promise<void>((resolve) => {
      done = resolve
    })
    writing.set(path, end)
    try {
      await before
      if (isAllowed(await etagOf(path))) await write()
      else refuse(incoming, response, 412, 'PreconditionFailed')
    } finally {
      if (writing.get(path) === end) writing.delete(path)
      done()
    }
  }

  /** The signature covers the host that the client asked, so headers go on as they came. */
  const forward = (incoming: IncomingMessage, response: ServerResponse) =>
    new Promise<void>((resolve) => {
      const { method, url: path, headers } = incoming
      const { hostname: host, port } = new URL(server.endpoint)
      // A server that is gone cuts its connections; so does what stands before it, and clients try again.
      const cut = () => incoming.socket.destroy()
      const outgoing = request({ host, port, method, path, headers, agent }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        pipeline(answer, response, (error) => error && cut())
      })
      outgoing.once('error', cut)
      response.once('close', () => {
        if (!response.writableFinished) outgoing.destroy()
        resolve()
      })
      incoming.pipe(outgoing)
    })

  /** The signature covers the condition, which Ceph refuses in any case; so this writes in the writer's place. */
  const replace = async (incoming: IncomingMessage, response: ServerResponse, path: string) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const ContentType = incoming.headers['content-type']
    const { ETag, VersionId } = await s3.send(
      new PutObjectCommand({ ...placeOf(path), Body: Buffer.concat(chunks), ContentType }),
    )
    response.writeHead(200, { etag: ETag, 'x-amz-version-id': VersionId }).end()
  }

  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const path = incoming.url?.split('?')[0] ?? '/'
    const caller = callerOf(incoming)
    if (caller !== null) calls.push(...s3Calls(incoming).map((call) => ({ caller, ...call })))
    if (!/^(PUT|POST)$/.test(incoming.method ?? '')) return forward(incoming, response)
    const { 'if-none-match': noneMatch, 'if-match': match } = incoming.headers
    if (noneMatch === '*')
      return writeIf(
        (etag) => etag === null,
        () => forward(incoming, response),
        incoming,
        response,
        path,
      )
    if (match !== undefined) {
      const isNamed = (etag: string | null) => etag?.replaceAll('"', '') === match.replaceAll('"', '')
      return writeIf(isNamed, () => replace(incoming, response, path), incoming, response, path)
    }
    const overwrites = s3Calls(incoming).some(
      ({ resource, context }) => context['s3:ObjectCreationOperation'] === 'true' && isKeptFromOverwriting(resource),
    )
    return overwrites ? refuse(incoming, response, 403, 'AccessDenied') : forward(incoming, response)
  }

  const gate = createServer((incoming, response) => {
    answer(incoming, response).catch(() => incoming.socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(gate, 'listening')
  const close = async () => {
    gate.close()
    gate.closeAllConnections()
    agent.destroy()
    s3.destroy()
  }
  return { ...server, endpoint: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`, close }
}

function placeOf(path: string) {
  const [, Bucket = '', ...key] = path.split('/').map(decodeURIComponent)
  return { Bucket, Key: key.join('/') }
}

function refuse(incoming: IncomingMessage, response: ServerResponse, status: number, code: string): void {
  incoming.resume()
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
}
