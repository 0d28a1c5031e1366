/** What is said in a capture, as tests compare it, beside what is read of it in any case. */
import { createHash } from 'node:crypto'
import type { CaptureReading, Content, FlowBatch, NameAnswer } from '../../../functions/model.ts'
import { type CaptureRead, readCapture } from '../../../functions/parse/read-capture.ts'

/** A piece of content with its own copy of the bytes, as text with a character a byte. */
export type Piece = Omit<Content, 'bytes' | 'time'> & { readonly text: string }

/** A flow as far as content goes. */
export interface SaidFlow {
  readonly content: number
  readonly unread: readonly [a: number, b: number]
}

export interface Said {
  readonly read: CaptureRead
  readonly pieces: readonly Piece[]
  readonly flows: readonly SaidFlow[]
  /** Digest of flows, names and answers, without what is known of content. */
  readonly digest: string
}

/** @param cuts where chunks end */
export async function saidIn(
  capture: Uint8Array,
  { cuts = [], asks = true, ...reading }: CaptureReading & { cuts?: readonly number[]; asks?: boolean } = {},
): Promise<Said> {
  const pieces: Piece[] = []
  const flows: SaidFlow[] = []
  const hash = createHash('sha256')
  const sink = {
    flows: (batch: FlowBatch) => {
      for (let row = 0; row < batch.length; row++) {
        hash.update(rowOf(batch, row))
        const unread = [batch.unreadA[row] as number, batch.unreadB[row] as number] as const
        flows.push({ content: batch.content[row] as number, unread })
      }
    },
    answer: (answer: NameAnswer) => {
      hash.update(JSON.stringify(answer))
    },
    ...(asks
      ? {
          content: ({ bytes, time: _, ...about }: Content) => {
            pieces.push({ ...about, text: Buffer.from(bytes).toString('latin1') })
          },
        }
      : {}),
  }
  async function* chunks() {
    let at = 0
    for (const cut of [...cuts, capture.length]) {
      const chunk = capture.slice(at, cut)
      yield chunk
      chunk.fill(0xa5)
      at = cut
    }
  }
  const read = await readCapture(chunks(), reading, sink)
  return { read, pieces, flows, digest: hash.digest('hex') }
}

const OF_CONTENT = new Set(['content', 'unreadA', 'unreadB', 'length', 'capacity'])

function rowOf(batch: FlowBatch, row: number): string {
  const columns = Object.entries(batch)
    .filter(([name]) => !OF_CONTENT.has(name))
    .map(([, column]) => {
      if (Array.isArray(column)) return JSON.stringify(column[row] ?? null)
      const width = column.length / batch.capacity
      return (column as Float64Array).subarray(row * width, row * width + width).join()
    })
  return `${columns.join(' ')}\n`
}

/** `part field: text`, without what is the same of all. */
export const shown = ({ fromA, part, field, text, missing }: Piece) =>
  `${fromA ? 'A' : 'B'} ${part}${field === null ? '' : ` ${field}`}: ${text}${missing > 0 ? ` …${missing}` : ''}`
