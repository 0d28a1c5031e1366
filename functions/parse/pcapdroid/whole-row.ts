/**
 * Puts together the fields of a row that has more of them than the header: PCAPdroid writes names of apps and hosts without
 * quotes, commas and all.
 */
import type { Header } from './columns.ts'

/** How nDPI writes protocols. */
const PROTOCOL = /^[A-Za-z][A-Za-z0-9_.+/-]{0,29}$|^$/
/** Of what stands between the app's name and the protocol: the name of its package, in later versions. */
const PACKAGE = /^(?:[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+|[a-z]+)?$/

/** Protocols by which their column is known where several could be it. */
const KNOWN: ReadonlySet<string> = new Set(
  'TLS HTTP HTTPS DNS QUIC DoH_DoT DoT TCP UDP ICMP ICMPV6 IMAPS SMTPS IMAP SMTP POP3 SSH NTP MDNS SSDP STUN DTLS DHCP RTP SIP Unknown'
    .toUpperCase()
    .split(' '),
)

/**
 * The fields of a row in the header's number: those before the app's name and those behind the host's name stand where they
 * do, counted from both ends; between them the commas belong to the app's or to the host's name.
 *
 * @returns null where it cannot be told whose they are: then the row's ends stand all the same, and nothing between
 */
export function wholeRow(parts: readonly string[], header: Header): string[] | null {
  const extra = parts.length - header.length
  const { proto, info } = header.fields
  if (extra <= 0 || header.app < 0) return null
  const possible: string[][] = []
  for (let ofApp = 0; ofApp <= extra; ofApp++) {
    const row = [
      ...parts.slice(0, header.app),
      parts.slice(header.app, header.app + ofApp + 1).join(','),
      ...parts.slice(header.app + ofApp + 1, info + ofApp),
      parts.slice(info + ofApp, info + extra + 1).join(','),
      ...parts.slice(info + extra + 1),
    ]
    const between = row.slice(header.app + 1, proto)
    if (PROTOCOL.test(row[proto] ?? '') && between.every((text) => PACKAGE.test(text))) possible.push(row)
  }
  if (possible.length === 1) return possible[0] ?? null
  const known = possible.filter((row) => KNOWN.has((row[proto] ?? '').toUpperCase()))
  return known.length === 1 ? (known[0] ?? null) : null
}
