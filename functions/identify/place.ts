/** Where a byte stands among the fields of a container. */
import type { Span } from './layer.ts'

export interface Place {
  /** Keys and indexes, from the outermost inwards. */
  readonly path: readonly string[]
  /** The value that holds the byte, as it is written there; null where nothing further can be told of it. */
  readonly value: Span | null
}
