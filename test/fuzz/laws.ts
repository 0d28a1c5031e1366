/** What holds for every capture, whatever bytes it is made of: the laws that the fuzzer and its fixtures are held against. */
import { createHash, type Hash } from 'node:crypto'
import type { CaptureReading, Content, FlowBatch, NameAnswer } from '../../functions/model.ts'
import { canonicalAddress } from '../../functions/net/address.ts'
import { type CaptureRead, readCapture } from '../../functions/parse/read-capture.ts'

/** Readings that are tried: what bytes are depends on them. */
export const READINGS: readonly CaptureReading[] = [
  {},
  { timeZone: 'Asia/Kolkata' },
  { format: 'srcaddr dstaddr srcport dstport protocol bytes start end' },
  { format: 'netflow' },
  { columns: { start: 'ts', initiatorIp: 'src', responderIp: 'dst' } },
]

/** What a run gave, and how it broke a law; null where it broke none. */
export interface Examined {
  readonly read: CaptureRead | null
  readonly fault: string | null
}

/**
 * Reads bytes whole and again in chunks, and holds what comes out against the laws.
 *
 * @param cuts where the chunks of the second reading end
 * @param asks whether the first reading asks for content; the second always does, and all else has to be the same
 */
export async function examine(
  bytes: Uint8Array,
  reading: CaptureReading,
  cuts: readonly number[],
  asks = true,
): Promise<Examined> {
  let read: CaptureRead | null = null
  try {
    const whole = outcome(asks)
    read = await readCapture(chunksOf(bytes, []), reading, whole)
    const account = faultOfAccount(read) ?? whole.faults()
    if (account !== null) return { read, fault: account }
    // Of a packing that is damaged, as much is read as one piece of it gave.
    if (isPacked(bytes) && read.error !== null) return { read, fault: null }
    const cut = outcome(true)
    const again = await readCapture(chunksOf(bytes, cuts), reading, cut)
    if (JSON.stringify(again) !== JSON.stringify(read))
      return { read, fault: 'the ledger depends on where chunks are cut' }
    if (cut.digest() !== whole.digest())
      return { read, fault: 'flows or answers depend on where chunks are cut, or on whether content is asked for' }
    if (asks && cut.said() !== whole.said()) return { read, fault: 'content depends on where chunks are cut' }
    return { read, fault: cut.faults() }
  } catch (error) {
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    const [, where = ''] = stack.split('\n').filter((line, i) => i === 0 || line.includes(' at '))
    return { read, fault: `${name}: ${message}${where.replace(/\(?(file:)?\/.*\//, ' ').replace(/:\d+\)?$/, '')}` }
  }
}

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const cut of [...cuts, bytes.length]) {
    if (cut < at || cut > bytes.length) continue
    // A copy of its own, so that what stands behind the chunk cannot be read, and is gone with the next.
    const chunk = bytes.slice(at, cut)
    yield chunk
    chunk.fill(0xa5)
    at = cut
  }
}

const isPacked = ([a, b]: Uint8Array) =>
  (a === 0x1f && b === 0x8b) || a === 0x78 || (a === 0x28 && b === 0xb5) || b === 0x2a

const isCount = (count: number) => Number.isInteger(count) && count >= 0

function faultOfAccount({ records, used, leftOut, gaps }: CaptureRead): string | null {
  const reasons = Object.entries(leftOut)
  const sum = reasons.reduce((total, [, count]) => total + count, used)
  if (records !== sum) return `records (${records}) are not what was used and left out (${sum})`
  if (![used, ...reasons.map(([, count]) => count)].every(isCount)) return 'a count of the ledger is none'
  for (const { from, until, records: lost } of gaps)
    if (!(from <= until && Number.isSafeInteger(from) && Number.isSafeInteger(until) && lost >= 0))
      return 'a gap is no span'
  return null
}

/** What is asked of a parser. */
function outcome(asks: boolean): Outcome {
  return asks ? new SaidOutcome() : new Outcome()
}

/** Columns that are of content. */
const OF_CONTENT = new Set(['content', 'unreadA', 'unreadB'])

/** Takes what a parser gives, and checks each row. */
class Outcome {
  protected fault: string | null = null
  readonly #hash: Hash = createHash('md5')

  faults(): string | null {
    return this.fault
  }

  said(): string {
    return ''
  }

  flows(batch: FlowBatch): void {
    for (let row = 0; row < batch.length; row++) {
      this.fault ??= faultOfRow(batch, row)
      const columns = Object.entries(batch).map(([name, column]) => {
        if (typeof column === 'number' || OF_CONTENT.has(name)) return ''
        if (Array.isArray(column)) return JSON.stringify(column[row] ?? null)
        const width = column.length / batch.capacity
        return (column as Float64Array).subarray(row * width, row * width + width).join()
      })
      this.#hash.update(`${columns.join(' ')}\n`)
    }
  }

  answer(answer: NameAnswer): void {
    this.fault ??= faultOfAnswer(answer)
    this.#hash.update(JSON.stringify(answer))
  }

  #digest: string | null = null
  digest(): string {
    this.#digest ??= this.#hash.digest('hex')
    return this.#digest
  }
}

/** Takes content, too. */
class SaidOutcome extends Outcome {
  readonly #said: Hash = createHash('md5')
  /** Flows that said something and have not been handed on. */
  readonly #open = new Set<number>()
  readonly #closed = new Set<number>()

  content({ bytes, ...about }: Content): void {
    const { flow, missing } = about
    if (!Number.isSafeInteger(flow) || flow < 1 || this.#closed.has(flow)) this.fault ??= 'content of no flow'
    if (!(missing >= 0 && Number.isSafeInteger(missing))) this.fault ??= `${missing} bytes of content are missing`
    this.#open.add(flow)
    this.#said.update(JSON.stringify(about)).update(bytes)
  }

  override flows(batch: FlowBatch): void {
    super.flows(batch)
    for (let row = 0; row < batch.length; row++) {
      const [flow = 0, ...unread] = [batch.content[row], batch.unreadA[row], batch.unreadB[row]]
      this.#said.update(`${flow} ${unread.join()}\n`)
      if (unread.some((bytes = 0) => bytes < 0)) this.fault ??= 'less than nothing is unread'
      if (flow === 0) continue
      if (!this.#open.delete(flow)) this.fault ??= 'a flow is numbered that said nothing'
      this.#closed.add(flow)
    }
  }

  override faults(): string | null {
    return this.fault ?? (this.#open.size > 0 ? 'content of a flow that was not handed on' : null)
  }

  #text: string | null = null
  override said(): string {
    this.#text ??= this.#said.digest('hex')
    return this.#text
  }
}

function faultOfRow(batch: FlowBatch, row: number): string | null {
  const at = (column: ArrayLike<number>) => column[row] ?? Number.NaN
  for (const key of ['packetsA', 'packetsB', 'bytesA', 'bytesB'] as const)
    if (!(at(batch[key]) >= 0 && at(batch[key]) < Number.POSITIVE_INFINITY))
      return `${key} of a flow is ${at(batch[key])}`
  for (const key of ['payloadA', 'payloadB', 'handshakeRttMs'] as const)
    if (at(batch[key]) < 0) return `${key} of a flow is ${at(batch[key])}`
  for (const key of ['portA', 'portB'] as const)
    if (!(at(batch[key]) >= -1 && at(batch[key]) <= 0xffff)) return `${key} of a flow is ${at(batch[key])}`
  if (at(batch.family) !== 4 && at(batch.family) !== 6) return `the family of a flow is ${at(batch.family)}`
  if (!(at(batch.protocol) >= -1 && at(batch.protocol) <= 255)) return `the protocol of a flow is ${at(batch.protocol)}`
  const [start, end] = [at(batch.start), at(batch.end)]
  const isUntimed = Number.isNaN(start) && Number.isNaN(end)
  if (!isUntimed && !(start <= end && Number.isSafeInteger(start) && Number.isSafeInteger(end)))
    return `a flow lasts from ${start} to ${end}`
  for (const { name } of batch.names[row] ?? []) if (!isWellFormed(name)) return 'a name of a flow is not well formed'
  return null
}

function faultOfAnswer({ client, address, name, time, expires }: NameAnswer): string | null {
  if (canonicalAddress(client) !== client || canonicalAddress(address) !== address) return 'an answer has no address'
  if (!isWellFormed(name)) return 'a name of an answer is not well formed'
  return Number.isSafeInteger(time) && expires >= time ? null : `an answer holds from ${time} to ${expires}`
}

/** Lower case, and nothing in it that a terminal or a page would not show as it is. */
const isWellFormed = (name: string) =>
  name.length > 0 &&
  name.length <= 255 &&
  name === name.toLowerCase() &&
  /^[!-~\u00a1-\u00ac\u00ae-\u00ff]+$/.test(name)
