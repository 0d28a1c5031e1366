/** A VPC flow log of a day that is large when it is packed: the same bytes in every run. */
import { createWriteStream, statSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { randomNumbers } from './tests/support/campaign.ts'

const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
const firstSecond = Date.UTC(2014, 10, 10) / 1000
const remotes = 4_000
const rowsAtOnce = 20_000

/** Both directions of conversations of one device with thousands of remotes, minute by minute. */
function* pieces(): Generator<string> {
  const random = randomNumbers(7)
  const below = (limit: number) => Math.floor(random() * limit)
  const addresses = Array.from({ length: remotes }, () =>
    [11 + below(89), below(256), below(256), 1 + below(254)].join('.'),
  )
  for (let piece = 0; ; piece++) {
    const lines: string[] = []
    for (let row = 0; row < rowsAtOnce; row += 2) {
      // The day goes round, so that the log can be as long as it needs to be.
      const from = firstSecond + ((piece * 60) % 86_400) + below(30)
      const remote = addresses[Math.floor(random() ** 2 * remotes)]
      const port = 32_768 + below(28_000)
      const tail = `${from} ${from + 5 + below(25)} ACCEPT OK`
      const name = '2 123456789012 eni-0123456789abcdef0'
      lines.push(`${name} 10.77.0.20 ${remote} ${port} 443 6 ${1 + below(200)} ${40 + below(30_000)} ${tail}`)
      lines.push(`${name} ${remote} 10.77.0.20 443 ${port} 6 ${1 + below(400)} ${40 + below(500_000)} ${tail}`)
    }
    yield `${lines.join('\n')}\n`
  }
}

/**
 * Writes the log.
 *
 * @param least bytes, packed
 * @returns its rows
 */
export async function largeFlowLog(path: string, least: number): Promise<number> {
  const gzip = createGzip({ level: 1 })
  const file = createWriteStream(path)
  gzip.pipe(file)
  gzip.write(`${header}\n`)
  let rows = 0
  for (const piece of pieces()) {
    if (!gzip.write(piece)) await new Promise((resolve) => gzip.once('drain', resolve))
    rows += rowsAtOnce
    if (file.bytesWritten >= least) break
  }
  gzip.end()
  await finished(file)
  if (statSync(path).size < least) throw new Error(`${path} is smaller than ${least} bytes`)
  return rows
}
