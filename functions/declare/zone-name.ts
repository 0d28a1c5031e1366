/** What is wrong with the name of a time zone, and what to write instead. */

import { timeZone, zoneNames } from '../net/time-zone.ts'
import { quoted } from './path.ts'
import { suggestion } from './suggest.ts'

/** Cities after which IANA has named no zone, though people write them as if it had; the zone in which each lies. */
const zoneOfCity: Readonly<Record<string, string>> = {
  beijing: 'Asia/Shanghai',
  peking: 'Asia/Shanghai',
  shenzhen: 'Asia/Shanghai',
  guangzhou: 'Asia/Shanghai',
  hangzhou: 'Asia/Shanghai',
  chengdu: 'Asia/Shanghai',
  wuhan: 'Asia/Shanghai',
  kaohsiung: 'Asia/Taipei',
  osaka: 'Asia/Tokyo',
  hanoi: 'Asia/Ho_Chi_Minh',
  delhi: 'Asia/Kolkata',
  newdelhi: 'Asia/Kolkata',
  mumbai: 'Asia/Kolkata',
  bangalore: 'Asia/Kolkata',
  bengaluru: 'Asia/Kolkata',
  hyderabad: 'Asia/Kolkata',
  chennai: 'Asia/Kolkata',
  islamabad: 'Asia/Karachi',
  abudhabi: 'Asia/Dubai',
  ankara: 'Europe/Istanbul',
  frankfurt: 'Europe/Berlin',
  munich: 'Europe/Berlin',
  geneva: 'Europe/Zurich',
  milan: 'Europe/Rome',
  barcelona: 'Europe/Madrid',
  seattle: 'America/Los_Angeles',
  sanfrancisco: 'America/Los_Angeles',
  washington: 'America/New_York',
  boston: 'America/New_York',
  riodejaneiro: 'America/Sao_Paulo',
}

/** @returns null where there is a time zone of that name, as {@link timeZone} takes names */
export function zoneFault(name: string): string | null {
  if (timeZone(name) !== null) return null
  const city = (name.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z]/g, '')
  const zone = Object.hasOwn(zoneOfCity, city) ? zoneOfCity[city] : undefined
  const instead = zone
    ? `the zone of that city is ${quoted(zone)}`
    : suggestion(name, zoneNames(), 'write UTC, or area and city, such as Asia/Shanghai')
  return `${quoted(name)} is no time zone of IANA's database: ${instead}`
}
