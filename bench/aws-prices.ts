/**
 * What AWS charges, as far as a deployment of Domicile uses it: US East (N. Virginia), first tier, US dollars, without tax,
 * free tiers, credits and discounts. Docs: docs/deploy.md, "What it costs".
 */

export const pricesOf = {
  region: 'us-east-1',
  /** Looked up on this day, in stored copies of AWS's pages and price lists that are up to a year older. */
  date: '2026-11-22',
} as const

export interface Price {
  /** US dollars for one unit. */
  readonly dollars: number
  readonly unit: string
  /** AWS's own page. */
  readonly source: string
}

const s3 = { source: 'https://aws.amazon.com/s3/pricing/' }
const lambda = { source: 'https://aws.amazon.com/lambda/pricing/' }
const stepFunctions = { source: 'https://aws.amazon.com/step-functions/pricing/' }
const kms = { source: 'https://aws.amazon.com/kms/pricing/' }
const cloudWatch = { source: 'https://aws.amazon.com/cloudwatch/pricing/' }
const sqs = { source: 'https://aws.amazon.com/sqs/pricing/' }
const sns = { source: 'https://aws.amazon.com/sns/pricing/' }
const eventBridge = { source: 'https://aws.amazon.com/eventbridge/pricing/' }
const athena = { source: 'https://aws.amazon.com/athena/pricing/' }

export const prices = {
  standardStorage: { dollars: 0.023, unit: 'GiB-month, S3 Standard', ...s3 },
  glacierStorage: { dollars: 0.004, unit: 'GiB-month, S3 Glacier Instant Retrieval', ...s3 },
  put: { dollars: 0.005 / 1000, unit: 'PUT, COPY, POST or LIST request, S3', ...s3 },
  get: { dollars: 0.0004 / 1000, unit: 'GET or other request, S3', ...s3 },
  toGlacier: { dollars: 0.02 / 1000, unit: 'transition to Glacier Instant Retrieval', ...s3 },
  lambdaCompute: { dollars: 0.0000133334, unit: 'GB-second, arm64', ...lambda },
  lambdaRequest: { dollars: 0.2 / 1e6, unit: 'invocation', ...lambda },
  transition: { dollars: 0.025 / 1000, unit: 'state transition, standard workflow', ...stepFunctions },
  expressRequest: { dollars: 1 / 1e6, unit: 'express workflow', ...stepFunctions },
  expressMemory: { dollars: 0.00001667, unit: 'GB-second, express workflow', ...stepFunctions },
  key: { dollars: 1, unit: 'key and month', ...kms },
  keyRequest: { dollars: 0.03 / 10_000, unit: 'symmetric request, KMS', ...kms },
  signature: { dollars: 0.15 / 10_000, unit: 'asymmetric request, KMS', ...kms },
  trace: { dollars: 5 / 1e6, unit: 'trace, X-Ray', source: 'https://aws.amazon.com/xray/pricing/' },
  alarm: { dollars: 0.1, unit: 'alarm and month', ...cloudWatch },
  metric: { dollars: 0.3, unit: 'custom metric and month', ...cloudWatch },
  dashboard: { dollars: 3, unit: 'dashboard and month', ...cloudWatch },
  logs: { dollars: 0.5, unit: 'GiB of logs taken in', ...cloudWatch },
  queueRequest: { dollars: 0.4 / 1e6, unit: 'request, SQS', ...sqs },
  mail: { dollars: 2 / 100_000, unit: 'e-mail, SNS', ...sns },
  schedule: { dollars: 1 / 1e6, unit: 'scheduled invocation', ...eventBridge },
  scanned: { dollars: 5 / 1024, unit: 'GiB scanned, Athena', ...athena },
} as const satisfies Readonly<Record<string, Price>>

export type Priced = keyof typeof prices
