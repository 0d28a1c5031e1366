/** Asks for what must not be seen: what is typed is not shown, and kept nowhere. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { InputError } from '../errors.ts'

/** Somebody who answers. */
export interface SecretPrompt {
  /** @returns a line, without blanks around it. @throws InputError where the answer is Ctrl-C or Ctrl-D */
  ask(question: string): Promise<string>
  say(text: string): void
  close(): void
}

/**
 * @param input keys as they are pressed
 * @param show where questions go
 */
export function secretPrompt(input: NodeJS.ReadableStream, show: (text: string) => void): SecretPrompt {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  const answers: string[] = []
  let waiting: { answer(line: string): void; refuse(error: Error): void } | null = null
  let gone = false
  const leave = () => {
    gone = true
    waiting?.refuse(cancelled())
  }
  lines.on('line', (line) => {
    if (waiting) waiting.answer(line)
    else answers.push(line)
  })
  lines.on('SIGINT', leave)
  lines.on('close', leave)
  return {
    async ask(question) {
      show(question)
      const line = await new Promise<string>((resolve, reject) => {
        const [before] = answers.splice(0, 1)
        if (before !== undefined) return resolve(before)
        if (gone) return reject(cancelled())
        waiting = { answer: resolve, refuse: reject }
      }).finally(() => {
        waiting = null
        show('\n')
      })
      return line.trim()
    },
    say: show,
    close: () => lines.close(),
  }
}

const cancelled = () => new InputError('cancelled: nothing was written')
