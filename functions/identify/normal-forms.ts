/** Every way in which a planted identifier is usually written: what its commitments are of, and what is hashed and looked for. */
import type { Seed, SeedKind } from '../model.ts'
import { iccidForms, imeiForms, imsiForms, phoneForms } from './number-forms.ts'
import { idForms, locationForms, macForms, nameForms, textForms } from './text-forms.ts'

const FORMS: Readonly<Record<SeedKind, (value: string) => readonly string[]>> = {
  imei: imeiForms,
  imsi: imsiForms,
  iccid: iccidForms,
  phone: phoneForms,
  'contact-phone': phoneForms,
  carrier: textForms,
  'wifi-mac': macForms,
  'bluetooth-mac': macForms,
  'android-id': idForms,
  'advertising-id': idForms,
  'contact-name': nameForms,
  message: textForms,
  location: locationForms,
  email: textForms,
  account: textForms,
  serial: textForms,
}

/** Bytes of UTF-8: two letters are a part of every text. */
const SHORTEST = 3

/**
 * @param seed telephone numbers in E.164 with their plus; a location as `latitude,longitude` in degrees
 * @returns without doubles, in a settled order; empty where nothing is left of the value that can be looked for
 */
export function normalForms(seed: Seed): readonly string[] {
  return [...new Set(FORMS[seed.kind](seed.value))].filter(
    (form) => Buffer.byteLength(form) >= SHORTEST && !(seed.kind === 'location' && form.includes('NaN')),
  )
}
