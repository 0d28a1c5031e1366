import { expect, test } from 'vitest'
import { isLitter, parseIntakeKey } from '../../functions/lambda/intake-key.ts'

test.each([
  ['intake/redmi/declaration.yaml', { kind: 'declaration', campaign: 'redmi' }],
  ['intake/redmi/day 1/session.yaml', { kind: 'session', campaign: 'redmi', session: 'day 1' }],
  [
    'intake/redmi/дом/captures/sub/wlan 0+1.pcap',
    {
      kind: 'capture',
      campaign: 'redmi',
      session: 'дом',
      file: 'captures/sub/wlan 0+1.pcap',
      source: 'дом/captures/sub/wlan 0+1.pcap',
    },
  ],
  ['intake/redmi/day/captures/session.yaml', { kind: 'capture', file: 'captures/session.yaml' }],
  ['intake/redmi/day/captures/', { kind: 'folder' }],
  ['intake/', { kind: 'folder' }],
])('%s is understood', (key, what) => {
  expect(parseIntakeKey(key)).toMatchObject(what)
})

test.each([
  '',
  'intake',
  'intake/redmi',
  'intake/redmi/notes.txt',
  'intake/redmi/day/wlan.pcap',
  'intake/redmi/day/deeper/session.yaml',
  'intake/redmi/captures/wlan.pcap',
  'intake//day/captures/wlan.pcap',
  'intake/redmi/../captures/wlan.pcap',
  'intake/redmi/day/captures/../../x.pcap',
  'Intake/redmi/day/captures/wlan.pcap',
  'redmi/day/captures/wlan.pcap',
])('%j is none of the layout', (key) => {
  expect(parseIntakeKey(key)).toEqual({ kind: 'other' })
})

test('what desktops leave behind is litter', () => {
  expect(['captures/.DS_Store', 'captures/.git/x', 'captures/Thumbs.db', 'captures/a.pcap~'].every(isLitter)).toBe(true)
  expect(['captures/a.pcap', 'captures/a~b.pcap', 'captures/x.'].some(isLitter)).toBe(false)
})
