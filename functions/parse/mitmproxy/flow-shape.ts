/**
 * What is read of a flow in a mitmproxy dump, in every version of the format from 0.10 to 21: what each changed stands in
 * https://github.com/mitmproxy/mitmproxy/blob/main/mitmproxy/io/compat.py. Certificates are passed over, and
 * bodies and paths where nobody asks for content.
 */
import type { DictShape, ListShape, Shape } from './tnetstring.ts'

const wanted = <Key extends string>(keys: readonly Key[], shape: Shape = 'value') =>
  Object.fromEntries(keys.map((key) => [key, shape]))

/** Elements are lists themselves. */
const listOfLists = (name: string): ListShape => ({ name, element: { name: '', element: 'value' } })
const listOf = (name: string, keys: readonly string[]): ListShape => ({ name, element: { keys: wanted(keys) } })

/** A message of HTTP, or of DNS. */
const message = (which: 'request' | 'response', content: Shape): DictShape => ({
  keys: {
    headers: listOfLists(`${which}-headers`),
    ...wanted(['reason', 'msg'], 'size'),
    ...wanted(['content', 'body', 'path'], content),
    ...wanted(['method', 'host', 'port', 'authority', 'status_code', 'code', 'timestamp_start', 'timestamp_end']),
    ...wanted(['timestamp', 'is_replay', 'ip', 'client_conn', 'response_code', 'query', 'op_code']),
    questions: listOf(`${which}-questions`, ['name', 'type', 'class_']),
    answers: listOf(`${which}-answers`, ['name', 'type', 'class_', 'ttl', 'data']),
  },
})

const CONNECTION: DictShape = {
  keys: wanted([
    // Version 19 calls peername what was address (client) and ip_address (server); 0.17 had peer_address.
    'peername',
    'ip_address',
    'peer_address',
    'address',
    'via',
    'via2',
    'sni',
    'tls',
    'tls_version',
    'timestamp_tls_setup',
    'transport_protocol',
    'timestamp_start',
    'timestamp_end',
    'id',
  ]),
}

const flow = (content: Shape): DictShape => ({
  keys: {
    ...wanted(['version', 'type', 'mode', 'is_replay', 'timestamp_created']),
    request: message('request', content),
    response: message('response', 'size'),
    client_conn: CONNECTION,
    server_conn: CONNECTION,
    messages: listOfLists('messages'),
    websocket: { keys: { messages: listOfLists('websocket-messages'), timestamp_end: 'value' } },
  },
})

export const FLOW = flow('size')
export const FLOW_WITH_CONTENT = flow('body')
