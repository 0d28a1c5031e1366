import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it } from 'vitest'
import { readSettings } from '../../infra/settings.ts'
import { DomicileStack } from '../../infra/stack.ts'
import { ADMINISTRATOR, isAllowed } from './simulate.ts'
import { stageTemplate } from './stage-template.ts'
import { statementsOf, wildcardsOf } from './statements.ts'
import { ofType, resolved } from './template.ts'
import { WILDCARDS } from './wildcards.ts'

const template = stageTemplate('dev', { seedKeys: true })
const without = stageTemplate('dev', {})
const idOf = (type: string, path: string) =>
  ofType(template, type).find(([id]) => new RegExp(`^${path}[0-9A-F]{8}$`).test(id))?.[0] ?? ''
const roles = ofType(template, 'AWS::IAM::Role').map(([id]) => id)
const ingest = idOf('AWS::IAM::Role', 'IngestFunctionRole')
const key = idOf('AWS::KMS::Key', 'SeedKeysKey')
const reference = idOf('AWS::S3::Bucket', 'ReferenceBucket')
const context = { 'kms:EncryptionContext:domicile': 'seed-key', 'kms:EncryptionContextKeys': ['domicile'] }

/** Who of all roles, and the administrator, may. */
async function whoCan(action: string, on: string, request: Readonly<Record<string, string | string[]>> = {}) {
  const able: string[] = []
  for (const who of [...roles, ADMINISTRATOR])
    if (await isAllowed(template, who, { action, on, with: request })) able.push(who)
  return able
}

describe('a deployment that looks for what is planted', () => {
  it('is not what is deployed unless it is asked for', () => {
    expect(ofType(without, 'AWS::EC2::VPCEndpoint')).toHaveLength(1)
    expect(JSON.stringify(without)).not.toContain('SeedKey')
    const settings = (seedKeys: unknown) => readSettings(new App({ context: { seedKeys } }).node, 'dev').seedKeys
    expect([settings('true'), settings(false)]).toEqual([true, false])
    expect(() => settings('perhaps')).toThrow('seedKeys')
  })

  it('lets ingest alone decrypt, for seed keys and for nothing else', async () => {
    expect(await whoCan('kms:Decrypt', key, context)).toEqual([ingest, ADMINISTRATOR])
    expect(await whoCan('kms:Decrypt', key)).toEqual([ADMINISTRATOR])
    const others = [
      { ...context, 'kms:EncryptionContext:domicile': 'something else' },
      { ...context, 'kms:EncryptionContextKeys': ['domicile', 'more'] },
    ]
    for (const request of others) expect(await whoCan('kms:Decrypt', key, request)).toEqual([ADMINISTRATOR])
    for (const action of ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:CreateGrant'])
      expect(await whoCan(action, key, context)).toEqual([ADMINISTRATOR])
  })

  it('lets ingest alone read the encrypted keys, and nobody write them but whoever owns the account', async () => {
    const on = `${reference}/seeds/0123456789abcdef.key`
    expect(await whoCan('s3:GetObject', on)).toEqual([ingest, ADMINISTRATOR])
    expect(await whoCan('s3:PutObject', on)).toEqual([ADMINISTRATOR])
  })

  it('opens the closed network to KMS for this, by its own endpoint, and for no other name', () => {
    const [kms, ...more] = ofType(template, 'AWS::EC2::VPCEndpoint').filter(
      ([, { Properties }]) => Properties.VpcEndpointType === 'Interface',
    )
    expect(more).toEqual([])
    const { ServiceName, PolicyDocument, PrivateDnsEnabled } = kms?.[1].Properties ?? {}
    expect(resolved(ServiceName, template)).toBe('com.amazonaws.eu-central-1.kms')
    expect(PrivateDnsEnabled).toBe(true)
    expect(resolved(PolicyDocument, template)).toMatchObject({
      Statement: [
        {
          Action: 'kms:Decrypt',
          Resource: `arn:aws:kms:eu-central-1:111122223333:key/${key}`,
          Condition: { StringEquals: { 'kms:EncryptionContext:domicile': 'seed-key' } },
        },
      ],
    })
    const names = (of: typeof template) =>
      ofType(of, 'AWS::Route53Resolver::FirewallDomainList').flatMap(
        ([, { Properties }]) => resolved(Properties.Domains, of) as string[],
      )
    expect(names(template).filter((name) => !names(without).includes(name))).toEqual(['kms.eu-central-1.amazonaws.com'])
  })

  it('has one wildcard more than the short list', () => {
    const found = statementsOf(template).flatMap((one) => wildcardsOf(one, template))
    const unknown = found.filter((wildcard) => !WILDCARDS.some(([pattern]) => pattern.test(wildcard)))
    expect([...new Set(unknown)]).toEqual(['referencebucket/seeds/*'])
  })

  it('tells ingest where the keys are, keeps their key when the stack goes, and names it', () => {
    const [[, handler] = ['', undefined]] = ofType(template, 'AWS::Lambda::Function').filter(([id]) =>
      id.startsWith('IngestFunction'),
    )
    expect(handler?.Properties.Environment.Variables.SEED_KEYS_BUCKET).toEqual({ Ref: reference })
    expect(template.Resources[key]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    expect(resolved(template.Outputs.SeedKeyArn?.Value, template)).toContain(key)
  })

  it('is clean by cdk-nag', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'domicile-nag-'))
    try {
      const own = JSON.parse(readFileSync('cdk.json', 'utf8')).context
      const app = new App({ outdir, context: { ...own, seedKeys: true, 'aws:cdk:bundling-stacks': [] } })
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
      new DomicileStack(app, 'dev')
      expect(() => app.synth()).not.toThrow()
    } finally {
      rmSync(outdir, { recursive: true, force: true })
    }
  })
})
