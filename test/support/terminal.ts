import type { Terminal } from '../../functions/cli/terminal.ts'

/** A terminal that keeps what a command says. */
export interface RecordingTerminal extends Terminal {
  readonly said: { out: string; err: string }
}

export function recordingTerminal(
  stdin = '',
  env: Readonly<Record<string, string | undefined>> = {},
): RecordingTerminal {
  const said = { out: '', err: '' }
  return {
    said,
    out: async (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
    },
    interactive: false,
    color: false,
    stdin: (async function* () {
      yield Buffer.from(stdin)
    })(),
    env,
  }
}
