/** Kinds of identifiers that a rig plants on a device: what people call them, and the category of data that they are. */
import type { SeedKind } from '../model.ts'

/** Categories are Fideslang's (https://ethyca.github.io/fideslang/taxonomy/data_categories/). */
export const SEED_KINDS: Readonly<Record<SeedKind, { readonly title: string; readonly category: string }>> = {
  imei: { title: 'IMEI', category: 'user.device.device_id' },
  imsi: { title: 'IMSI', category: 'user.unique_id' },
  iccid: { title: 'SIM card number (ICCID)', category: 'user.unique_id' },
  phone: { title: 'phone number', category: 'user.contact.phone_number' },
  carrier: { title: "carrier's name", category: 'user.device.telemetry' },
  'wifi-mac': { title: 'Wi-Fi address', category: 'user.device.device_id' },
  'bluetooth-mac': { title: 'Bluetooth address', category: 'user.device.device_id' },
  'android-id': { title: 'Android ID', category: 'user.device.device_id' },
  'advertising-id': { title: 'advertising id', category: 'user.device.cookie_id' },
  'contact-name': { title: "contact's name", category: 'user.contact.name' },
  'contact-phone': { title: "contact's phone number", category: 'user.contact.phone_number' },
  message: { title: 'text of a message', category: 'user.content.private' },
  location: { title: 'location', category: 'user.location.precise' },
  email: { title: 'e-mail address', category: 'user.contact.email' },
  account: { title: 'account', category: 'user.account.username' },
  serial: { title: 'serial number', category: 'user.device.device_id' },
}
