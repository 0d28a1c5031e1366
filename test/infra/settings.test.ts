import { App } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { readSettings, type Stage } from '../../infra/settings.ts'

const settingsOf = (context: Record<string, unknown>, stage: Stage = 'dev') =>
  readSettings(new App({ context }).node, stage)
const rig = (id: string, ...prefixes: string[]) => ({ id, prefixes })

describe('settings of a deployment', () => {
  it('lock reports for a day in dev, and for years that are chosen in prod', () => {
    expect(settingsOf({ reportYears: 10 }).reportRetention).toEqual({ mode: 'GOVERNANCE', days: 1 })
    expect(settingsOf({}, 'prod').reportRetention).toEqual({ mode: 'COMPLIANCE', days: 7 * 365 + 2 })
    expect(settingsOf({ reportYears: '10' }, 'prod').reportRetention.days).toBe(3653)
  })

  it('are taken for one stage before those for both, and as text from the command line', () => {
    const context = { rigs: [rig('rig-a', 'a/')], 'prod:rigs': JSON.stringify([rig('rig-b', 'b/')]) }
    expect(settingsOf(context).rigs).toEqual([rig('rig-a', 'a/')])
    expect(settingsOf(context, 'prod').rigs).toEqual([rig('rig-b', 'b/')])
  })

  it("leave what is the CDK's own in the context alone", () => {
    const context = {
      '@aws-cdk/core:target-partitions': ['aws'],
      'cli-telemetry': false,
      'aws:cdk:bundling-stacks': ['**'],
      'aws-cdk:enableDiffNoFail': 'true',
      'acknowledged-issue-numbers': [1],
      'availability-zones:account=1:region=us-east-1': ['us-east-1a'],
    }
    expect(settingsOf(context).rigs).toEqual([])
  })

  it.each([
    ['the same', 'a/b/', 'a/b/'],
    ["inside the other's", 'a/b/', 'a/'],
    ["around the other's", 'a/', 'a/b/'],
    ["the beginning of the other's", 'a/b', 'a/b-2/'],
  ])('refuse two rigs of which one may write what is %s', (_, one, other) => {
    expect(() => settingsOf({ rigs: [rig('rig-a', one), rig('rig-b', other)] })).toThrow('one holds the other')
  })

  it('take two rigs side by side, and prefixes of one rig that hold each other', () => {
    expect(settingsOf({ rigs: [rig('rig-a', 'a/b/', 'a/'), rig('rig-b', 'a-b/')] }).rigs).toHaveLength(2)
    expect(settingsOf({ rigs: [rig('rig-a', 'a/del-'), rig('rig-b', 'a/tpe-')] }).rigs).toHaveLength(2)
  })

  it.each([
    ['no campaign as a whole', 'a'],
    ['a slash at its beginning', '/a/'],
    ['nothing in it', '/'],
    ['a wildcard', 'a*/'],
    ['a variable of IAM', 'a/$' + '{aws:username}/'],
  ])('refuse a prefix with %s', (_, prefix) => {
    expect(() => settingsOf({ rigs: [rig('rig-a', prefix)] })).toThrow(/reading the context for dev: .*prefix/s)
  })

  it.each([
    ['a rig twice', { rigs: [rig('rig-a', 'a/'), rig('rig-a', 'b/')] }, 'the rig rig-a stands there twice'],
    [
      'two rigs of one output',
      { rigs: [rig('rig-1-1', 'a/'), rig('rig-11', 'b/')] },
      'the rig without hyphens rig11 stands there twice',
    ],
    [
      'a campaign twice',
      { audits: [1, 2].map((hours) => ({ campaign: 'a', schedule: `rate(${hours} hours)` })) },
      'the campaign a stands there twice',
    ],
    ['a schedule in words', { audits: [{ campaign: 'a', schedule: 'daily' }] }, 'a schedule is cron(…) or rate(…)'],
    ['a campaign that is a path', { audits: [{ campaign: 'a/b', schedule: 'rate(1 day)' }] }, 'a campaign is'],
    ['years below one', { reportYears: 0 }, 'reportYears'],
    [
      'a setting that is misspelt',
      { alarmEmial: 'a@example.com' },
      'no setting alarmEmial: did you mean `alarmEmail`?',
    ],
    ['a setting in the singular', { rig: [] }, 'no setting rig: did you mean `rigs`?'],
    ['a setting of a stage that is misspelt', { 'prod:audit': [] }, 'did you mean `prod:audits`?'],
    ['a stage that is misspelt', { 'pord:rigs': [] }, 'did you mean `prod:rigs`?'],
    [
      'a time zone that does not exist',
      { audits: [{ campaign: 'a', schedule: 'rate(1 day)', timeZone: 'Asia/Beijing' }] },
      'the zone of that city is `Asia/Shanghai`',
    ],
  ])('refuse %s', (_, context, message) => {
    expect(() => settingsOf(context)).toThrow(message)
  })
})
