import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { expect, test } from 'vitest'
import { run } from '../../functions/cli/observe-command.ts'
import { ingestHandler } from '../../functions/lambda/ingest-messages.ts'
import { contextWith, eventOf } from './s3-messages.ts'
import { VersionedStore } from './versioned-store.ts'
import { exampleKeyFile, exampleSecret, keysOf } from './wrapped-keys.ts'

const example = resolve(import.meta.dirname, '../../examples/redmi-1s')
const sessions = readdirSync(example).filter((name) => /^\d{4}-/.test(name))
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

test('ingest writes the same evidence, byte for byte, as `domicile observe` on one machine', async () => {
  const out = mkdtempSync(join(tmpdir(), 'evidence-'))
  const intake = new VersionedStore()
  const evidence = new VersionedStore()
  const metrics = new Metrics({ namespace: 'Test' })
  Object.assign(metrics, { console: { log: () => {}, warn: () => {} } })
  const limits = { bytes: 1e9, records: 1e9 }
  const logger = new Logger({ logLevel: 'SILENT' })
  const handler = ingestHandler({
    bucket: 'intake',
    intake,
    evidence,
    seedKeys: keysOf(exampleSecret),
    limits,
    logger,
    metrics,
  })
  const quiet = { out: async () => {}, err: () => {}, interactive: false, color: false, stdin: noInput(), env: {} }
  try {
    for (const name of sessions) {
      const folder = join(example, name)
      const captures = filesBelow(join(folder, 'captures')).map((file) => join(folder, 'captures', file))
      const session = join(folder, 'session.yaml')
      await run(captures, { out, campaign: 'redmi-1s', session, seedKey: exampleKeyFile }, quiet)
      const uploads = filesBelow(folder).map((file) =>
        intake.put(`intake/redmi-1s/${name}/${file}`, readFileSync(join(folder, file))),
      )
      expect(await handler(eventOf(...uploads), contextWith())).toEqual({ batchItemFailures: [] })
    }
    const local = filesBelow(out).map((file) => [file, readFileSync(join(out, file)).toString('latin1')])
    const content = Object.entries(evidence.content()).filter(([key]) => !key.startsWith('attempts/'))
    expect(content.filter(([key]) => !key.startsWith('receipts/'))).toEqual(local)
    expect(content.filter(([key]) => key.startsWith('receipts/'))).toHaveLength(
      local.filter(([file]) => file?.startsWith('ledger/')).length,
    )
    expect(local.length).toBeGreaterThan(sessions.length)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}, 60_000)

async function* noInput() {}
