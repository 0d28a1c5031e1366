/**
 * Files of github.com/disposable/cloud-ip-ranges, which collects what providers publish or announce, in three shapes: CSV with
 * the header `Type,Address`; JSON with `provider`, `last_update`, `ipv4` and `ipv6`; and a prefix a line under comments that say
 * the same. They name no region: they tell whose an address is, and nothing of where.
 */
import type { Micros } from '../../model.ts'
import type { Prefix } from '../../net/prefix.ts'
import { earlier, parseIsoTime } from './iso-time.ts'
import { parseBlock, quote, type Reading } from './reading.ts'

/** The blocks of a list, and when it was made, where it says so. */
export interface Blocks {
  readonly time: Micros | null
  readonly prefixes: readonly Prefix[]
}

/** @param provider as the file names it; spaces, case and the word `cloud` make no difference */
export function checkProvider(reading: Reading, provider: unknown, expected: string): void {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]|cloud$/g, '')
  if (typeof provider !== 'string' || plain(provider) !== plain(expected))
    throw reading.error(`it is of another provider, ${quote(provider)}`)
}

/**
 * Reads the JSON shape.
 *
 * @param provider whose the file must be
 * @returns null where the file is not of this shape
 */
export function collectedJson(
  reading: Reading,
  file: Readonly<Record<string, unknown>>,
  provider: string,
): Blocks | null {
  if (!('provider' in file)) return null
  checkProvider(reading, file.provider, provider)
  const { ipv4 = [], ipv6 = [] } = file
  return {
    time: parseIsoTime(file.last_update),
    prefixes: [...blocksOf(reading, ipv4, 'ipv4', 4), ...blocksOf(reading, ipv6, 'ipv6', 6)],
  }
}

/**
 * The blocks of one list of a JSON file.
 *
 * @param what the list's name, for the message
 * @param family that all must have; null for either
 */
export function blocksOf(reading: Reading, list: unknown, what: string, family: 4 | 6 | null): readonly Prefix[] {
  if (!Array.isArray(list)) throw reading.error(`${what} is not a list`)
  return list.map((text: unknown, index) => {
    const prefix = parseBlock(text)
    if (!prefix || (family !== null && prefix.family !== family))
      throw reading.error(`${index + 1} of ${list.length} in ${what} is no prefix of that kind: ${quote(text)}`)
    return prefix
  })
}

/**
 * Reads the shapes of lines: the CSV, and a prefix a line, as providers publish them as well.
 *
 * @param provider whose the file must be, where a comment names one
 */
export function blocksByLine(reading: Reading, text: string, provider: string): Blocks {
  const prefixes: Prefix[] = []
  let time: Micros | null = null
  let csv = false
  for (const [index, whole] of text.split(/\r\n|\n|\r/).entries()) {
    const line = whole.trim()
    if (line === '') continue
    const [, key, value] = /^#\s*(provider|last_update):\s*(.*)$/.exec(line) ?? []
    if (key === 'provider') checkProvider(reading, value, provider)
    else if (key === 'last_update') time = earlier(time, parseIsoTime(value))
    else if (!csv && prefixes.length === 0 && /^type,address$/i.test(line)) csv = true
    else if (!line.startsWith('#')) {
      const [type, address = ''] = csv ? line.split(/,(.*)/) : ['', line]
      const prefix = parseBlock(address.trim())
      if (!prefix || (csv && type !== `IPv${prefix.family}`))
        throw reading.error(`line ${index + 1} is not ${csv ? 'IPv4 or IPv6 and ' : ''}a prefix: ${quote(line)}`)
      prefixes.push(prefix)
    }
  }
  return { time, prefixes }
}

/** Whether a text is of the collection's shapes of lines, not of the provider's own. */
export const isCollected = (text: string): boolean => /^\s*(type,address\s*$|#\s*provider:)/im.test(text.slice(0, 1000))

export const isJson = (text: string): boolean => /^\s*\{/.test(text)
