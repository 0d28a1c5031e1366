/** A stack of a few resources, by which the bench itself is tested: uploads go through a queue to a function. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { readTemplate, type Template } from '../../template/template.ts'

const handlerOf = (source: string) => `
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'
import { KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns'
const s3 = new S3Client(), kms = new KMSClient(), sns = new SNSClient()
const put = (Key, body) => s3.send(new PutObjectCommand({ Bucket: process.env.OUT, Key, Body: JSON.stringify(body) }))
${source}`

/** Writes down each upload by its key; a key with "poison" fails, one with "slow" takes a while. */
const ingest = `export async function handler({ Records }) {
  const batchItemFailures = []
  for (const { messageId, body } of Records) for (const { s3 } of JSON.parse(body).Records) {
    const key = decodeURIComponent(s3.object.key.replaceAll('+', ' '))
    if (key.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 3000))
    if (key.includes('poison')) batchItemFailures.push({ itemIdentifier: messageId })
    else await put('seen/' + key, s3)
  }
  return { batchItemFailures }
}`

/** One step of the state machine. */
const step = `let failures = 1
export async function handler(event) {
  if (event.flaky && failures-- > 0) throw Object.assign(new Error('not yet'), { name: 'Flaky' })
  if (event.Items) return { sum: event.Items.reduce((a, b) => a + b, 0), label: event.BatchInput.label }
  if (event.sign) {
    const Message = Buffer.from(event.sign)
    const order = { KeyId: process.env.KEY, Message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }
    const { Signature } = await kms.send(new SignCommand(order))
    await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: event.sign }))
    return { signature: Buffer.from(Signature).toString('base64') }
  }
  await put('items.json', [1, 2, 3, 4, 5])
  return { items: 'items.json' }
}`

const definition = {
  StartAt: 'Prepare',
  States: {
    Prepare: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '<step>', Payload: { flaky: true } },
      Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1, MaxAttempts: 2 }],
      ResultSelector: { 'key.$': '$.Payload.items' },
      ResultPath: '$.prepared',
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Parameters: { Bucket: '<out>', 'Key.$': '$.prepared.key' },
      },
      ItemBatcher: {
        MaxItemsPerBatch: 2,
        BatchInput: { 'label.$': "States.Format('{} of {}', $.campaign, $$.Execution.Name)" },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        StartAt: 'Add',
        States: {
          Add: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: '<step>', 'Payload.$': '$' },
            OutputPath: '$.Payload',
            End: true,
          },
        },
      },
      ResultPath: '$.sums',
      Next: 'Enough?',
    },
    'Enough?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.sums[2].sum', NumericEquals: 5, Next: 'Sign' }],
      Default: 'Wrong',
    },
    Wrong: { Type: 'Fail', Error: 'Wrong', Cause: 'the sums are wrong' },
    Sign: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '<step>', Payload: { 'sign.$': '$.campaign' } },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wrong' }],
      ResultPath: '$.signed',
      End: true,
    },
  },
}

/** The definition as the CDK writes it: text joined with references. */
function definitionString(): unknown {
  const parts = JSON.stringify(definition).split(/<(step|out)>/)
  const references: Record<string, unknown> = { step: { 'Fn::GetAtt': ['Step', 'Arn'] }, out: { Ref: 'Out' } }
  return { 'Fn::Join': ['', parts.map((part, index) => (index % 2 ? references[part] : part))] }
}

export function tinyStack(): Template {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-tiny-stack-'))
  const asset = (source: string) => {
    const { outputFiles } = buildSync({
      stdin: { contents: handlerOf(source), resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    })
    const code = outputFiles[0]?.text ?? ''
    const hash = createHash('sha256').update(code).digest('hex')
    mkdirSync(join(folder, `asset.${hash}`))
    writeFileSync(join(folder, `asset.${hash}`, 'index.mjs'), code)
    return { S3Bucket: 'assets', S3Key: `${hash}.zip` }
  }
  const lambda = (source: string) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: asset(source),
      Timeout: 5,
      Environment: {
        Variables: { OUT: { Ref: 'Out' }, KEY: { 'Fn::GetAtt': ['Key', 'Arn'] }, TOPIC: { Ref: 'Topic' } },
      },
    },
  })
  const QueueConfigurations = [
    {
      Events: ['s3:ObjectCreated:*'],
      QueueArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } },
    },
  ]
  const RedrivePolicy = { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 }
  const template = {
    Resources: {
      In: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
      Out: { Type: 'AWS::S3::Bucket' },
      Notifications: {
        Type: 'Custom::S3BucketNotifications',
        Properties: { BucketName: { Ref: 'In' }, NotificationConfiguration: { QueueConfigurations } },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30, RedrivePolicy } },
      Dead: { Type: 'AWS::SQS::Queue' },
      Topic: { Type: 'AWS::SNS::Topic' },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } },
      Ingest: lambda(ingest),
      Step: lambda(step),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Ingest' },
          BatchSize: 5,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: definitionString() } },
    },
    Outputs: {
      In: { Value: { Ref: 'In' } },
      Out: { Value: { Ref: 'Out' } },
      Dead: { Value: { Ref: 'Dead' } },
      Ingest: { Value: { 'Fn::GetAtt': ['Ingest', 'Arn'] } },
      Machine: { Value: { Ref: 'Machine' } },
    },
  }
  const path = join(folder, 'tiny.template.json')
  writeFileSync(path, JSON.stringify(template))
  return readTemplate(path)
}
