/** The names that CloudFormation would give to a stack's resources, as this bench gives them. */
import { type NameOf, type Resource, resolver, type Template } from './template.ts'

export const account = '000000000000'
export const region = 'us-east-1'

/** Ref and attributes of one type of resource, from the resource's physical name. */
interface Naming {
  readonly ref: (name: string) => string
  readonly arn: (name: string) => string
}

const arnOf = (service: string, kind: string) => (name: string) =>
  `arn:aws:${service}:${region}:${account}:${kind}${name}`
const itself = (name: string) => name
const byArn = (arn: (name: string) => string): Naming => ({ ref: arn, arn })
const byName = (arn: (name: string) => string): Naming => ({ ref: itself, arn })

const namings: Readonly<Record<string, Naming>> = {
  'AWS::S3::Bucket': byName((name) => `arn:aws:s3:::${name}`),
  'AWS::Lambda::Function': byName(arnOf('lambda', 'function:')),
  'AWS::Lambda::LayerVersion': byArn((name) => `${arnOf('lambda', 'layer:')(name)}:1`),
  'AWS::SNS::Topic': byArn(arnOf('sns', '')),
  'AWS::KMS::Key': byName(arnOf('kms', 'key/')),
  'AWS::StepFunctions::StateMachine': byArn(arnOf('states', 'stateMachine:')),
  'AWS::IAM::Role': byName((name) => `arn:aws:iam::${account}:role/${name}`),
  'AWS::IAM::User': byName((name) => `arn:aws:iam::${account}:user/${name}`),
  'AWS::Logs::LogGroup': byName(arnOf('logs', 'log-group:')),
}
const anyOther = byName(arnOf('cloudformation', 'resource/'))

/** The property in which a template may give a resource its name. */
const nameProperties = [
  'BucketName',
  'FunctionName',
  'QueueName',
  'TopicName',
  'StateMachineName',
  'RoleName',
  'LogGroupName',
]

/**
 * Names and ARNs of a stack.
 *
 * @param stack begins every name that the template leaves open; lower case letters, digits, hyphens
 * @param queueEndpoint where SQS listens: a queue's `Ref` is its URL
 */
export function namesOf(template: Template, stack: string, queueEndpoint: string) {
  const physicalName = (id: string, { Type, Properties = {} }: Resource): string => {
    const given = nameProperties.map((property) => Properties[property]).find((value) => typeof value === 'string')
    // Names of buckets are shared by all stacks of a server: a given one would collide with another bench's.
    if (Type === 'AWS::S3::Bucket') return `${stack}-${given ?? id}`.toLowerCase().slice(0, 63)
    return given ?? `${stack}-${id}`
  }
  const nameOf: NameOf = (id, resource, attribute) => {
    const name = physicalName(id, resource)
    if (resource.Type === 'AWS::SQS::Queue') {
      if (attribute === null) return `${queueEndpoint}/${account}/${name}`
      return attribute === 'Arn' ? arnOf('sqs', '')(name) : name
    }
    const naming = namings[resource.Type] ?? anyOther
    if (attribute === null) return naming.ref(name)
    return /Arn$/.test(attribute) ? naming.arn(name) : name
  }
  const resolve = resolver(
    template,
    {
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::StackName': stack,
      'AWS::StackId': arnOf('cloudformation', 'stack/')(stack),
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::NoValue': '',
    },
    nameOf,
  )
  return { resolve, physicalName, nameOf }
}

export type Names = ReturnType<typeof namesOf>
