/** Fetching from outside: encrypted, not for ever, and not more than can be meant. */
import { InputError } from '../errors.ts'

export interface FetchLimits {
  readonly milliseconds: number
  /** Unpacked. */
  readonly bytes: number
}

/**
 * Fetches a file.
 *
 * @param url https; http only from this machine itself, where nobody stands between
 * @throws InputError for any other URL; Error where the file does not come whole and in time
 */
export async function fetchLimited(url: string, limits: FetchLimits): Promise<Uint8Array> {
  refuseOpenTransport(url)
  try {
    // A redirect could lead to any address, so there is none.
    const response = await fetch(url, { signal: AbortSignal.timeout(limits.milliseconds), redirect: 'error' })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`the answer is ${response.status} ${response.statusText}`.trim())
    }
    return await limited(response, limits.bytes)
  } catch (error) {
    throw new Error(`fetching ${url}: ${reasonOf(error, limits)}; nothing was changed, and the next run tries again`, {
      cause: error,
    })
  }
}

function refuseOpenTransport(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null
  const here = url !== null && /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && here)) return
  throw new InputError(`fetching ${text}: it has to be a URL with https, or with http from 127.0.0.1`)
}

async function limited(response: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > most) throw new Error(`it is longer than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function reasonOf(error: unknown, { milliseconds }: FetchLimits): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `it did not come within ${milliseconds / 1000} s`
  // fetch says "fetch failed" or "terminated", and what it means in the cause.
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
