/** Takes the codings off a body that its message states (RFC 9110 §8.4). */
import type { Content } from '../model.ts'
import { unpacked } from './unpack.ts'

export interface Unwrapped {
  readonly bytes: Uint8Array
  /** The codings that were taken off, the outermost first. */
  readonly chain: readonly string[]
  /** `undecodable`: the bytes do not have the coding that is stated; `bomb`: they become more than is unpacked. */
  readonly fault: 'undecodable' | 'bomb' | null
}

export function unwrapped({ bytes, codings }: Content): Unwrapped {
  const chain: string[] = []
  let inner = bytes
  for (const coding of codings.toReversed()) {
    if (inner.length === 0) break
    const next = unpacked(coding, inner)
    if (next === null) return { bytes: inner, chain, fault: 'undecodable' }
    if (next === 'bomb') return { bytes: inner, chain, fault: 'bomb' }
    if (next.bytes === inner) continue
    inner = next.bytes
    chain.push(coding.trim().toLowerCase())
  }
  return { bytes: inner, chain, fault: null }
}
