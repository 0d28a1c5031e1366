/** Messages of a WebSocket, as Chrome and mitmproxy add them to the entry of its handshake. */
import type { Micros } from '../../model.ts'

export interface WebSocketMessages {
  /** Bytes of their payloads. */
  readonly sent: number
  readonly received: number
  /** When the last one was; minus infinity where none is. */
  readonly last: Micros
}

/** @param value `[{type: 'send' | 'receive', time, opcode, data}, …]`; data of the opcode 2 is base64, `time` is seconds */
export function readMessages(value: unknown): WebSocketMessages {
  let sent = 0
  let received = 0
  let last = Number.NEGATIVE_INFINITY
  for (const message of Array.isArray(value) ? value : []) {
    const { type, time, opcode, data } = message ?? {}
    if (typeof data !== 'string') continue
    const bytes = Buffer.byteLength(data, opcode === 2 ? 'base64' : 'utf8')
    if (type === 'send') sent += bytes
    else if (type === 'receive') received += bytes
    if (typeof time === 'number' && time > 0 && time < 9e9) last = Math.max(last, Math.round(time * 1e6))
  }
  return { sent, received, last }
}
