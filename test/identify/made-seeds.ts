/** Made-up identifiers of fictitious ranges: none is anybody's. */
import type { Seed } from '../../functions/model.ts'

export const madeSeeds: readonly Seed[] = [
  { id: 'imei', kind: 'imei', value: '001012345678903' },
  { id: 'imsi', kind: 'imsi', value: '001019876543217' },
  { id: 'iccid', kind: 'iccid', value: '8900123456789012347' },
  { id: 'phone', kind: 'phone', value: '+12025550143' },
  { id: 'contact-phone', kind: 'contact-phone', value: '+447700900185' },
  { id: 'carrier', kind: 'carrier', value: 'Exatel Mobile' },
  { id: 'wifi-mac', kind: 'wifi-mac', value: '02:00:5e:4a:9c:d1' },
  { id: 'bluetooth-mac', kind: 'bluetooth-mac', value: '02:00:5E:7B:33:EF' },
  { id: 'android-id', kind: 'android-id', value: '9f3c5b7a1d2e8046' },
  { id: 'advertising-id', kind: 'advertising-id', value: '6fd2a3c0-41be-4d57-9a6c-0e8f1b2d3c4a' },
  { id: 'contact-name', kind: 'contact-name', value: 'Zoë Testova' },
  { id: 'message', kind: 'message', value: 'Meet me at pier 39 & bring “both” keys' },
  { id: 'location', kind: 'location', value: '12.971599,77.594566' },
  { id: 'email', kind: 'email', value: 'zoe.testova@example.com' },
  { id: 'account', kind: 'account', value: 'zoe_t_1981' },
  { id: 'serial', kind: 'serial', value: 'R58M1234XYZ' },
]

/** Ways in which each of them is written, spelt out by hand. */
export const spellings: Readonly<Record<string, readonly string[]>> = {
  imei: ['001012345678903', '00101234567890', '00-101234-567890-3'],
  imsi: ['001019876543217'],
  iccid: ['8900123456789012347', '890012345678901234'],
  phone: ['+12025550143', '12025550143', '2025550143', '+1 (202) 555-0143', '202.555.0143'],
  'contact-phone': ['+447700900185', '07700900185', '00447700900185', '07700 900 185'],
  carrier: ['Exatel Mobile', 'EXATEL MOBILE'],
  'wifi-mac': ['02:00:5e:4a:9c:d1', '02-00-5E-4A-9C-D1', '02005e4a9cd1'],
  'bluetooth-mac': ['02:00:5E:7B:33:EF', '0200.5e7b.33ef'],
  'android-id': ['9f3c5b7a1d2e8046'],
  'advertising-id': ['6fd2a3c0-41be-4d57-9a6c-0e8f1b2d3c4a', '6FD2A3C041BE4D579A6C0E8F1B2D3C4A'],
  'contact-name': ['Zoë Testova', 'Testova, Zoë', 'zoë testova'.normalize('NFD')],
  message: ['Meet me at pier 39 & bring “both” keys'],
  location: ['12.971599,77.594566', '12.9716, 77.5946', '12.972 77.595'],
  email: ['zoe.testova@example.com', 'Zoe.Testova@Example.com'],
  account: ['zoe_t_1981'],
  serial: ['R58M1234XYZ'],
}
