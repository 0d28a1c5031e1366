/** `domicile locate`: where addresses are, how sure that is, and why. */
import { refiner } from '../locate/refine.ts'
import { whatWouldSettle } from '../locate/settle.ts'
import type { Location, Micros, SnapshotFacts } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { formatTime } from '../net/time.ts'
import { loadReference } from './load-reference.ts'
import { ageDays, locationTable } from './locate-table.ts'
import { noAddress } from './no-address.ts'
import { parseSeen, type SeenOptions } from './seen-options.ts'
import type { ExitStatus, Terminal } from './terminal.ts'
import { parseTime } from './time-option.ts'
import { unmoved } from './unmoved.ts'

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
 * @param ips addresses; `-` stands for the lines of stdin, of which what follows `#` is a comment
 * @returns 2 where a text was no address, or stdin had none
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
  const fail = (why: string): void => {
    terminal.err(`domicile locate: ${why}\n`)
    status = 2
  }
  /** @param where it stands, for errors */
  const print = async (ip: string, where: string): Promise<void> => {
    if (!parseAddress(ip)) return fail(`${where}${noAddress(ip)}`)
    const location = refiner.refine(locator.locate(ip, at), seen)
    const cited = locator.citedBy?.(location) ?? []
    const idle = unmoved(location, seen, options.name ?? [])
    pending += options.json
      ? `${JSON.stringify(explained(location, at, cited, idle))}\n`
      : locationTable(location, at, cited, idle)
    if (pending.length < pieceLength) return
    await terminal.out(pending)
    pending = ''
  }
  for (const ip of ips) {
    if (ip !== '-') {
      await print(ip, '')
      continue
    }
    let hasAny = false
    for await (const { text, line } of linesOf(terminal.stdin)) {
      hasAny = true
      await print(text, `line ${line}: `)
    }
    if (!hasAny) fail('no address on stdin; write one a line')
  }
  if (pending !== '') await terminal.out(pending)
  return status
}

interface Line {
  readonly text: string
  /** From 1. */
  readonly line: number
}

/** The lines of a stream without comments and the white space around them; those of which nothing is left are left out. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let line = 0
  const read = (raw: string): Line => ({ text: raw.replace(/#.*$/, '').trim(), line: ++line })
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const one of lines.map(read)) if (one.text !== '') yield one
  }
  const last = read(rest)
  if (last.text !== '') yield last
}

/** The location with the time that was asked about, what would settle it, and the files that its evidence names. */
function explained(location: Location, at: Micros, cited: readonly SnapshotFacts[], idle: readonly string[]): object {
  const evidence = location.evidence.map((piece) => ({
    ...piece,
    ageDays: piece.date === null ? null : ageDays(piece.date, at),
  }))
  const snapshots = cited.map(({ source, date, sha256 }) => ({ source, date, ageDays: ageDays(date, at), sha256 }))
  const unmoved = idle.length > 0 ? { unmoved: idle } : {}
  return { ...location, evidence, at: formatTime(at), settle: whatWouldSettle(location), snapshots, ...unmoved }
}
