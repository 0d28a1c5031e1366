/** What a call takes of the role that makes it, in terms of the template. */
import type { Request } from '../../../infra/simulate.ts'
import type { Call } from '../../servers/calls.ts'
import type { Names } from '../../template/names.ts'
import type { Resource, Template } from '../../template/template.ts'

/** The region of the simulated account. */
const simulated = 'eu-central-1'

/** The role of a function, a state machine or a schedule: its logical id. */
export function roleOf(template: Template, caller: string): string {
  const { Role, RoleArn, Target } = template.Resources[caller]?.Properties ?? {}
  return (Role ?? RoleArn ?? Target.RoleArn)['Fn::GetAtt'][0]
}

/** The call itself, and what its service asks of the key with which the resource is encrypted. */
export function requestsOf({ action, resource, context }: Call, template: Template, names: Names): Request[] {
  const [id, named, arn] = ownerOf(resource, template, names)
  const request = { action, on: `${id}${resource.slice(arn.length)}`, with: context }
  const key = keyOf(named)
  const [service = ''] = action.split(':')
  const through = { 'kms:ViaService': `${service}.${simulated}.amazonaws.com` }
  return [request, ...(key ? usesOfKey(action).map((use) => ({ action: use, on: key, with: through })) : [])]
}

/** The resource of the template to which an ARN belongs. */
function ownerOf(resource: string, template: Template, names: Names): [id: string, named: Resource, arn: string] {
  for (const [id, named] of Object.entries(template.Resources)) {
    const arn = names.nameOf(id, named, 'Arn')
    if (resource === arn || resource.startsWith(`${arn}/`)) return [id, named, arn]
  }
  throw new Error(`${resource} belongs to nothing of the template`)
}

/** Logical id of the key with which a bucket or topic is encrypted. */
function keyOf({ Properties }: Resource): string | undefined {
  const [rule] = Properties?.BucketEncryption?.ServerSideEncryptionConfiguration ?? []
  const key = rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID ?? Properties?.KmsMasterKeyId
  return key?.['Fn::GetAtt']?.[0]
}

/** S3 decrypts the parts of a multipart upload to join them, so whoever writes has to be allowed that too. */
function usesOfKey(action: string): readonly string[] {
  if (/^s3:GetObject/.test(action)) return ['kms:Decrypt']
  return ['s3:PutObject', 'sns:Publish'].includes(action) ? ['kms:GenerateDataKey', 'kms:Decrypt'] : []
}
