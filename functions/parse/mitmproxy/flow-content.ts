/** What the ends of a flow in a mitmproxy dump say: the request, messages, and the names that are asked for. */
import { sayHead } from '../content/request-head.ts'
import { NO_REQUEST, type Request, type Speaker } from '../content/speaker.ts'
import { latin1 } from '../payload/flow-names.ts'
import type { FlowLists, KeptLists } from './flow-lists.ts'
import { dictOf } from './small-values.ts'
import { textOf, type Value } from './tnetstring.ts'

type Dict = ReadonlyMap<string, Value>

/** Hands on what a flow of a type says. What the server answers to requests is not read. */
export function sayFlow(client: Speaker, server: Speaker, flow: Dict, type: string, lists: FlowLists): void {
  const { kept } = lists
  if (kept === null) return
  const name = textOf(dictOf(flow.get('client_conn')).get('sni'))
  if (name !== null) client.say('name', Buffer.from(name))
  if (type === 'dns') sayQuestions(client, lists)
  const isStream = type === 'tcp' || type === 'udp'
  const request = type === 'http' ? sayRequest(client, dictOf(flow.get('request')), kept) : NO_REQUEST
  for (const { fromClient, bytes, length } of kept.messages) {
    if (bytes === null || (!fromClient && !isStream)) (fromClient ? client : server).unread += length
    else if (isStream) (fromClient ? client : server).say('stream', bytes)
    else client.say('body', bytes, { request })
  }
}

function sayRequest(client: Speaker, message: Dict, kept: KeptLists): Request {
  client.unread += kept.missing
  const text = (key: string) => latin1Of(message.get(key))
  const path = message.get('path')
  if (path && path.bytes === null) client.unread += path.length
  const fields = kept.fields.map(({ name, value }) => [name, latin1(value, 0, value.length)] as const)
  const names = new Set(fields.map(([name]) => name.toLowerCase()))
  // The host that the proxy was asked for stands in the request, too.
  const authority = text('authority') || (names.has('host') ? null : text('host'))
  const head = { method: text('method'), target: text('path'), authority: authority || null, fields }
  const { request, mediaType, codings } = sayHead(client, head, 'latin1')
  const body = message.get('content') ?? message.get('body')
  if (!body || body.letter === NONE) client.unread += lengthOfStreamed(fields)
  else if (body.bytes) client.say('body', body.bytes, { request, mediaType, codings })
  else {
    client.unread += body.length
    client.say('body', new Uint8Array(0), { request, mediaType, codings, missing: body.length })
  }
  return request
}

const NONE = 126

/** A body that was not kept, because it was streamed, is as long as the message says. */
function lengthOfStreamed(fields: readonly (readonly [string, string])[]): number {
  const length = fields.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
  return Number(/^\d{1,15}$/.exec(length ?? '')?.[0] ?? 0)
}

function sayQuestions(client: Speaker, lists: FlowLists): void {
  for (const question of lists.records.get('request-questions') ?? []) {
    const name = textOf(question.get('name'))
    if (name !== null) client.say('name', Buffer.from(name))
  }
}

function latin1Of(value: Value | undefined): string {
  return value?.bytes ? latin1(value.bytes, 0, value.bytes.length) : ''
}
