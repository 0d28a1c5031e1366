/** A person at a plain terminal: lines out, lines in, nothing that ssh or a log of the screen could not carry. */
import { Readable } from 'node:stream'
import type { ProtocolStep } from '../declare/protocol-shape.ts'
import type { DeviceState } from '../model.ts'
import { noteFault } from '../rig/notes.ts'
import type { Command, DeviceAnswer, Operator } from '../rig/operator.ts'
import { progressOf } from './progress.ts'
import type { Terminal } from './terminal.ts'

const STATES: readonly DeviceState[] = ['new', 'factory-reset', 'updated', 'in-use']

const WORDS: Readonly<Record<string, 'note' | 'skip' | 'repeat' | 'pause'>> = {
  n: 'note',
  s: 'skip',
  r: 'repeat',
  q: 'pause',
}

export class RigOperator implements Operator {
  readonly unattended = false
  readonly #terminal: Terminal
  readonly #input: Readable
  readonly #lines: string[] = []
  #rest = ''
  #gone: string | null = null
  #wake: () => void = () => {}

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    const { stdin } = terminal
    this.#input = stdin instanceof Readable ? stdin : Readable.from(stdin)
    this.#input.on('data', this.#take)
    this.#input.on('end', this.#end)
    this.#input.on('error', this.#end)
  }

  /** Has the run paused at the prompt that is open. */
  pause(why: string): void {
    this.#gone ??= why
    this.#wake()
  }

  /** Lets the process end. */
  close(): void {
    this.#input.off('data', this.#take)
    this.#input.pause()
  }

  async say(text: string): Promise<void> {
    // Of a line that is lost, nobody can be told; the journal goes on.
    await this.#terminal.out(`${text}\n`).catch(() => {})
  }

  async device(proposed: Partial<DeviceAnswer>, wrong: readonly string[]): Promise<DeviceAnswer | null> {
    for (const fault of wrong) await this.say(fault)
    const model = await this.#ask('Model of the device', proposed.model)
    if (model === null) return null
    const firmware = await this.#ask('Its firmware, as its settings show it', proposed.firmware)
    if (firmware === null) return null
    const state = await this.#state(proposed.state)
    if (state === null) return null
    const addresses = await this.#ask('Its hardware addresses, with blanks between', proposed.addresses?.join(' '))
    if (addresses === null) return null
    return {
      ...(model === '' ? {} : { model }),
      ...(firmware === '' ? {} : { firmware }),
      state,
      addresses: addresses.split(/[\s,]+/).filter((address) => address !== ''),
    }
  }

  begin(step: ProtocolStep): Promise<Command> {
    return this.#command(`Enter begins it${step.optional ? ', s REASON skips it' : ''}`)
  }

  finish(): Promise<Command> {
    return this.#command('Enter when it is done')
  }

  async wait(_run: string, seconds: number): Promise<Command | null> {
    if (seconds <= 0 && this.#lines.length === 0 && this.#gone === null) return null
    const end = Date.now() + seconds * 1000
    const until = new Date(end).toISOString().slice(11, 19)
    if (seconds > 1)
      await this.say(
        `Waiting until ${until} UTC (${spanOf(seconds)}). n TEXT notes a deviation, s REASON cuts it short, q pauses.`,
      )
    const progress = progressOf(this.#terminal)
    const show = () => progress.show(`${spanOf((end - Date.now()) / 1000)} left `)
    const ticking = setInterval(show, 1000)
    try {
      for (;;) {
        const line = await this.#line(end)
        progress.clear()
        if (line === null) return null
        const command = commandOf(line) ?? { does: 'go' }
        if (await this.#maySay(command)) return command
      }
    } finally {
      clearInterval(ticking)
    }
  }

  async #command(says: string): Promise<Command> {
    for (;;) {
      await this.#terminal.out(`${says} (n TEXT, s REASON, r REASON, q) > `).catch(() => {})
      const line = await this.#line()
      if (line === null) continue
      const command = commandOf(line)
      if (command !== null && (await this.#maySay(command))) return command
      if (command !== null) continue
      await this.say(
        'Enter alone goes on. n TEXT notes a deviation, s REASON skips or breaks off, r REASON does it again, q pauses.',
      )
    }
  }

  /** What is in the journal once cannot be taken out of it again. */
  async #maySay(command: Command): Promise<boolean> {
    const fault = command.does === 'go' ? null : noteFault(command.text)
    if (fault !== null) await this.say(`Not taken down: ${fault}.`)
    return fault === null
  }

  async #ask(question: string, proposed = ''): Promise<string | null> {
    await this.#terminal.out(`${question}${proposed === '' ? '' : ` [${proposed}]`}: `).catch(() => {})
    const line = await this.#line()
    if (line === null || this.#gone !== null) return null
    return line.trim() === '' ? proposed : line.trim()
  }

  async #state(proposed: DeviceState | undefined): Promise<DeviceState | null> {
    for (;;) {
      const answer = await this.#ask(`How it came here (${STATES.join(', ')})`, proposed)
      if (answer === null) return null
      const state = STATES.find((known) => known === answer)
      if (state !== undefined) return state
      await this.say(`Write one of ${STATES.join(', ')}: declarations depend on it.`)
    }
  }

  /** The next line. @returns `q` and why, where nobody is there any more; null at the deadline */
  async #line(deadline = Number.POSITIVE_INFINITY): Promise<string | null> {
    for (;;) {
      if (this.#gone !== null) return `q ${this.#gone}`
      const line = this.#lines.shift()
      if (line !== undefined) return line
      const left = deadline - Date.now()
      if (left <= 0) return null
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        // A timer takes no longer span than this.
        if (left < Number.POSITIVE_INFINITY) timer = setTimeout(resolve, Math.min(left, 2 ** 31 - 1))
      })
      clearTimeout(timer)
    }
  }

  readonly #take = (chunk: Buffer | string) => {
    const lines = (this.#rest + chunk.toString()).split(/\r?\n/)
    this.#rest = lines.pop() ?? ''
    this.#lines.push(...lines)
    this.#wake()
  }

  readonly #end = () => {
    // Lines that are there already are still heard.
    const wait = () => (this.#lines.length === 0 ? this.pause('the terminal is gone') : setTimeout(wait, 50))
    wait()
  }
}

/** @returns null where a line is no command */
function commandOf(line: string): Command | null {
  const text = line.trim()
  if (text === '') return { does: 'go' }
  const [, letter = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? []
  const does = WORDS[letter]
  if (does === undefined) return null
  if (rest === '' && does !== 'pause') return null
  return { does, text: rest === '' ? 'by the operator' : rest }
}

const spanOf = (seconds: number) => {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
