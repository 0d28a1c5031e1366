/** How tests show a fault of a document: one line's change to a right one, and the lines that `check` prints of it. */
import type { Fault } from '../../functions/errors.ts'

/** A declaration without faults, with one of every key that faults are about. */
export const declaration = `apiVersion: domicile/v1
kind: Declaration
metadata:
  id: example-2014
  version: 1
  title: Data moves
  vendor: Example Inc.
  timezone: Asia/Shanghai
sources:
  - { id: S1, title: Post, date: 2014-10-22, url: "https://example.com/post" }
population: { description: Users abroad, markets: [IN, SG] }
places:
  beijing: { country: CN }
  california: { cloud: "aws:us-west-1" }
  singapore: { cloud: "aws:ap-southeast-1" }
services:
  - id: account
    hosts: [account.example.com]
    data: [user.device]
    phases:
      - { id: before, until: 2014-10-31, allow: [beijing, singapore], source: S1 }
      - { id: migrated, from: 2014-11-01, allow: [california, singapore], deny: [beijing] }
  - id: cloud
    hosts: ["*.cloud.example.com"]
    phases:
      - { id: always, allow: [singapore] }
undeclaredHosts: { vendorSuffixes: [example.com], treatment: violation }
migration: { deadlines: [{ id: D1, services: [account], phase: migrated, at: 2014-10-31, source: S1 }] }
coverage: { minSessions: 2, minRigs: 1, steps: [idle] }
tolerance: { indeterminateFlows: 0.02 }
waivers:
  - { id: W1, rule: residency, match: { service: cloud }, reason: known, owner: Ann, approver: Bob, expires: 2015-03-31 }
`

/** A session without faults. */
export const session = `apiVersion: domicile/v1
kind: Session
id: delhi-1
rig:
  id: rig-delhi
  place: { country: IN, subdivision: IN-DL, city: New Delhi, latitude: 28.6, longitude: 77.2 }
  clockErrorMs: 50
device: { addresses: ["02:00:5e:10:00:01", 192.168.7.2, "fd00:7::/64"], model: Redmi 1S, firmware: JHCMIBH50.0 }
steps:
  - { id: first-boot, from: 2014-11-03T10:00:00+05:30, until: 2014-11-03T10:05:00+05:30 }
  - { id: idle, from: 2014-11-03T04:35:00Z, until: 2014-11-03T05:35:00Z }
captures:
  - { file: captures/wlan0.pcapng }
  - { file: flow.log.gz, format: version srcaddr dstaddr }
`

/** A right text with one change. */
export function changed(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} has to stand in the text once`)
  return text.replace(from, () => to)
}

/** `line:column severity path: message`, as tables of tests write it. */
export const shown = ({ line, column, severity, path, message }: Fault) =>
  `${line}:${column} ${severity} ${path === '' ? '' : `${path}: `}${message}`
