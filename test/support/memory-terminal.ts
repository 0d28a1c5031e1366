/** A terminal that keeps what commands print, so that they are tested without a process. */
import type { Terminal } from '../../functions/cli/terminal.ts'

export interface MemoryTerminal extends Terminal {
  readonly stdout: string
  readonly stderr: string
}

/** @param given.stdin pieces of text, as they would arrive */
export function memoryTerminal(
  given: { readonly stdin?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): MemoryTerminal {
  let stdout = ''
  let stderr = ''
  return {
    out: async (text) => {
      stdout += text
    },
    err: (text) => {
      stderr += text
    },
    interactive: false,
    color: false,
    stdin: (async function* () {
      for (const piece of given.stdin ?? []) yield Buffer.from(piece)
    })(),
    env: given.env ?? {},
    get stdout() {
      return stdout
    },
    get stderr() {
      return stderr
    },
  }
}
