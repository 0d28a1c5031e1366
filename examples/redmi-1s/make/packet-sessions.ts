/** What happens in each session that a rig captured as packets. The steps stand in the session's `session.yaml`. */
import type { CapturedPacket } from '../../../test/support/wire/pcap-writer.ts'
import { host } from './hosts.ts'
import { answer, answerThroughCdn } from './servers.ts'
import { type Exchange, utc } from './tap.ts'
import { minute, second, Visit } from './visit.ts'

/** CloudFront's name of AWS's documentation: no distribution has it. */
const cdnName = 'd111111abcdef8.cloudfront.net'

/** Before the deadline, New Delhi: everything but the shop still goes to Beijing, as the declaration then allows. */
export function beforeTheDeadline(): CapturedPacket[] {
  const visit = new Visit('2014-10-28-before-the-deadline', 'new-delhi')
  const start = utc('2014-10-28T04:30:00Z')
  visit.switchOn(start + 5 * second)
  visit.talk(start + 40 * second, host.account, 'beijingAccount', [
    [612, 420],
    [340, 280],
  ])
  visit.talk(start + 7 * minute, host.account, 'beijingAccount', [[980, 512]])
  visit.talk(start + 7 * minute + 20 * second, host.messaging, 'beijingMessaging', [[260, 190]])
  visit.talk(start + 21 * minute, host.contacts, 'beijingAccount', [
    [1_840, 300],
    [420, 260],
  ])
  visit.talk(start + 30 * minute, host.shop, 'singaporeShop', [[520, 6_200]])
  visit.talk(start + 42 * minute, host.messaging, 'beijingMessaging', [[120, 96]])
  return visit.tap.packets()
}

/** The night of the deadline, Taipei: a messaging connection is held across midnight in Beijing (16:00 UTC). */
export function deadlineNight(): CapturedPacket[] {
  const visit = new Visit('2014-10-31-deadline-night', 'taipei')
  const start = utc('2014-10-31T15:35:00Z')
  visit.talk(start + 5 * minute, host.account, 'beijingAccount', [[600, 400]])
  const beats: readonly Exchange[] = Array.from({ length: 6 }, () => [96, 64] as const)
  visit.talk(start + 22 * minute, host.messaging, 'beijingMessaging', beats, 58_000)
  visit.talk(start + 45 * minute, host.account, 'singapore', [[600, 410]])
  return visit.tap.packets()
}

/** After the deadline, New Delhi: the account still goes to Beijing. */
export function stillInBeijing(): CapturedPacket[] {
  const visit = new Visit('2014-11-03-still-in-beijing', 'new-delhi')
  const start = utc('2014-11-03T04:30:00Z')
  visit.switchOn(start + 5 * second)
  visit.talk(start + 45 * second, host.account, 'beijingAccount', [
    [612, 420],
    [340, 280],
  ])
  visit.talk(start + 6 * minute, host.account, 'beijingAccount', [[980, 512]])
  visit.talk(start + 6 * minute + 30 * second, host.messaging, 'singapore', [[260, 190]])
  visit.talk(start + 20 * minute, host.contacts, 'california', [[1_840, 300]])
  visit.talk(start + 28 * minute, host.shop, 'singaporeShop', [[520, 5_800]])
  visit.talk(start + 64 * minute, host.account, 'beijingAccount', [[300, 220]])
  return visit.tap.packets()
}

/** After the deadline, Singapore: everything is where the declaration says. One old client sends no server_name. */
export function californiaAndSingapore(): CapturedPacket[] {
  const visit = new Visit('2014-11-04-california-and-singapore', 'singapore')
  const start = utc('2014-11-04T02:00:00Z')
  visit.switchOn(start + 5 * second)
  visit.talk(start + 50 * second, host.account, 'singapore', [
    [612, 420],
    [340, 280],
  ])
  visit.talk(start + 8 * minute, host.account, 'california', [[980, 512]])
  visit.tap.resolve(start + 9 * minute, host.messaging, answer(host.messaging, 'singaporeShop'))
  visit.tls(start + 9 * minute + 0.1 * second, null, 'singaporeShop', [[260, 190]])
  visit.talk(start + 22 * minute, host.contacts, 'california', [[1_840, 300]])
  visit.talk(start + 40 * minute, host.account, 'singapore', [[300, 220]])
  return visit.tap.packets()
}

/** After the deadline, Taipei: the account is at Amazon, but at Amazon in Beijing. */
export function amazonInBeijing(): CapturedPacket[] {
  const visit = new Visit('2014-11-05-amazon-in-beijing', 'taipei')
  const start = utc('2014-11-05T01:00:00Z')
  visit.switchOn(start + 5 * second)
  visit.talk(start + 42 * second, host.account, 'amazonBeijing', [
    [612, 420],
    [340, 280],
  ])
  visit.talk(start + 7 * minute, host.account, 'amazonBeijing', [[980, 512]])
  visit.talk(start + 21 * minute, host.contacts, 'singapore', [[1_840, 300]])
  return visit.tap.packets()
}

/** After the deadline, Singapore: a declared host stands behind a content delivery network. */
export function behindACdn(): CapturedPacket[] {
  const visit = new Visit('2014-11-06-behind-a-cdn', 'singapore')
  const start = utc('2014-11-06T02:00:00Z')
  visit.switchOn(start + 5 * second)
  const { tap } = visit
  for (const [after, size] of [
    [31, 9_400],
    [34, 12_100],
  ] as const) {
    tap.resolve(start + after * minute, host.shopStatic, answerThroughCdn(host.shopStatic, cdnName, 'cloudFront'))
    visit.tls(start + after * minute + 0.1 * second, host.shopStatic, 'cloudFront', [[410, size]])
  }
  visit.talk(start + 30 * minute, host.shop, 'singaporeShop', [[520, 5_100]])
  return tap.packets()
}

/** After the deadline, New Delhi: a host of the vendor that nobody declared, and a connection without any name. */
export function undeclaredHost(): CapturedPacket[] {
  const visit = new Visit('2014-11-07-undeclared-host', 'new-delhi')
  const start = utc('2014-11-07T04:30:00Z')
  visit.switchOn(start + 5 * second)
  visit.talk(start + 38 * second, host.account, 'singapore', [[612, 420]])
  visit.talk(start + 55 * second, host.tracking, 'beijingTracking', [
    [720, 60],
    [690, 60],
  ])
  visit.tls(start + 16 * minute, null, 'beijingMessaging', [[180, 120]])
  visit.talk(start + 25 * minute, host.tracking, 'beijingTracking', [[1_320, 60]])
  return visit.tap.packets()
}
