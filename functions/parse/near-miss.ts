/** What bytes that are no capture come near to, and what makes a capture of it. */
import { canonicalAddress } from '../net/address.ts'
import { beginsJson } from './cloudwatch/looks-like-cloudwatch.ts'

/** Files that begin with a number of their own, one character a byte, and what to do with them. */
const BY_NUMBER: readonly (readonly [number: string, advice: string])[] = [
  ['\xfd7zXZ\0', 'it is packed with xz: unpack it, or pack it with gzip or zstd'],
  ['BZh', 'it is packed with bzip2: unpack it, or pack it with gzip or zstd'],
  ['PK\x03\x04', 'it is a zip archive: unpack it, or pack it with gzip or zstd'],
  ['7z\xbc\xaf\x27\x1c', 'it is a 7-Zip archive: unpack it, or pack it with gzip or zstd'],
  ['\x04\x22\x4d\x18', 'it is packed with LZ4: unpack it, or pack it with gzip or zstd'],
  ['\x0c\xa5', "it is like nfcapd's own files: print it with nfdump -o json -r FILE"],
  ['\xa5\x0c', "it is like nfcapd's own files: print it with nfdump -o json -r FILE"],
  ['snoop\0', 'it is a capture of snoop: make a pcapng of it with editcap -F pcapng FILE OUT'],
  ['GMBU', 'it is a capture of Network Monitor: make a pcapng of it with editcap -F pcapng FILE OUT'],
  ['\xff\xfe', 'it is like text in UTF-16: save it as UTF-8'],
  ['\xfe\xff', 'it is like text in UTF-16: save it as UTF-8'],
]

/** Texts by how one of their first lines reads. */
const BY_LINE: readonly (readonly [reads: (line: string) => boolean, advice: string])[] = [
  [
    (line) => /^(?:CLIENT|SERVER|EXPORTER|EARLY|ECH)_[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+$/.test(line),
    'it is a key log, which opens the TLS of packets beside it: give it with --keys, or as keys of their capture in session.yaml; ' +
      'for the cloud put it into the capture, with editcap --inject-secrets tls,FILE IN OUT',
  ],
  [
    (line) => /^\d\d:\d\d:\d\d\.\d+ (?:IP6?|ARP)[ ,]/.test(line),
    'it is what tcpdump prints: write the packets themselves with tcpdump -w',
  ],
  [
    (line) => /^#(?:fields|types)\t/.test(line) || /^\d{9,10}\.\d{1,9}\t[^\t]*(?:\t[^\t]*){8}/.test(line),
    "it is like a log of Zeek's without all of its header: keep the lines from #separator to #types above its rows",
  ],
  [
    (line) => addressesOf(line.split(/\s+/)) >= 2,
    'it is like a VPC flow log in an order of its own: say the order of its fields with --format, or put a header line above its rows',
  ],
  [
    (line) => /[,;\t]/.test(line) && addressesOf(line.split(/[,;\t]/)) >= 2,
    'it is like CSV of a shape of its own: say which column holds what, with --columns start=…,initiatorIp=…,responderIp=… or ' +
      'columns in session.yaml, and keep the header above the rows',
  ],
]

const JSON_ADVICE =
  'it is like JSON of a shape of its own: say which key holds what, with --columns start=…,initiatorIp=…,responderIp=… or ' +
  'columns in session.yaml; events of a VPC flow log in an order of its own need that order (--format)'

/** Lines that are looked at. */
const LEAD = 20

/**
 * What a file comes near to that no reader knew, and what to do about it; null where it resembles nothing.
 *
 * @param head its first bytes, unpacked. Nothing of them stands in the answer
 */
export function nearMiss(head: Uint8Array): string | null {
  const numbered = BY_NUMBER.find(([number]) => beginsWith(head, number))
  if (numbered) return numbered[1]
  if (head.includes(0)) return null
  if (beginsJson(head)) return JSON_ADVICE
  const lines = new TextDecoder('latin1').decode(head).split(/\r?\n/).slice(0, LEAD)
  return BY_LINE.find(([reads]) => lines.some(reads))?.[1] ?? null
}

const beginsWith = (head: Uint8Array, number: string) =>
  [...number].every((character, at) => head[at] === character.charCodeAt(0))

function addressesOf(fields: readonly string[]): number {
  return fields.filter((field) => canonicalAddress(field.replace(/^"|"$/g, '').trim()) !== null).length
}
