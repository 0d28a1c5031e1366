/**
 * What F-Secure's test of August 2014 saw, played again: a boxed phone that tells before anybody was asked, and the same
 * after the vendor's update. The hosts and what went to them are F-Secure's findings; paths, fields and sizes are invented.
 */
import { Buffer } from 'node:buffer'
import type { CapturedPacket } from '../../../test/support/wire/pcap-writer.ts'
import { host } from './hosts.ts'
import { planted } from './seeds.ts'
import { serverFrom } from './servers.ts'
import { utc } from './tap.ts'
import { minute, second, Visit } from './visit.ts'

export interface OpenedCapture {
  readonly packets: CapturedPacket[]
  /** Secrets of the connections that the bench opened (SSLKEYLOGFILE). */
  readonly keyLog: string
}

const account = serverFrom('new-delhi', 'beijingAccount')

function request(path: string, mediaType: string, body: string): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host.account}\r\nContent-Type: ${mediaType}\r\nContent-Length: ${body.length}\r\n`
  return Buffer.from(`${head}User-Agent: Dalvik/1.6.0\r\n\r\n${body}`, 'latin1')
}

const form = (path: string, fields: Readonly<Record<string, string>>) =>
  request(path, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString())
const json = (path: string, fields: Readonly<Record<string, unknown>>) =>
  request(path, 'application/json', JSON.stringify(fields))

/** The device looks the account's host up, and sends it something in the clear. */
function tell(visit: Visit, time: number, what: Buffer): void {
  visit.resolve(time, host.account, 'beijingAccount')
  visit.tap.post(time + 0.1 * second, account, what)
}

/** 7 August, out of the box: nobody is asked. Then Mi Cloud is switched on. */
export function outOfTheBox(): CapturedPacket[] {
  const visit = new Visit('2014-08-07-out-of-the-box', 'new-delhi')
  const start = utc('2014-08-07T04:30:00Z')
  const { imei, imsi, phone, carrier } = planted
  visit.switchOn(start + 9 * minute + 5 * second)
  tell(visit, start + 9 * minute + 40 * second, form('/pass/register', { carrier, imei, phone }))
  tell(visit, start + 14 * minute, json('/pass/contacts', { contacts: [{ phone: planted['contact-phone'] }] }))
  tell(visit, start + 18 * minute, form('/pass/lookup', { from: planted.sender }))
  tell(visit, start + 37 * minute, json('/pass/cloud', { sim: { imsi }, device: { imei }, phone }))
  visit.talk(start + 50 * minute, host.contacts, 'beijingAccount', [[1_840, 300]])
  visit.online(start + 60.5 * minute)
  return visit.tap.packets()
}

/** 14 August, updated and reset: silent until the user logs into Mi Cloud, then base64 inside TLS. */
export function updatedAndReset(): OpenedCapture {
  const visit = new Visit('2014-08-14-updated-and-reset', 'new-delhi')
  const start = utc('2014-08-14T04:30:00Z')
  const { imei, imsi, phone } = planted
  visit.switchOn(start + 9 * minute + 5 * second)
  visit.online(start + 20 * minute)
  const data = Buffer.from(JSON.stringify({ imei, imsi, phone })).toString('base64')
  const agreed = start + 36 * minute
  visit.resolve(agreed + 20 * second, host.account, 'beijingAccount')
  const keyLog = visit.tap.openedTls(agreed + 21 * second, host.account, account, form('/pass/activate', { data }))
  visit.talk(agreed + 40 * second, host.messaging, 'beijingMessaging', [[260, 190]])
  visit.online(start + 60.5 * minute)
  return { packets: visit.tap.packets(), keyLog }
}

/** 15 August, updated and not reset: cloud messaging stays on, as the vendor had said it would. */
export function updatedWithoutReset(): CapturedPacket[] {
  const visit = new Visit('2014-08-15-updated-without-reset', 'new-delhi')
  const start = utc('2014-08-15T04:30:00Z')
  visit.switchOn(start + 5 * second)
  visit.talk(start + 2 * minute, host.messaging, 'beijingMessaging', [[260, 190]])
  visit.talk(start + 20 * minute, host.messaging, 'beijingMessaging', [[120, 96]])
  visit.online(start + 60.5 * minute)
  return visit.tap.packets()
}
