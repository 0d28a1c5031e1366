/**
 * What was planted on the device of the August sessions. Nobody's: an IMEI of the test range, an IMSI of the test network
 * (MCC 001, MNC 01), telephone numbers that Ofcom keeps free for drama, and a carrier that does not exist.
 */
export const planted = {
  imei: '001012345678902',
  imsi: '001010123456789',
  phone: '+447700900123',
  carrier: 'Specimen Mobile',
  'contact-phone': '+447700900456',
  /** Who sent the device a message. */
  sender: '+447700900789',
} as const
