/** What is wrong with a value that is to be planted. A slip of the finger would be looked for in vain, and nobody would know. */
import { checkDigit } from '../identify/luhn.ts'
import { normalForms } from '../identify/normal-forms.ts'
import type { SeedKind } from '../model.ts'

/** Fewer characters than this occur by chance. */
const SHORTEST = 4

const FAULTS: Readonly<Record<SeedKind, (value: string) => string | null>> = {
  imei: imeiFault,
  imsi: (value) => (/^\d{14,15}$/.test(bare(value)) ? null : 'an IMSI has 14 or 15 digits (ITU-T E.212)'),
  iccid: iccidFault,
  phone: phoneFault,
  'contact-phone': phoneFault,
  // Some are called by three letters; what has fewer has no normal form.
  carrier: () => null,
  'wifi-mac': macFault,
  'bluetooth-mac': macFault,
  'android-id': (value) => (/^[0-9a-f]{14,16}$/i.test(value) ? null : 'an Android ID has 16 hex digits'),
  'advertising-id': advertisingIdFault,
  'contact-name': shortFault,
  message: shortFault,
  location: locationFault,
  email: (value) =>
    /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value) ? null : 'an e-mail address has a name, an `@` and a domain',
  account: shortFault,
  serial: shortFault,
}

/**
 * @param value without blanks around it
 * @returns what is wrong, without the value; null where nothing is
 */
export function seedValueFault(kind: SeedKind, value: string): string | null {
  if (value === '') return 'it is empty'
  if (/\p{Cc}/u.test(value)) return 'it has control characters: write it on one line'
  if (/\p{Surrogate}/u.test(value)) return 'it is no Unicode text'
  const fault = FAULTS[kind](value)
  if (fault !== null) return fault
  return normalForms({ id: kind, kind, value }).length > 0
    ? null
    : 'it is too short to be looked for: name it by three letters or more'
}

/** Without what people write between digits. */
const bare = (value: string) => value.replace(/[\s./()-]/g, '')

/** 3GPP TS 23.003, section 6.2. */
function imeiFault(value: string): string | null {
  const digits = bare(value)
  if (/^\d{14}$/.test(digits)) return null
  if (/^\d{16}$/.test(digits)) return 'it has 16 digits, as an IMEISV has: write the IMEI, which `*#06#` shows'
  if (!/^\d{15}$/.test(digits)) return 'an IMEI has 15 digits: `*#06#` shows it'
  return checked(digits)
}

/** ITU-T E.118: it begins with 89, and ends with a check digit. */
function iccidFault(value: string): string | null {
  const digits = bare(value)
  if (!/^89\d{16,18}$/.test(digits)) return "a SIM card's number has 18 to 20 digits and begins with 89"
  return digits.length === 18 ? null : checked(digits)
}

const checked = (digits: string) =>
  checkDigit(digits.slice(0, -1)) === digits.at(-1) ? null : 'its check digit is wrong: a digit is mistyped'

function phoneFault(value: string): string | null {
  const digits = bare(value)
  if (!digits.startsWith('+')) return 'write it as it is dialled from abroad, with `+` and country code (ITU-T E.164)'
  return /^\+[1-9]\d{6,14}$/.test(digits) ? null : 'a telephone number has 7 to 15 digits behind its `+` (ITU-T E.164)'
}

function macFault(value: string): string | null {
  const hex = value.replace(/[:.-]/g, '').toLowerCase()
  if (!/^[0-9a-f]{12}$/.test(hex)) return 'a hardware address has six pairs of hex digits'
  if (hex === '020000000000') return 'it is what Android tells apps in place of the address: look it up in the settings'
  return /^(0{12}|f{12})$/.test(hex) ? 'it is the address of nobody' : null
}

function advertisingIdFault(value: string): string | null {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value))
    return 'an advertising id is a UUID: 8, 4, 4, 4 and 12 hex digits with hyphens between'
  return /^[0-]+$/.test(value) ? 'it is all noughts, as where the user has limited tracking' : null
}

function locationFault(value: string): string | null {
  const [, latitude, longitude] = /^(-?\d{1,2}\.\d{3,12}) ?, ?(-?\d{1,3}\.\d{3,12})$/.exec(value) ?? []
  if (latitude === undefined || longitude === undefined)
    return 'write `latitude,longitude` in degrees, each with at least three digits behind the point'
  return Math.abs(Number(latitude)) > 90 || Math.abs(Number(longitude)) > 180 ? 'it is nowhere on Earth' : null
}

function shortFault(value: string): string | null {
  return [...value].length < SHORTEST
    ? `it is too short, and would be met by chance: plant ${SHORTEST} characters or more`
    : null
}
