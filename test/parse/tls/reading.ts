/** What is read of a capture, as tests compare it. */
import type { Hidden } from '../../../functions/model.ts'
import { type CaptureRead, readCapture } from '../../../functions/parse/read-capture.ts'

export interface Seen {
  /** `via:name` of every name of every flow, in order. */
  readonly names: string[]
  readonly hidden: (Hidden | undefined)[]
  /** `via:name address` */
  readonly answers: string[]
  readonly read: CaptureRead
}

/** @param size of the chunks that are given */
export async function namesIn(capture: Uint8Array, keyLog?: string, size = capture.length): Promise<Seen> {
  const names: string[] = []
  const hidden: (Hidden | undefined)[] = []
  const answers: string[] = []
  const chunks = async function* () {
    for (let at = 0; at < capture.length; at += size) yield capture.slice(at, at + size)
  }
  const reading = keyLog === undefined ? {} : { keyLog: new TextEncoder().encode(keyLog) }
  const read = await readCapture(chunks(), reading, {
    answer: ({ via, name, address }) => answers.push(`${via}:${name} ${address}`),
    flows: (batch) => {
      for (let row = 0; row < batch.length; row++) {
        names.push(...(batch.names[row] ?? []).map(({ via, name }) => `${via}:${name}`))
        hidden.push(batch.hidden[row])
      }
    },
  })
  return { names, hidden, answers, read }
}
