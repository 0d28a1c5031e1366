/** The benchmark's VPC flow log: the same bytes in every run, made once and kept under bench/data. */
import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

export const rows = 3_000_000
const interfaces = 3_000
const remotes = 5_000
/** Conversations that an interface has open at a time; each gives two rows a minute. */
const openConversations = 8
const firstSecond = Date.UTC(2025, 5, 1) / 1000
const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'

interface Conversation {
  readonly remote: string
  readonly remotePort: number
  readonly devicePort: number
  readonly protocol: number
}

/** Numbers in [0, 1) that look random and are the same in every run (mulberry32's mixing of a counter). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Every minute, every interface logs both directions of its open conversations, or NODATA; some end and others begin. */
function* minutes(): Generator<string> {
  const random = randomNumbers(2014)
  const below = (limit: number) => Math.floor(random() * limit)
  const addresses = Array.from(
    { length: remotes },
    () => `${11 + below(89)}.${below(256)}.${below(256)}.${1 + below(254)}`,
  )
  const begin = (): Conversation => {
    // Squaring the rank makes some remotes frequent and most of them rare.
    const remote = addresses[Math.floor(random() ** 3 * remotes)] ?? ''
    const ephemeral = 32768 + below(28000)
    if (below(12) === 0)
      return { remote, remotePort: ephemeral, devicePort: [22, 80, 443][below(3)] ?? 22, protocol: 6 }
    if (below(6) === 0) return { remote, remotePort: 53, devicePort: ephemeral, protocol: 17 }
    return { remote, remotePort: [443, 443, 443, 80, 5222][below(5)] ?? 443, devicePort: ephemeral, protocol: 6 }
  }
  const open = Array.from({ length: interfaces }, () => Array.from({ length: openConversations }, begin))
  let made = 0
  for (let second = firstSecond; made < rows; second += 60) {
    const lines: string[] = []
    for (const [number, conversations] of open.entries()) {
      if (made >= rows) break
      const name = `2 123456789012 eni-0${(number + 0xa5f3c000).toString(16)}deadbeef${number % 10}`
      if (below(50) === 0) {
        lines.push(`${name} - - - - - - - ${second} ${second + 59} - NODATA\n`)
        made++
        continue
      }
      const device = `10.20.${number >> 8}.${number & 255}`
      for (const [slot, { remote, remotePort, devicePort, protocol }] of conversations.entries()) {
        if (made >= rows - 1) break
        const from = second + below(30)
        const until = from + 5 + below(54)
        const out = 1 + below(200)
        const back = 1 + below(400)
        const outBytes = out * (40 + below(200))
        const backBytes = back * (40 + below(1400))
        lines.push(
          `${name} ${device} ${remote} ${devicePort} ${remotePort} ${protocol} ${out} ${outBytes} ${from} ${until} ACCEPT OK\n`,
          `${name} ${remote} ${device} ${remotePort} ${devicePort} ${protocol} ${back} ${backBytes} ${from + below(5)} ${until} ACCEPT OK\n`,
        )
        made += 2
        if (below(3) === 0) conversations[slot] = begin()
      }
    }
    yield lines.join('')
  }
}

/** Makes the log where it is not there yet. @returns its path */
export async function vpcFlowLogData(): Promise<string> {
  const folder = join(import.meta.dirname, 'data')
  const path = join(folder, 'vpc-flow-log.v2.log.gz')
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const text = async function* () {
    yield `${header}\n`
    yield* minutes()
  }
  // Made under another name first, so that an interrupted run leaves no half log behind.
  const file = createWriteStream(`${path}.part`)
  await pipeline(text, createGzip(), file)
  await finished(file)
  renameSync(`${path}.part`, path)
  return path
}
