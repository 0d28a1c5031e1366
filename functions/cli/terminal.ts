/** What a command may touch of the world: passed in, so that commands are tested without a process. */
export interface Terminal {
  /** Where results go. Resolves when the text has been taken, so that a slow reader is not outrun. */
  out(text: string): Promise<void>
  /** Where diagnostics go. */
  err(text: string): void
  /** Whether diagnostics are read by a person now, so that progress may be shown. */
  readonly interactive: boolean
  /** Whether results may carry colour. */
  readonly color: boolean
  readonly stdin: AsyncIterable<Uint8Array>
  readonly env: Readonly<Record<string, string | undefined>>
}

/** 0 pass, 1 fail, 2 the command or its input is wrong, 3 inconclusive. */
export type ExitStatus = 0 | 1 | 2 | 3
