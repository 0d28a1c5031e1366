/** Tells Zeek's logs from others by how they begin. */

const latin1 = new TextDecoder('latin1')
/** Lines that are looked at. */
const LEAD = 20

/** Keys of which every row of some Zeek log has one, beside `ts`. */
const OWN_KEY =
  /"(?:_path|uid|id\.orig_h|id_orig_h|fuid|uids|peer|peer_descr|ts_delta|percent_lost|rx_hosts|certificate\.version|san\.dns|port_num|mac|fingerprint|node)"\s*:/

/**
 * Whether a capture begins like a Zeek log: with the header lines that only Zeek writes, or with JSON that has Zeek's `ts`.
 *
 * @param head the first bytes of the capture, unpacked
 */
export function looksLikeZeek(head: Uint8Array): boolean {
  const lines = latin1
    .decode(head)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, LEAD)
  return lines.some(
    (line) =>
      /^#separator \S/.test(line) ||
      (/^#fields[^a-z]/.test(line) && lines.some((other) => /^#(?:path|types|set_separator)[^a-z]/.test(other))) ||
      isRow(line),
  )
}

/** A row of JSON; the keys of what is nested in it cannot be told apart here, and need not be. */
function isRow(line: string): boolean {
  if (!line.startsWith('{') || /"event_type"\s*:/.test(line)) return false
  return /"ts"\s*:\s*(?:-?\d|"\d|null)/.test(line) && OWN_KEY.test(line)
}
