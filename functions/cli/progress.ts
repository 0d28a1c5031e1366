/** A line of progress on stderr that overwrites itself; silent where nobody watches. */
import type { Terminal } from './terminal.ts'

export interface Progress {
  show(text: string): void
  clear(): void
}

const eraseLine = '\r\u001b[K'

export function progressOf(terminal: Terminal): Progress {
  if (!terminal.interactive) return { show: () => {}, clear: () => {} }
  return {
    show: (text) => terminal.err(`${eraseLine}${text}`),
    clear: () => terminal.err(eraseLine),
  }
}
