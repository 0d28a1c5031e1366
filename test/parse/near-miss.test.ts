import { expect, test } from 'vitest'
import { openParser } from '../../functions/parse/detect.ts'

const PACKED = 'unpack it, or pack it with gzip or zstd'

test.each([
  ['what xz packed', '\xfd7zXZ\0\0\x04', PACKED],
  ['what bzip2 packed', 'BZh91AY&SY', PACKED],
  ['a zip archive', 'PK\x03\x04\x14\0', PACKED],
  ["nfcapd's own file", '\x0c\xa5\x02\0\x01\0\0\0', 'nfdump -o json -r'],
  ['a capture of snoop', 'snoop\0\0\0\0\0\0\x02', 'editcap -F pcapng'],
  ['UTF-16', '\xff\xfes\0r\0c\0', 'save it as UTF-8'],
  ['a key log', `# of a browser\nCLIENT_RANDOM ${'0a'.repeat(32)} ${'0b'.repeat(48)}\n`, '--keys'],
  ['what tcpdump prints', '10:00:00.000001 IP 192.0.2.1.5000 > 192.0.2.2.443: Flags [S]\n', 'tcpdump -w'],
  [
    "rows of a log of Zeek's",
    '1600000000.000000\tCHhAvVGS1DHFjwGM9\t192.0.2.1\t5000\t192.0.2.2\t443\ttcp\tssl\t1.0\t10\t20\tSF\n',
    'keep the lines from #separator to #types',
  ],
  ['half a header of Zeek’s', '#fields\tts\tuid\n1600000000.0\tCHhAvVGS1DHFjwGM9\n', 'keep the lines from #separator'],
  ['a flow log in an order of its own', '192.0.2.1 192.0.2.2 443 5000 6 10 1000 1600000000 1600000001\n', '--format'],
  ['CSV', 'when,from,to\r\n2026-01-01T00:00:00Z,"192.0.2.1",2001:db8::1\r\n', '--columns start=…'],
  ['CSV between semicolons', 'when;from;to\n1600000000;192.0.2.1;192.0.2.2\n', '--columns start=…'],
  ['JSON lines', '{"when":1600000000,"from":"192.0.2.1","to":"192.0.2.2"}\n', 'say which key holds what'],
  ['a letter', 'Dear Sir, the server is 192.0.2.1, as I wrote; yours\n', 'docs/formats.md lists what is read'],
  ['other bytes', '\0\xff\0\xff', 'docs/formats.md lists what is read'],
])('of %s the error says what it comes near to, and what to do', (_, text, advice) => {
  const head = Uint8Array.from(text, (character) => character.charCodeAt(0))
  const open = () => openParser(head, { flows: () => {}, answer: () => {} }, {})
  expect(open).toThrow(/^not a capture that is known: /)
  expect(open).toThrow(advice)
})
