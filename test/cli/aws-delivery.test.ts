/** Flow logs in the folders in which AWS delivers them, as they are. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../functions/cli/audit-command.ts'
import { root } from '../support/bundle.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const example = join(root, 'examples/redmi-1s')
const session = join(example, '2014-11-10-vpc-flow-log')
const log = join(session, 'captures', readdirSync(join(session, 'captures'))[0] ?? '')
const day = 'AWSLogs/123456789012/vpcflowlogs/us-west-1/2014/11/10'
const hive =
  'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-west-1/year=2014/month=11/day=10'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'delivery-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a bucket holds to which flow logs are delivered, below a folder. */
function deliver(to: string): void {
  for (const path of [day, hive]) mkdirSync(join(to, path), { recursive: true })
  copyFileSync(log, join(to, day, '123456789012_vpcflowlogs_us-west-1_fl-0a_20141110T0600Z_0a.log.gz'))
  copyFileSync(log, join(to, hive, '123456789012_vpcflowlogs_us-west-1_fl-0a_20141110T0700Z_0b.log.gz'))
  writeFileSync(join(to, 'AWSLogs/123456789012/folder'), '')
  writeFileSync(join(to, 'aws-logs-write-test'), 'Permission Check Successful')
}

async function ledgersOf(path: string, out: string) {
  const terminal = memoryTerminal()
  const options = { declaration: join(example, 'declaration.yaml'), reference: join(example, 'reference'), out }
  expect(await run([path], options, terminal)).not.toBe(2)
  const { ledger } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
  const facts = ledger.map(({ source, format, records, error }: Record<string, unknown>) => ({
    source,
    format,
    records,
    error,
  }))
  return { facts, err: terminal.stderr }
}

const expected = (prefix: string) => [
  {
    source: `${prefix}${day}/123456789012_vpcflowlogs_us-west-1_fl-0a_20141110T0600Z_0a.log.gz`,
    format: 'vpc-flow-log',
    records: 15,
    error: null,
  },
  {
    source: `${prefix}${hive}/123456789012_vpcflowlogs_us-west-1_fl-0a_20141110T0700Z_0b.log.gz`,
    format: 'vpc-flow-log',
    records: 15,
    error: null,
  },
  { source: `${prefix}aws-logs-write-test`, format: 'aws-write-test', records: 1, error: null },
]

describe('a folder as AWS delivers flow logs', () => {
  it('is audited as it is: what is no log is counted', async () => {
    const tree = join(folder, 'tree')
    deliver(tree)
    const { facts, err } = await ledgersOf(tree, join(folder, 'report'))
    expect(facts).toEqual(expected(''))
    expect(err).toMatch(/1 empty file below AWSLogs left out/)
  })

  it("is a session's captures", async () => {
    const campaign = join(folder, 'campaign')
    const captures = join(campaign, 'rig', 'captures')
    mkdirSync(dirname(captures), { recursive: true })
    deliver(captures)
    cpSync(join(session, 'session.yaml'), join(campaign, 'rig', 'session.yaml'))
    const manifest = readFileSync(join(session, 'session.yaml'), 'utf8').replace(/^captures:\n(?:[ -].*\n?)*/m, '')
    writeFileSync(join(campaign, 'rig', 'session.yaml'), manifest)
    const { facts } = await ledgersOf(campaign, join(folder, 'session-report'))
    expect(facts).toEqual(expected('rig/captures/'))
  })
})
