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

/** A label, the random of the ClientHello, and the secret: 32 to 64 bytes, as the hash of the connection is long. */
const LINE = new RegExp(`^(${LABELS.join('|')})[ \\t]+([0-9a-f]{64})[ \\t]+((?:[0-9a-f]{2}){32,64})[ \\t]*\\r?$`, 'i')
/** The same of labels that are not known, such as those of QUIC's or of a resumption's secrets. */
const ANY_LINE = /^[A-Z0-9_]+[ \t]+(?:[0-9a-f]{2})+[ \t]+(?:[0-9a-f]{2})+[ \t]*\r?$/i
const LONGEST_LINE = 512

/**
 * Hands every secret of a key log on. Lines that are none are passed over.
 *
 * @param take gets the client's random as 64 lower-case hex digits
 */
export function readKeyLog(bytes: Uint8Array, take: (random: string, label: SecretLabel, secret: Uint8Array) => void) {
  for (const line of linesOf(bytes)) {
    const [, label, random, secret] = LINE.exec(line) ?? []
    if (label === undefined || random === undefined || secret === undefined) continue
    const known = LABELS.find((one) => one === label.toUpperCase())
    if (known) take(random.toLowerCase(), known, new Uint8Array(Buffer.from(secret, 'hex')))
  }
}

/** Whether bytes are a key log, as far as their lines say: one that has none but comments is one, too. */
export function looksLikeKeyLog(bytes: Uint8Array): boolean {
  let strange = false
  for (const line of linesOf(bytes)) {
    if (ANY_LINE.test(line)) return true
    if (line.trim() !== '' && !line.startsWith('#')) strange = true
  }
  return !strange
}

function* linesOf(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const next = bytes.indexOf(10, at)
    const end = next < 0 ? bytes.length : next
    if (end - at <= LONGEST_LINE) yield latin1(bytes, at, end)
    else yield '?'
    at = end + 1
  }
}
