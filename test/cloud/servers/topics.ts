/** A stand-in for SNS: it keeps what is published, and delivers it to nobody. */
import { randomUUID } from 'node:crypto'
import { type Call, callerOf } from './calls.ts'
import { type HttpServer, serveHttp } from './http.ts'

export interface Published {
  readonly topic: string
  readonly subject: string | null
  readonly message: string
}

export interface Topics extends HttpServer {
  readonly published: readonly Published[]
}

/** @param calls takes what functions ask */
export async function serveTopics(calls: Call[]): Promise<Topics> {
  const published: Published[] = []
  const server = await serveHttp((request, body) => {
    const form = new URLSearchParams(body)
    const action = form.get('Action')
    const caller = callerOf(request)
    if (caller !== null)
      calls.push({ caller, action: `sns:${action}`, resource: form.get('TopicArn') ?? '', context: {} })
    if (action !== 'Publish') return { status: 400, body: `SNS here publishes, and does no ${action}` }
    published.push({
      topic: form.get('TopicArn') ?? '',
      subject: form.get('Subject'),
      message: form.get('Message') ?? '',
    })
    const result = `<PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>`
    const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`
    return {
      type: 'text/xml',
      body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${result}${metadata}</PublishResponse>`,
    }
  })
  return { ...server, published }
}
