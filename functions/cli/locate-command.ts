/** `domicile locate`: where addresses are, how sure that is, and why. */
import { whatWouldSettle } from '../locate/settle.ts'
import type { Location, Micros } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { countryName } from '../net/country.ts'
import { formatTime } from '../net/time.ts'
import { loadReference } from './load-reference.ts'
import type { ExitStatus, Terminal } from './terminal.ts'
import { parseTime } from './time-option.ts'

export interface LocateOptions {
  readonly at?: string
  readonly reference?: string
  readonly json?: true
}

/** Output is handed on in pieces of about this many characters. */
const pieceLength = 1 << 16

/**
 * Locates addresses in the order in which they are given. A text that is no address is named on stderr and does not stop the
 * others.
 *
 * @param ips addresses; `-` stands for the lines of stdin
 * @returns 2 where a text was no address
 */
export async function run(ips: readonly string[], options: LocateOptions, terminal: Terminal): Promise<ExitStatus> {
  const at = options.at === undefined ? Date.now() * 1000 : parseTime('--at', options.at)
  const locator = await loadReference(options.reference, terminal.env)
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
    const location = locator.locate(ip, at)
    pending += options.json ? `${JSON.stringify({ ...location, at: formatTime(at) })}\n` : describe(location, at)
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

/** The answer first, then what speaks for it, what does not, and what would settle it. */
function describe(location: Location, at: Micros): string {
  const { ip, grade, country, subdivision, city, cloud, prefix } = location
  const place = [city, subdivision, country && `${countryName(country)} (${country})`].filter((part) => part).join(', ')
  const answer = [place, cloud].filter((part) => part).join(' · ') || meaning[grade]
  const lines = [`${ip}  ${answer}`, `  ${grade} at ${formatTime(at)}${prefix ? ` by ${prefix}` : ''}`]
  const say = (head: string, supports: boolean) => {
    const said = location.evidence.filter((piece) => piece.supports === supports)
    if (said.length > 0) lines.push(`  ${head}`)
    for (const { rule, source, says } of said) lines.push(`    ${says} [${rule}, ${source}]`)
  }
  say('because', true)
  say(location.evidence.some(({ supports }) => supports) ? 'but' : 'what is known', false)
  const settle = whatWouldSettle(location)
  if (settle) lines.push(`  to settle it: ${settle}`)
  return `${lines.join('\n')}\n`
}

/** The answer where there is no place to name. */
const meaning: Readonly<Record<Location['grade'], string>> = {
  proven: 'a region whose place is not published',
  corroborated: 'a region whose place is not published',
  suspected: 'no country',
  conflicted: 'the evidence disagrees',
  edge: 'many places, or one that cannot be seen from here',
  unknown: 'no place',
}
