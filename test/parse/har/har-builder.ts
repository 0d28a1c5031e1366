/** HTTP archives for tests, made up. */

/** Fields of an entry; those of `request` and `response` are added to what stands there otherwise. */
export interface Given {
  readonly [field: string]: unknown
  readonly request?: Readonly<Record<string, unknown>>
  readonly response?: Readonly<Record<string, unknown>>
}

export const entry = ({ request, response, ...fields }: Given = {}) => ({
  startedDateTime: '2024-05-04T10:00:00.250Z',
  time: 40,
  serverIPAddress: '192.0.2.7',
  request: {
    method: 'GET',
    url: 'https://a.example/path?q=1',
    httpVersion: 'HTTP/1.1',
    headers: [{ name: 'Host', value: 'a.example' }],
    headersSize: 100,
    bodySize: 0,
    ...request,
  },
  response: {
    status: 200,
    statusText: 'OK',
    httpVersion: 'HTTP/1.1',
    headers: [],
    content: { size: 900, text: 'x'.repeat(900) },
    headersSize: 50,
    bodySize: 900,
    ...response,
  },
  cache: {},
  timings: {},
  ...fields,
})

export const har = (...entries: readonly unknown[]) =>
  JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, pages: [], entries } })
