/** Key logs: the secrets of TLS connections that one of their ends wrote down (SSLKEYLOGFILE, RFC 9850). */
import { latin1 } from '../payload/flow-names.ts'

const LABELS = [
  /** The master secret of TLS 1.2 and before. */
  'CLIENT_RANDOM',
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const

/** What a secret is for. Key logs have others too, which open nothing that is read here. */
export type SecretLabel = (typeof LABELS)[number]

const KNOWN: ReadonlyMap<string, SecretLabel> = new Map(LABELS.map((label) => [label, label]))
const LONGEST_LABEL = 32
/** Bytes of a ClientHello's random, and of a secret: as the hash of the connection is long, 48 in TLS 1.2. */
const RANDOM = 32
const [SHORTEST_SECRET, LONGEST_SECRET] = [32, 64]

/** A line of any label: those of QUIC's or of a resumption's secrets open nothing here. */
const ANY_LINE = /^[A-Z0-9_]+[ \t]+(?:[0-9a-f]{2})+[ \t]+(?:[0-9a-f]{2})+[ \t]*\r?$/i
const LONGEST_LINE = 512

/**
 * Hands every secret of a key log on. Lines that are none are passed over.
 *
 * @param take gets the client's random and the secret, a character a byte: short texts take the least memory
 */
export function readKeyLog(bytes: Uint8Array, take: (random: string, label: SecretLabel, secret: string) => void) {
  let from = 0
  let to = -1
  const nextWord = (end: number) => {
    for (from = to + 1; from < end && isBlank(bytes[from]); ) from++
    for (to = from; to < end && !isBlank(bytes[to]); ) to++
    return to - from
  }
  for (const [start, end] of lines(bytes)) {
    to = start - 1
    if (nextWord(end) > LONGEST_LABEL) continue
    const label = KNOWN.get(latin1(bytes, from, to).toUpperCase())
    if (label === undefined || nextWord(end) !== 2 * RANDOM) continue
    const random = fromHex(bytes, from, to)
    const length = nextWord(end) / 2
    const secret = length < SHORTEST_SECRET || length > LONGEST_SECRET ? null : fromHex(bytes, from, to)
    if (random !== null && secret !== null && nextWord(end) === 0) take(random, label, secret)
  }
}

/** A blank, or the first half of a line's end. */
const isBlank = (byte: number | undefined) => byte === 32 || byte === 9 || byte === 13

function fromHex(bytes: Uint8Array, from: number, to: number): string | null {
  const read = Buffer.from(latin1(bytes, from, to), 'hex')
  return 2 * read.length === to - from ? read.toString('latin1') : null
}

/** Whether bytes are a key log, as far as their lines say: one that has none but comments is one, too. */
export function looksLikeKeyLog(bytes: Uint8Array): boolean {
  let strange = false
  for (const [start, end] of lines(bytes)) {
    const line = latin1(bytes, start, Math.min(end, start + LONGEST_LINE))
    if (ANY_LINE.test(line)) return true
    if (line.trim() !== '' && !line.startsWith('#')) strange = true
  }
  return !strange
}

function* lines(bytes: Uint8Array): Generator<readonly [start: number, end: number]> {
  for (let at = 0; at < bytes.length; ) {
    const next = bytes.indexOf(10, at)
    const end = next < 0 ? bytes.length : next
    yield [at, end]
    at = end + 1
  }
}
