/** A contact to a known address: what shows that the captures of a session would have a hit. */
import { randomBytes } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { createReadStream, existsSync } from 'node:fs'
import { get } from 'node:http'
import { isIP } from 'node:net'
import { join } from 'node:path'

const ANSWER_MS = 10_000

/** Letters and digits that nobody mistakes for one another when typing them. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

export interface Contact {
  /** With the token as the last part of its path. */
  readonly url: string
  readonly token: string
  /** Of its host; the host's name where it is not known. */
  readonly address: string
  readonly port: number
}

/** A contact of this session alone. @param base `http://…`, as the protocol has it */
export async function contactOf(base: string): Promise<Contact> {
  const token = `domicile-${Array.from(randomBytes(8), (byte) => LETTERS[byte % LETTERS.length]).join('')}`
  const url = new URL(token, base.endsWith('/') ? base : `${base}/`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host)
    ? host
    : await lookup(host).then(
        ({ address }) => address,
        () => host,
      )
  return { url: url.href, token, address: found, port: Number(url.port || 80) }
}

/** Asks for it from the rig itself. @returns null, or why there was no answer */
export function contact(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: ANSWER_MS, headers: { 'User-Agent': 'domicile-canary' } }, (response) => {
      response.resume()
      response.on('end', () => resolve(null))
      response.on('error', (error) => resolve(error.message))
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)))
    request.on('error', (error) => resolve(error.message))
  })
}

/** The first of a folder's files that holds the token; null where none does. */
export async function fileWith(token: string, folder: string, files: readonly string[]): Promise<string | null> {
  const wanted = Buffer.from(token)
  for (const file of files) {
    const path = join(folder, file)
    if (!existsSync(path)) continue
    let tail: Buffer = Buffer.alloc(0)
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([tail, chunk])
      if (bytes.includes(wanted)) return file
      tail = bytes.subarray(Math.max(0, bytes.length - wanted.length + 1))
    }
  }
  return null
}
