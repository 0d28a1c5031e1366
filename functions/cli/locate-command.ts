/** `domicile locate`: where addresses are, how sure that is, and why. */
import { refiner } from '../locate/refine.ts'
import type { Location, Micros } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { formatTime } from '../net/time.ts'
import { loadReference } from './load-reference.ts'
import { locationTable } from './locate-table.ts'
import { parseSeen, type SeenOptions } from './seen-options.ts'
import type { ExitStatus, Terminal } from './terminal.ts'
import { parseTime } from './time-option.ts'

export interface LocateOptions extends SeenOptions {
  readonly at?: string
  readonly reference?: string
  readonly json?: true
}

/** Output is handed on in pieces of about this many characters. */
const pieceLength = 1 << 16
const DAY = 86_400e6

/**
 * Locates addresses in the order in which they are given. A text that is no address is named on stderr and does not stop the
 * others.
 *
 * @param ips addresses; `-` stands for the lines of stdin
 * @returns 2 where a text was no address
 */
export async function run(ips: readonly string[], options: LocateOptions, terminal: Terminal): Promise<ExitStatus> {
  const at = options.at === undefined ? Date.now() * 1000 : parseTime('--at', options.at)
  if (at > Date.now() * 1000)
    terminal.err(
      `domicile locate: --at ${options.at} is still to come: no snapshot can be of then or after it, and what is said rests on earlier ones\n`,
    )
  const seen = parseSeen(options)
  const locator = await loadReference(options.reference, terminal.env, { days: new Set([Math.floor(at / DAY)]) })
  let status: ExitStatus = 0
  let pending = ''
  const print = async (ip: string): Promise<void> => {
    if (!parseAddress(ip)) {
      terminal.err(
        `domicile locate: ${JSON.stringify(ip.slice(0, 100))} is no IP address; write one such as 54.222.0.1\n`,
      )
      status = 2
      return
    }
    const location = refiner.refine(locator.locate(ip, at), seen)
    pending += options.json ? `${JSON.stringify(withTime(location, at))}\n` : locationTable(location, at)
    if (pending.length < pieceLength) return
    await terminal.out(pending)
    pending = ''
  }
  for (const ip of ips) {
    if (ip === '-') for await (const line of linesOf(terminal.stdin)) await print(line)
    else await print(ip)
  }
  if (pending !== '') await terminal.out(pending)
  return status
}

/** The lines of a stream without the white space around them; empty ones are left out. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield line.trim()
  }
  if (rest.trim() !== '') yield rest.trim()
}

/** The location with the time that was asked about, and with how many days before it each snapshot was made. */
function withTime(location: Location, at: Micros): object {
  const day = Math.floor(at / DAY)
  const ageOf = (date: string | null) => (date === null ? null : day - (Date.parse(date) * 1000) / DAY)
  const evidence = location.evidence.map((piece) => ({ ...piece, ageDays: ageOf(piece.date) }))
  return { ...location, evidence, at: formatTime(at) }
}
