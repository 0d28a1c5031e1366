import { describe, expect, it } from 'vitest'
import type { SeedKind } from '../../functions/model.ts'
import { SEED_KINDS } from '../../functions/net/seed-kinds.ts'
import { seedValueFault } from '../../functions/seeds/seed-values.ts'

/** Test ranges of numbers, reserved names and addresses: nobody's. */
const right: Readonly<Record<SeedKind, readonly string[]>> = {
  imei: ['001012345678902', '00-101234-567890-2', '00101234567890'],
  imsi: ['001010123456789', '00101012345678'],
  iccid: ['8900100000000000002', '89 0010 0000 0000 0000 2', '890010000000000000'],
  phone: ['+12025550143', '+44 7700 900123', '+1 (202) 555-0143'],
  'contact-phone': ['+12025550143'],
  carrier: ['Vex', 'Example Mobile'],
  'wifi-mac': ['02:00:5e:10:00:01', '02-00-5E-10-00-01', '0200.5e10.0001'],
  'bluetooth-mac': ['02005e100001'],
  'android-id': ['0123456789abcdef'],
  'advertising-id': ['38400000-8cf0-11bd-b23e-10b96e40000d'],
  'contact-name': ['Ann Example'],
  message: ['The blue lamp is at the window'],
  location: ['28.6139,77.2090', '-33.8688, 151.2093'],
  email: ['ann@example.com'],
  account: ['ann.example'],
  serial: ['0123456789'],
}

const wrong: readonly (readonly [SeedKind, string, string])[] = [
  ['imei', '001012345678901', 'its check digit is wrong: a digit is mistyped'],
  ['imei', '0010123456789022', 'it has 16 digits, as an IMEISV has: write the IMEI, which `*#06#` shows'],
  ['imei', '0010123', 'an IMEI has 15 digits: `*#06#` shows it'],
  ['imsi', '0010101234567', 'an IMSI has 14 or 15 digits (ITU-T E.212)'],
  ['iccid', '8900100000000000003', 'its check digit is wrong: a digit is mistyped'],
  ['iccid', '1234567890123456789', "a SIM card's number has 18 to 20 digits and begins with 89"],
  ['phone', '2025550143', 'write it as it is dialled from abroad, with `+` and country code (ITU-T E.164)'],
  ['phone', '+1202', 'a telephone number has 7 to 15 digits behind its `+` (ITU-T E.164)'],
  ['contact-phone', '+0123456789', 'a telephone number has 7 to 15 digits behind its `+` (ITU-T E.164)'],
  ['carrier', 'EE', 'it is too short to be looked for: name it by three letters or more'],
  ['wifi-mac', '02:00:5e:10:00', 'a hardware address has six pairs of hex digits'],
  [
    'wifi-mac',
    '02:00:00:00:00:00',
    'it is what Android tells apps in place of the address: look it up in the settings',
  ],
  ['bluetooth-mac', 'ff:ff:ff:ff:ff:ff', 'it is the address of nobody'],
  ['android-id', 'xyz', 'an Android ID has 16 hex digits'],
  ['advertising-id', '38400000', 'an advertising id is a UUID: 8, 4, 4, 4 and 12 hex digits with hyphens between'],
  [
    'advertising-id',
    '00000000-0000-0000-0000-000000000000',
    'it is all noughts, as where the user has limited tracking',
  ],
  ['contact-name', 'Ann', 'it is too short, and would be met by chance: plant 4 characters or more'],
  ['message', 'one\ntwo', 'it has control characters: write it on one line'],
  ['message', '', 'it is empty'],
  ['account', 'abcd\ud800', 'it is no Unicode text'],
  ['location', '28.6,77.2', 'write `latitude,longitude` in degrees, each with at least three digits behind the point'],
  ['location', '98.6139,77.2090', 'it is nowhere on Earth'],
  ['email', 'ann@example', 'an e-mail address has a name, an `@` and a domain'],
]

describe('a value that is to be planted', () => {
  it.each(Object.keys(SEED_KINDS) as SeedKind[])('may be: %s', (kind) => {
    for (const value of right[kind]) expect(seedValueFault(kind, value), value).toBeNull()
  })

  it.each(wrong)('is refused where it is wrong: %s %j', (kind, value, why) => {
    expect(seedValueFault(kind, value)).toBe(why)
    if (value.length > 4) expect(why).not.toContain(value)
  })
})
