/** What a browser says in the entry of a HAR: its request, and what it sends over a WebSocket. */
import { sayHead } from '../content/request-head.ts'
import type { About, Request, Speaker } from '../content/speaker.ts'
import { ARRAY, JsonFields, OBJECT } from '../json-fields.ts'
import { LONGEST_TEXT } from './entry-cutter.ts'

const PATHS = [
  'request/method',
  'request/url',
  'request/headers',
  'request/cookies',
  'request/queryString',
  'request/postData',
  'request/postData/text',
  'request/bodySize',
  '_webSocketMessages',
] as const

const field = (path: (typeof PATHS)[number]) => PATHS.indexOf(path)
const TEXT = field('request/postData/text')
const FORM = 'application/x-www-form-urlencoded'

export class HarContent {
  readonly #json = new JsonFields(PATHS)

  /** Hands on what the client says in the entry that stands in `bytes` up to `end`. */
  say(client: Speaker, bytes: Uint8Array, end: number): void {
    const json = this.#json
    if (!json.read(bytes, 0, end)) return
    const url = json.text(field('request/url')) ?? ''
    const method = json.text(field('request/method')) ?? ''
    const fields = this.#list('request/headers')
    const head = { method, target: targetOf(method, url), authority: authorityOf(url), fields }
    const { request, mediaType, codings } = sayHead(client, head, 'utf8')
    if (!fields.some(([name]) => name.toLowerCase() === 'cookie'))
      for (const [name, value] of this.#list('request/cookies'))
        client.say('cookie', utf8(value), { request, field: name.toLowerCase() })
    const query = this.#list('request/queryString')
    if (!url.includes('?') && query.length > 0) client.say('url', utf8(`?${formOf(query)}`), { request })
    this.#sayBody(client, request, { mediaType, codings })
    this.#sayMessages(client, request)
  }

  /** A body stands as text or, of forms, as fields; browsers leave longer ones away. */
  #sayBody(client: Speaker, request: Request, { mediaType = null, codings = [] }: About): void {
    const posted = this.#posted()
    const stated = this.#json.number(field('request/bodySize'))
    const size = stated > 0 && stated < Number.MAX_SAFE_INTEGER ? Math.round(stated) : 0
    const { text, params } = posted
    const parameters = pairsOf(params)
    if (text === '' && parameters.length > 0) {
      client.say('body', utf8(formOf(parameters)), { request, mediaType: FORM })
      return
    }
    if (text === '') {
      client.unread += size
      return
    }
    const body = posted.encoding === 'base64' ? Buffer.from(text, 'base64') : isZipped(text) ? latin1(text) : utf8(text)
    const isCut = (this.#json.end[TEXT] as number) - (this.#json.from[TEXT] as number) >= LONGEST_TEXT
    const missing = isCut ? Math.max(1, size - body.length) : 0
    client.unread += missing
    // What is logged as text was decoded before.
    const isCoded = codings.at(-1)?.includes('gzip') ? isZipped(body) : posted.encoding === 'base64'
    const about = { request, mediaType: posted.mimeType || mediaType, codings: isCoded ? codings : [], missing }
    client.say('body', body, about)
  }

  #posted(): { text: string; mimeType: string; encoding: string; params: unknown } {
    const json = this.#json
    const at = field('request/postData')
    const value = json.kinds[at] === OBJECT ? json.value(at) : null
    const { text, mimeType, encoding, params } = (value ?? {}) as Record<string, unknown>
    const textOf = (one: unknown) => (typeof one === 'string' ? one : '')
    return { text: textOf(text), mimeType: textOf(mimeType), encoding: textOf(encoding), params }
  }

  #sayMessages(client: Speaker, request: Request): void {
    const at = field('_webSocketMessages')
    const messages = this.#json.kinds[at] === ARRAY ? this.#json.value(at) : null
    for (const message of Array.isArray(messages) ? messages : []) {
      const { type, opcode, data } = message ?? {}
      if (type !== 'send' || typeof data !== 'string') continue
      client.say('body', opcode === 2 ? Buffer.from(data, 'base64') : utf8(data), { request })
    }
  }

  #list(path: (typeof PATHS)[number]): Pair[] {
    const at = field(path)
    return this.#json.kinds[at] === ARRAY ? pairsOf(this.#json.value(at)) : []
  }
}

type Pair = readonly [name: string, value: string]

/** `[{name, value}, …]`; some writers have `[[name, value], …]`. A file has its name, too. */
function pairsOf(value: unknown): Pair[] {
  const pairs: Pair[] = []
  for (const one of Array.isArray(value) ? value : []) {
    const { name, value, fileName } = Array.isArray(one) ? { name: one[0], value: one[1], fileName: '' } : (one ?? {})
    if (typeof name !== 'string') continue
    if (typeof value === 'string') pairs.push([name, value])
    if (typeof fileName === 'string' && fileName !== '') pairs.push([name, fileName])
  }
  return pairs
}

/** Whether the first two bytes of gzip stand here (RFC 1952, section 2.3.1); some browsers write bytes as characters. */
function isZipped(body: string | Uint8Array): boolean {
  if (typeof body !== 'string') return body[0] === 0x1f && body[1] === 0x8b
  return body.startsWith('\x1f\x8b') && Buffer.from(body, 'latin1').toString('latin1') === body
}

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'))

const formOf = (pairs: readonly Pair[]): string =>
  pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')

/** Half a character cannot be encoded. */
const encoded = (text: string): string => encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))

/** What stands behind the authority; nothing behind a `#` is sent. */
function targetOf(method: string, url: string): string {
  if (method === 'CONNECT') return authorityOf(url)
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '') || '/'
}

function authorityOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? ''
}
