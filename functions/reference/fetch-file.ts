/** Fetching from outside: encrypted, not for ever, not more than can be meant, and from nobody else than was asked. */
import { InputError } from '../errors.ts'
import type { Micros } from '../model.ts'
import { networkWords } from './network-words.ts'

export interface FetchLimits {
  /** Until the answer begins. */
  readonly answerMs: number
  /** From one piece of it to the next. */
  readonly stallMs: number
  /** Until all of it is there. */
  readonly totalMs: number
  readonly bytes: number
}

export interface FetchContext {
  readonly fetch: typeof globalThis.fetch
  /** Names the program, so that a publisher can tell who asks. */
  readonly userAgent: string
  readonly limits: FetchLimits
}

export interface FetchedFile {
  readonly bytes: Buffer
  /** Where it came from in the end. */
  readonly url: string
  /** When the server says that it was changed last, and that it answered; null where it does not say. */
  readonly lastModified: Micros | null
  readonly answered: Micros | null
  /** Whether the server said how long the answer is: if not, an end that came too early looks like any other. */
  readonly isWhole: boolean
}

const MOST_REDIRECTS = 3

/**
 * Fetches a file.
 *
 * @param url https; http only from this machine itself, where nobody stands between
 * @param hosts that a redirect may lead to, besides the URL's own with or without `www.`
 * @throws InputError for any other URL; Error, which says why, where the file does not come whole and in time
 */
export async function fetchFile(url: string, hosts: readonly string[], context: FetchContext): Promise<FetchedFile> {
  refuseOpenTransport(url)
  const { limits } = context
  const timer = new Timer(limits)
  try {
    const response = await follow(url, hosts, context, timer)
    const bytes = await bodyOf(response, limits, timer)
    const header = (name: string) => response.headers.get(name)
    const length = header('content-length')
    const isPacked = isEncoded(response)
    if (length !== null && !isPacked && Number(length) !== bytes.length)
      throw new Error(`it has ${bytes.length} bytes, and the server said ${length}`)
    return {
      bytes,
      url: response.url || url,
      lastModified: timeOf(header('last-modified')),
      answered: timeOf(header('date')),
      // What fetch unpacks, it also takes for whole when it is not.
      isWhole: !isPacked && (length !== null || header('transfer-encoding') === 'chunked'),
    }
  } catch (error) {
    throw new Error(`fetching ${url}: ${timer.reason ?? reasonOf(error)}`, { cause: error })
  } finally {
    timer.end()
  }
}

const isEncoded = ({ headers }: Response) => !['identity', null].includes(headers.get('content-encoding'))

/** Ends a fetch that takes too long, and says what took so long. */
class Timer {
  readonly #controller = new AbortController()
  readonly #limits: FetchLimits
  readonly #total: NodeJS.Timeout
  #next: NodeJS.Timeout
  reason: string | null = null

  constructor(limits: FetchLimits) {
    this.#limits = limits
    this.#total = this.#after(limits.totalMs, 'it did not come within')
    this.#next = this.#after(limits.answerMs, 'no answer came within')
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Something came. */
  arrived(): void {
    clearTimeout(this.#next)
    this.#next = this.#after(this.#limits.stallMs, 'it stopped in the middle, and nothing more came within')
  }

  end(): void {
    clearTimeout(this.#total)
    clearTimeout(this.#next)
  }

  #after(milliseconds: number, what: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.reason ??= `${what} ${milliseconds / 1000} s`
      this.#controller.abort()
    }, milliseconds)
  }
}

async function follow(
  asked: string,
  hosts: readonly string[],
  { fetch, userAgent }: FetchContext,
  timer: Timer,
): Promise<Response> {
  let url = asked
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(url, {
      signal: timer.signal,
      redirect: 'manual',
      // Packed on the way, it could end too early without that being seen.
      headers: { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': 'identity' },
    })
    timer.arrived()
    if (response.status === 200) return response
    await response.body?.cancel()
    const location = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) throw new AnswerError(response)
    url = redirected(asked, url, location, hosts)
  }
  throw new Error(`it was redirected more than ${MOST_REDIRECTS} times`)
}

/** An answer that is no file. */
class AnswerError extends Error {
  readonly status: number

  constructor({ status, statusText }: Response) {
    const hint =
      status === 429
        ? ': too many requests; try again later'
        : status === 401 || status === 403
          ? ': the publisher does not let this program or network in'
          : ''
    super(`the answer is ${status} ${statusText}`.trim() + hint)
    this.status = status
  }
}

/** Whether a fetch failed because nothing is at that address. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof AnswerError && [404, 410].includes(error.cause.status)

/** @throws Error where that is not where the publisher's file can be */
function redirected(asked: string, from: string, location: string, hosts: readonly string[]): string {
  if (!URL.canParse(location, from)) throw new Error('it was redirected to what is no address')
  const target = new URL(location, from)
  const refuse = (why: string) => new Error(`it was redirected to ${target.href.slice(0, 200)}, ${why}`)
  if (!isClosed(target)) throw refuse('which is not encrypted')
  if (new URL(from).protocol === 'https:' && target.protocol !== 'https:') throw refuse('which is not encrypted')
  const bare = (host: string) => host.replace(/^www\./, '')
  if (bare(target.hostname) !== bare(new URL(asked).hostname) && !hosts.includes(target.hostname))
    throw refuse('which is another host than its publisher names')
  return target.href
}

/** Whether nobody can change on the way what comes from there. */
function isClosed({ protocol, hostname }: URL): boolean {
  const isHere = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isHere)
}

function refuseOpenTransport(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && isClosed(url) && url.username === '' && url.password === '') return
  throw new InputError(`fetching ${text}: it has to be a URL with https, or with http from 127.0.0.1`)
}

async function bodyOf(response: Response, { bytes: most }: FetchLimits, timer: Timer): Promise<Buffer> {
  const tooLong = () => new Error(`it is longer than ${most} bytes`)
  if (Number(response.headers.get('content-length') ?? 0) > most) {
    await response.body?.cancel()
    throw tooLong()
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    timer.arrived()
    size += chunk.length
    if (size > most) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Reads the date of a header (RFC 9110, section 5.6.7), to the second. */
function timeOf(text: string | null): Micros | null {
  const time = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? null : time * 1000
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // fetch says "fetch failed" or "terminated", and what it means in the cause.
  const cause = error.cause instanceof Error ? error.cause : null
  if (error.message === 'terminated') return `it broke off before its end (${cause?.message ?? 'connection closed'})`
  const words = networkWords(error.cause)
  if (words !== null) return words
  return cause
    ? `${error.message} (${cause.message || ('code' in cause ? String(cause.code) : cause.name)})`
    : error.message
}
