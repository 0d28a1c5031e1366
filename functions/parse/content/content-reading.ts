/** What the readers of single protocols have in common, and the capture that they read for. */
import type { Budget } from '../payload/held-segments.ts'
import type { MessageReader } from '../payload/message-reader.ts'
import type { Secrets } from '../tls/secrets.ts'
import type { ContentTaker } from './speaker.ts'

/** Reads what an end says in a protocol, from where a message of it begins. */
export interface ContentReading extends MessageReader {
  /**
   * Bytes that followed are missing in the capture.
   *
   * @returns whether it can go on behind them; if not, it has concluded what it had
   */
  lost(count: number): boolean
}

/** What the readers of a capture share. */
export interface ReadingFor extends ContentTaker {
  /** Bytes that are kept of all flows together: segments that wait for others, and messages in progress. */
  readonly budget: Budget
  /** Those of TLS connections; null where none can be opened. */
  readonly secrets: Secrets | null
}

/** Longer bodies are kept as far as this. */
export const LONGEST_BODY = 4 << 20
