import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../../functions/cli/deployment/deploy-check-command.ts'
import { InputError } from '../../../functions/errors.ts'
import { root } from '../../support/bundle.ts'
import { memoryTerminal } from '../../support/memory-terminal.ts'
import {
  type Answers,
  daysAgo,
  executed,
  functionArn,
  machine,
  now,
  type Objects,
  outputs,
  refusal,
  schedule,
  scheduled,
  servicesOf,
  sha256,
  waiting,
  without,
  working,
} from './deployment.ts'

/** Headings of the runbook, as a link names them. */
const paragraphs = [...readFileSync(join(root, 'docs/runbook.md'), 'utf8').matchAll(/^## (.*)$/gm)].map(
  ([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'),
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(content: unknown): string {
  const path = join(folder, 'outputs.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function check(objects: Objects, changed: Answers = {}) {
  const terminal = memoryTerminal()
  const { services, asked } = servicesOf(objects, changed)
  const status = await run(fileOf(outputs), {}, terminal, services, now)
  return { status, lines: terminal.stdout.trimEnd().split('\n'), asked }
}

describe('domicile deploy-check', () => {
  it('says line by line that everything works, and only asks', async () => {
    const { status, lines, asked } = await check(working)
    expect(lines).toEqual([
      'ok     intake     s3://intake-bucket is reached',
      'ok     intake     versions are kept',
      'ok     intake     encrypted: aws:kms with the key k-1',
      'ok     intake     Object Lock: COMPLIANCE, 2555 days',
      'ok     intake     public access is blocked',
      'ok     intake     new objects are told to the queue domicile-dev-ingest',
      'ok     intake     the daily look for missing captures: 1 schedule enabled',
      'ok     ingest     s3://evidence-bucket is reached',
      'ok     ingest     versions are kept',
      'ok     ingest     encrypted: aws:kms with the key k-1',
      'ok     ingest     public access is blocked',
      'ok     ingest     1 capture, the newest uploaded 2 days ago; 1 receipt, the newest written 45 hours ago',
      'ok     ingest     0 uploads waiting in the queue domicile-dev-ingest, 0 being read',
      'ok     ingest     nothing in the dead-letter queue ingest-dead',
      'ok     reference  s3://reference-bucket is reached',
      'ok     reference  versions are kept',
      'ok     reference  encrypted: aws:kms with the key k-1',
      'ok     reference  public access is blocked',
      'ok     reference  ranges/aws of 2026-11-20, 2 days old',
      'ok     reference  the daily fetch of ranges: 1 schedule enabled',
      'ok     reference  nothing in the dead-letter queue reference-dead',
      'ok     reports    s3://reports-bucket is reached',
      'ok     reports    versions are kept',
      'ok     reports    encrypted: aws:kms with the key k-1',
      'ok     reports    Object Lock: COMPLIANCE, 2555 days',
      'ok     reports    public access is blocked',
      'ok     reports    2 subscriptions to what audits conclude',
      'ok     audit      the last report on mi by mi-2014, of 2026-11-21T00:00:00Z (36 hours ago): fail, signed',
      'ok     audit      the last execution ended well 24 hours ago',
      'ok     audit      audits: 1 schedule enabled',
      'ok     audit      nothing in the dead-letter queue audit-dead',
      'domicile-dev: nothing is wrong',
    ])
    expect(status).toBe(0)
    expect(asked.filter((name) => !/^(Get|Head|List)/.test(name))).toEqual([])
  })

  it('takes a deployment that has done nothing yet for a good one', async () => {
    const { status, lines } = await check(without(without(without(working, 'intake/'), 'evidence'), 'reports-'), {
      ListExecutionsCommand: executed(),
      ListSchedulesCommand: scheduled(schedule(functionArn('refresh')), schedule(functionArn('watch'))),
    })
    expect(lines).toContain('note   ingest     no capture has been uploaded yet')
    expect(lines).toContain('note   audit      no audit has run yet')
    expect(lines).toContain('note   audit      no execution in the last 90 days')
    expect(lines).toContain('note   audit      audits: no schedule, they start by hand only')
    expect(status).toBe(0)
  })

  /** Checks that one line of a part says what is wrong, and where the runbook helps. */
  async function finds(part: string, says: RegExp, objects: Objects, changed: Answers = {}) {
    const { status, lines } = await check(objects, changed)
    const wrong = lines.filter((line) => line.startsWith(`wrong  ${part} `))
    expect(wrong.filter((line) => says.test(line))).toHaveLength(1)
    for (const [, paragraph] of lines.join('\n').matchAll(/docs\/runbook\.md#([\w-]+)/g))
      expect(paragraphs).toContain(paragraph)
    expect(lines.at(-1)).toMatch(/^domicile-dev: \d+ wrong$/)
    expect(status).toBe(2)
  }

  it.each<[string, string, RegExp, Answers]>([
    ['versions are off', 'intake', /versions are not kept/, { GetBucketVersioningCommand: () => ({}) }],
    [
      'there is no Object Lock',
      'reports',
      /no Object Lock/,
      { GetObjectLockConfigurationCommand: refusal('ObjectLockConfigurationNotFoundError', 404) },
    ],
    [
      'the lock locks nothing',
      'intake',
      /no default retention/,
      { GetObjectLockConfigurationCommand: () => ({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }) },
    ],
    [
      'nothing is encrypted',
      'ingest',
      /not encrypted/,
      { GetBucketEncryptionCommand: refusal('ServerSideEncryptionConfigurationNotFoundError', 404) },
    ],
    [
      'the public may come in',
      'reports',
      /public access is not blocked/,
      { GetPublicAccessBlockCommand: refusal('NoSuchPublicAccessBlockConfiguration', 404) },
    ],
    [
      'the public may come in by a policy',
      'reports',
      /not blocked: BlockPublicPolicy, RestrictPublicBuckets$/,
      {
        GetPublicAccessBlockCommand: () => ({
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true },
        }),
      },
    ],
    [
      'the queue is not told',
      'intake',
      /not told to the queue domicile-dev-ingest: nothing is ingested/,
      { GetBucketNotificationConfigurationCommand: () => ({}) },
    ],
    ['a bucket is gone', 'reference', /there is no such bucket/, { HeadBucketCommand: refusal('NotFound', 404) }],
    [
      'a bucket is shut',
      'reports',
      /reaching s3:\/\/reports-bucket: access is denied/,
      { HeadBucketCommand: refusal('403', 403) },
    ],
    [
      'a setting may not be seen',
      'ingest',
      /asking for the versioning of s3:\/\/evidence-bucket: access is denied/,
      { GetBucketVersioningCommand: refusal('AccessDenied', 403) },
    ],
    [
      'the contents may not be seen',
      'audit',
      /listing s3:\/\/reports-bucket\/latest\/: access is denied/,
      { ListObjectsV2Command: refusal('AccessDenied', 403) },
    ],
    [
      'uploads wait too long',
      'ingest',
      /3 uploads waiting .* and the newest upload came 2 days ago: see docs\/runbook.md#uploads-wait-too-long/,
      { GetQueueAttributesCommand: waiting(3, 'domicile-dev-ingest') },
    ],
    [
      'a queue is gone',
      'audit',
      /there is no queue audit-dead: deploy again/,
      { GetQueueAttributesCommand: refusal('QueueDoesNotExist', 400) },
    ],
    [
      'the queues may not be seen',
      'ingest',
      /not checked: asking for the messages of the queue ingest-dead \(sqs:GetQueueAttributes\): access is denied/,
      { GetQueueAttributesCommand: refusal('AccessDenied', 403) },
    ],
    [
      'the last execution failed',
      'audit',
      /the last execution failed 2 days ago; 1 running: see docs\/runbook.md#audit-failed; arn:execution:2/,
      { ListExecutionsCommand: executed('RUNNING', 'FAILED', 'SUCCEEDED') },
    ],
    [
      'the last execution timed out',
      'audit',
      /the last execution timed out 24 hours ago/,
      { ListExecutionsCommand: executed('TIMED_OUT') },
    ],
    [
      'the executions may not be seen',
      'audit',
      /not checked: asking for the executions of arn:aws:states.*:audit \(states:ListExecutions\): access is denied/,
      { ListExecutionsCommand: refusal('AccessDeniedException', 400) },
    ],
    [
      'an audit is not scheduled any more',
      'audit',
      /audits: disabled in EventBridge Scheduler, enable it: start-audit/,
      { ListSchedulesCommand: scheduled(schedule(machine, 'DISABLED')) },
    ],
    [
      'nothing fetches ranges',
      'reference',
      /the daily fetch of ranges: no schedule, deploy again/,
      { ListSchedulesCommand: scheduled(schedule(machine), schedule(functionArn('watch'))) },
    ],
  ])('says that %s, and ends with 2', (_what, part, says, answers) => finds(part, says, working, answers))

  it.each([
    ['ingest', 'uploads-not-ingested'],
    ['reference', 'reference-refused'],
    ['audit', 'schedule-missed'],
  ])('says that dead letters of %s lie there, and ends with 2', (part, paragraph) => {
    const says = new RegExp(`1 message in the dead-letter queue ${part}-dead: see docs/runbook.md#${paragraph}$`)
    return finds(part, says, working, { GetQueueAttributesCommand: waiting(1, `${part}-dead`) })
  })

  it.each<[string, string, RegExp, Objects]>([
    ['captures are not read', 'ingest', /no receipt: 1 capture of .* is not read: see/, without(working, 'receipts')],
    [
      'captures are not read any more',
      'ingest',
      /3 captures, the newest uploaded 61 minutes ago; 1 receipt, .*: 2 captures of more than an hour ago, such as intake\/mi\/s1\/captures\/b/,
      {
        ...working,
        'intake-bucket/intake/mi/s1/captures/b.pcap': { at: daysAgo(1) },
        'intake-bucket/intake/mi/s1/captures/c/d.pcap': { at: daysAgo(61 / 1440) },
      },
    ],
    ['there are no ranges', 'reference', /no ranges\/aws: run the refresh/, without(working, 'ranges/')],
    [
      'the ranges are old',
      'reference',
      /ranges\/aws of 2026-09-01, 82 days old: after 35 days/,
      {
        ...without(working, 'ranges/'),
        [`reference-bucket/ranges/aws/2026-09-01.${sha256}.json`]: { at: daysAgo(0) },
      },
    ],
    [
      'a snapshot has a strange name',
      'reference',
      /ranges\/aws\/x is named like no snapshot/,
      { ...working, 'reference-bucket/ranges/aws/x': { at: daysAgo(0) } },
    ],
    ['a report is not signed', 'audit', /: fail, and there is no signature at/, without(working, 'attestation')],
    [
      'an audit did not end',
      'audit',
      /an audit began 24 hours ago \(audits\/mi\/e2\/plan\.json\) and gave no report: .* of arn:aws:states/,
      { ...working, 'evidence-bucket/audits/mi/e2/plan.json': { at: daysAgo(1) } },
    ],
    [
      'the pointer to a report is broken',
      'audit',
      /JSON/,
      { ...working, 'reports-bucket/latest/mi-2014/mi.json': { at: daysAgo(1), text: '{' } },
    ],
  ])('says that %s, and ends with 2', (_what, part, says, objects) => finds(part, says, objects))

  it.each<[string, string, Answers]>([
    ['ingest', '2 uploads waiting in the queue domicile-dev-ingest, 0 being read', {}],
    [
      'audit',
      'the last execution ended well 24 hours ago, 1 of the last 3 did not: arn:execution:2',
      { ListExecutionsCommand: executed('SUCCEEDED', 'FAILED', 'SUCCEEDED') },
    ],
    ['audit', 'the last execution was stopped by hand 24 hours ago', { ListExecutionsCommand: executed('ABORTED') }],
    ['audit', 'no execution has ended yet; 1 running', { ListExecutionsCommand: executed('RUNNING') }],
    [
      'reports',
      'nobody is told what audits conclude, and what does not come, 1 subscription not confirmed yet: subscribe to arn:aws:sns:ap-south-1:123456789012:conclusions',
      { GetTopicAttributesCommand: () => ({ Attributes: { SubscriptionsConfirmed: '0', SubscriptionsPending: '1' } }) },
    ],
  ])('notes of %s: %s', async (part, says, changed) => {
    const fresh = { ...working, 'intake-bucket/intake/mi/s2/captures/new.pcap': { at: daysAgo(0) } }
    const { status, lines } = await check(fresh, {
      GetQueueAttributesCommand: waiting(2, 'domicile-dev-ingest'),
      ...changed,
    })
    expect(lines).toContain(`note   ${part.padEnd(9)}  ${says}`)
    expect(status).toBe(0)
  })

  it.each<[string, Objects]>([
    ['captures that have just come', { 'intake-bucket/intake/mi/s1/captures/b.pcap': { at: daysAgo(59 / 1440) } }],
    [
      'captures whose session.yaml has just come',
      {
        'intake-bucket/intake/mi/s2/captures/b.pcap': { at: daysAgo(1) },
        'intake-bucket/intake/mi/s2/session.yaml': { at: daysAgo(59 / 1440) },
      },
    ],
    ['captures without a session.yaml', { 'intake-bucket/intake/mi/s2/captures/b.pcap': { at: daysAgo(1) } }],
    ['litter', { 'intake-bucket/intake/mi/s1/captures/.DS_Store': { at: daysAgo(1) } }],
  ])('does not wait for receipts of %s', async (_what, objects) => {
    const { status, lines } = await check({ ...working, ...objects })
    expect(lines.filter((line) => line.startsWith('wrong'))).toEqual([])
    expect(status).toBe(0)
  })

  it('names what is in quarantine', async () => {
    const { lines } = await check({ ...working, 'evidence-bucket/quarantine/q.json': { at: daysAgo(3) } })
    expect(lines).toContain('note   ingest     1 capture in quarantine, the newest of 3 days ago: quarantine/q.json')
  })

  it('prints one JSON document where it is asked to', async () => {
    const terminal = memoryTerminal()
    await run(fileOf(outputs), { json: true }, terminal, servicesOf(working).services, now)
    expect(JSON.parse(terminal.stdout)).toMatchObject({ stack: 'domicile-dev', wrong: 0 })
  })

  const dev = outputs['domicile-dev']
  it.each([
    ['{', /this is no JSON/],
    [[1], /no stack in it has an IntakeBucket/],
    [{ other: { Url: 'x' } }, /no stack in it has an IntakeBucket: write it with/],
    [{ a: dev, b: dev }, /a and b are both in it/],
    [{ a: { ...dev, ReportsBucket: '', IngestQueueUrl: 3 } }, /a has no ReportsBucket, no IngestQueueUrl/],
  ])('refuses as outputs %j', async (content, message) => {
    const asked = run(fileOf(content), {}, memoryTerminal(), servicesOf(working).services, now)
    await expect(asked).rejects.toThrow(InputError)
    await expect(run(fileOf(content), {}, memoryTerminal(), servicesOf(working).services, now)).rejects.toThrow(message)
  })
})
