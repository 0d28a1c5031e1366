/** A template, and what its references stand for when it is deployed to a made-up account. */

export interface Resource {
  readonly Type: string
  // biome-ignore lint/suspicious/noExplicitAny: properties are as manifold as AWS
  readonly Properties: Readonly<Record<string, any>>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>
}

export const ACCOUNT = '111122223333'
const REGION = 'eu-central-1'

/** Resources of a type, by their logical id. */
export function ofType(template: Template, type: string): readonly (readonly [id: string, resource: Resource])[] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type)
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'domicile',
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/domicile/0b1d`,
}

/** The value with every reference replaced. */
export function resolved(value: unknown, template: Template): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, template))
  if (typeof value !== 'object' || value === null) return value
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value)
  if (others.length === 0) {
    if (name === 'Ref') return PSEUDO[argument as string] ?? refOf(argument as string, template)
    if (name === 'Fn::GetAtt') return attributeOf(argument as [string, string], template)
    if (name === 'Fn::Join') {
      const [separator, parts] = resolved(argument, template) as [string, string[]]
      return parts.join(separator)
    }
    if (name === 'Fn::Split') {
      const [separator, text] = resolved(argument, template) as [string, string]
      return text.split(separator)
    }
    if (name === 'Fn::Select') {
      const [place, list] = resolved(argument, template) as [number, unknown[]]
      return list[Number(place)]
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, template)]))
}

const nameOf = (id: string) => id.toLowerCase()

function refOf(id: string, template: Template): string {
  const type = template.Resources[id]?.Type
  if (type === 'AWS::S3::Bucket') return nameOf(id)
  return type === 'AWS::SNS::Topic' || type === 'AWS::StepFunctions::StateMachine' ? arnOf(id, template) : id
}

function attributeOf([id, attribute]: [string, string], template: Template): string {
  return attribute === 'Arn' ? arnOf(id, template) : `${id}.${attribute}`
}

/** The ARN of a resource in the made-up account. */
export function arnOf(id: string, template: Template): string {
  const here = `${REGION}:${ACCOUNT}`
  const arns: Readonly<Record<string, string>> = {
    'AWS::S3::Bucket': `arn:aws:s3:::${nameOf(id)}`,
    'AWS::KMS::Key': `arn:aws:kms:${here}:key/${id}`,
    'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role/${id}`,
    'AWS::Lambda::Function': `arn:aws:lambda:${here}:function:${id}`,
    'AWS::SQS::Queue': `arn:aws:sqs:${here}:${id}`,
    'AWS::SNS::Topic': `arn:aws:sns:${here}:${id}`,
    'AWS::Logs::LogGroup': `arn:aws:logs:${here}:log-group:${id}:*`,
    'AWS::StepFunctions::StateMachine': `arn:aws:states:${here}:stateMachine:${id}`,
  }
  const type = template.Resources[id]?.Type ?? 'nothing'
  const arn = arns[type]
  if (arn === undefined) throw new Error(`${id} is ${type}, whose ARN these tests do not know`)
  return arn
}
