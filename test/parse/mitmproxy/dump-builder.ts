/** Dumps of mitmproxy for tests, made up. */

/** A number that is written with a fraction, as times are. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** What Python writes: text and bytes apart, tuples as lists. */
export type Python = null | boolean | number | Float | string | Uint8Array | readonly Python[] | Dict
export interface Dict {
  readonly [key: string]: Python
}

const typed = (payload: Uint8Array | string, letter: string) => {
  const bytes = Buffer.from(payload as string)
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, Buffer.from(letter)])
}

export function tnetstring(value: Python): Buffer {
  if (value === null) return typed('', '~')
  if (typeof value === 'boolean') return typed(String(value), '!')
  if (typeof value === 'number') return typed(String(value), '#')
  if (typeof value === 'string') return typed(value, ';')
  if (value instanceof Float) return typed(String(value.value), '^')
  if (value instanceof Uint8Array) return typed(value, ',')
  if (Array.isArray(value)) return typed(Buffer.concat((value as Python[]).map(tnetstring)), ']')
  return typed(Buffer.concat(Object.entries(value).flatMap((pair) => pair.map((part) => tnetstring(part)))), '}')
}

export const bytes = (text: string) => new Uint8Array(Buffer.from(text))
export const seconds = (value: number) => new Float(value)

/** A connection of version 21. */
export const connection = (more: Dict = {}): Dict => ({
  peername: ['10.0.0.5', 50000],
  sockname: ['10.0.0.1', 8080],
  transport_protocol: 'tcp',
  sni: 'a.example',
  tls_version: 'TLSv1.3',
  certificate_list: [bytes('x'.repeat(3000))],
  timestamp_start: seconds(1714816799.5),
  timestamp_end: null,
  ...more,
})

export const server = (more: Dict = {}): Dict =>
  connection({ peername: ['192.0.2.7', 443], address: ['a.example', 443], via: null, ...more })

export const request = (more: Dict = {}): Dict => ({
  headers: [[bytes('Host'), bytes('a.example')]],
  content: bytes('12345'),
  timestamp_start: seconds(1714816800.25),
  timestamp_end: seconds(1714816800.5),
  host: 'a.example',
  port: 443,
  method: bytes('GET'),
  scheme: bytes('https'),
  authority: bytes(''),
  path: bytes('/secret'),
  http_version: bytes('HTTP/1.1'),
  ...more,
})

export const response = (more: Dict = {}): Dict => ({
  headers: [[bytes('Content-Type'), bytes('text/plain')]],
  content: bytes('x'.repeat(100)),
  timestamp_start: seconds(1714816800.75),
  timestamp_end: seconds(1714816801),
  status_code: 200,
  reason: bytes('OK'),
  http_version: bytes('HTTP/1.1'),
  ...more,
})

/** A flow of HTTP, of version 21. */
export const flow = (more: Dict = {}): Dict => ({
  version: 21,
  type: 'http',
  id: '5f4f7d1a-64bc-479a-ad5d-b364d6ad3538',
  error: null,
  client_conn: connection(),
  server_conn: server(),
  is_replay: null,
  metadata: { password: 'secret' },
  timestamp_created: seconds(1714816800.3),
  backup: null,
  request: request(),
  response: response(),
  websocket: null,
  ...more,
})

export const dump = (...flows: Python[]): Buffer => Buffer.concat(flows.map(tnetstring))
