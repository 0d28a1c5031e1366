/** Requests and bodies beside tshark, in captures that nobody here made. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { saidIn } from './said.ts'

const present = spawnSync('tshark', ['--version']).status === 0
if (!present) console.warn('skipped: tshark is not here; install it (Debian: apt-get install tshark)')

const material = '../shared/material/pcap'

/** Captures of which the two differ with reason: what is no request by its syntax, or has no length, is a stream here. */
const MALFORMED = new Set([
  'ndpi__http-manipulated.pcap',
  'zeek__http_261_variant-08-leading_zeros.pcap',
  'zeek__http_methods.pcap',
])
const FILES = (existsSync(material) ? readdirSync(material) : []).filter(
  (name) => /^[^.]*http[^.]*\.pcap(ng)?$/.test(name) && !MALFORMED.has(name),
)

interface Request {
  readonly line: string
  /** Empty where it cannot be compared. */
  readonly body: string
}

/** Of every request in HTTP/1 over TCP: method and target, and its body where that is text. */
function requestsByTshark(path: string): Request[] {
  const fields = ['http.request.method', 'http.request.uri', 'http.file_data'].flatMap((field) => ['-e', field])
  const printed = execFileSync(
    'tshark',
    [
      '-r',
      path,
      '-Y',
      'http.request and tcp',
      '-T',
      'fields',
      '-E',
      'separator=\u0001',
      '-E',
      'occurrence=f',
      ...fields,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 },
  )
  return printed
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [method = '', uri = '', body = ''] = line.split('\u0001')
      return { line: `${method} ${uri.replace(/^http:\/\/[^/]*/, '')}`, body: unescaped(body) }
    })
    .filter(({ line }) => !line.startsWith('CONNECT '))
}

/** tshark writes C's escapes. */
function unescaped(text: string): string {
  const plain = { r: '\r', n: '\n', t: '\t', '\\': '\\', '"': '"' } as Record<string, string>
  const body = text.replace(/\\([rnt\\"])/g, (_, c: string) => plain[c] ?? c)
  return /^[\r\n\t -~]*$/.test(body) ? body : ''
}

async function requestsHere(path: string): Promise<Request[]> {
  const { pieces } = await saidIn(new Uint8Array(readFileSync(path)))
  const requests: { line: string; body: string; flow: number }[] = []
  for (const { flow, part, method, text, codings } of pieces) {
    if (part === 'url') requests.push({ line: `${method} ${text}`, body: '', flow })
    const last = requests.findLast((request) => request.flow === flow)
    // tshark shows what was in it.
    if (part === 'body' && last?.body === '') last.body = codings.length === 0 ? text : CODED
  }
  return requests
}

const CODED = '(coded)'

// In CI a missing tshark fails instead of passing in silence.
describe.skipIf(!existsSync(material) || (!present && process.env.CI === undefined))('what tshark sees', () => {
  test('every request, and every body that is text, is handed on', async () => {
    const faults: string[] = []
    let bodies = 0
    for (const file of FILES) {
      const ours = await requestsHere(`${material}/${file}`)
      for (const { line, body } of requestsByTshark(`${material}/${file}`)) {
        const same = ours.filter((request) => request.line === line)
        const isThere = body === '' ? same.length > 0 : same.some((one) => one.body === body || one.body === CODED)
        if (!isThere) faults.push(`${file}: ${line.slice(0, 80)} with ${body.length} bytes`)
        if (body !== '') bodies++
      }
    }
    expect(faults).toEqual([])
    expect(bodies).toBeGreaterThan(8)
  }, 300_000)
})
