/** Asks a simulator of IAM what the template's policies let a role do. */
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { SEED_KEY_CONTEXT } from '../../functions/store/seed-key-place.ts'
import { ACCOUNT, arnOf, ofType, resolved, type Template } from './template.ts'

export interface Request {
  readonly action: string
  /** Logical id of a bucket or a key, and for an object its key after a slash. */
  readonly on: string
  /** What comes with the request beside TLS 1.3. */
  readonly with?: Readonly<Record<string, string | string[]>>
}

/** An administrator of the account: allowed everything by their own policies. */
export const ADMINISTRATOR = 'Administrator'

/** @param role logical id, or {@link ADMINISTRATOR} */
export async function isAllowed(template: Template, role: string, request: Request): Promise<boolean> {
  const [id = '', ...key] = request.on.split('/')
  const bucket = arnOf(id, template)
  const simulated = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        action: request.action,
        resource: { resource: [bucket, ...key].join('/'), accountId: ACCOUNT },
        contextVariables: {
          'aws:SecureTransport': 'true',
          'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/${role}`,
          ...(request.action.startsWith('s3:') ? { 's3:TlsVersion': '1.3' } : {}),
          // Unless it sends parts of an object.
          ...(request.action === 's3:PutObject' ? { 's3:ObjectCreationOperation': 'true' } : {}),
          ...asSimulatorNames(request.with ?? {}),
        },
      },
      identityPolicies: asSimulatorNames(identityPolicies(template, role)),
      resourcePolicy: resourcePolicy(template, id),
      ...(request.action.startsWith('s3:') ? { vpcEndpointPolicies: wayToS3(template, role) } : {}),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  if (simulated.resultType === 'error') throw new Error(JSON.stringify(simulated.errors))
  return simulated.overallResult === 'Allowed'
}

/**
 * The simulator reads names with a variable part only where a slash comes before it, and knows this one by AWS's placeholder. What
 * has another name than ours stays, and counts for nothing.
 */
function asSimulatorNames<Value>(value: Value): Value {
  const [name = ''] = Object.keys(SEED_KEY_CONTEXT)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's placeholder
  const known = 'kms:EncryptionContext:${EncryptionContextKey}'
  return JSON.parse(JSON.stringify(value).replaceAll(`"kms:EncryptionContext:${name}"`, JSON.stringify(known)))
}

function identityPolicies(template: Template, role: string) {
  if (role === ADMINISTRATOR)
    return [
      { name: role, policy: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } },
    ]
  return ofType(template, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) => (resolved(Properties.Roles, template) as string[]).includes(role))
    .map(([name, { Properties }]) => ({ name, policy: resolved(Properties.PolicyDocument, template) }))
}

function resourcePolicy(template: Template, id: string): unknown {
  const key = template.Resources[id]?.Properties.KeyPolicy
  if (key) return resolved(key, template)
  const [policy] = ofType(template, 'AWS::S3::BucketPolicy').filter(
    ([, { Properties }]) => Properties.Bucket.Ref === id,
  )
  return policy && resolved(policy[1].Properties.PolicyDocument, template)
}

/** What the endpoint of the closed network lets through, for the role of a function that runs there. */
function wayToS3(template: Template, role: string) {
  const isInside = ofType(template, 'AWS::Lambda::Function').some(
    ([, { Properties }]) => Properties.VpcConfig && Properties.Role['Fn::GetAtt'][0] === role,
  )
  if (!isInside) return []
  return ofType(template, 'AWS::EC2::VPCEndpoint').map(([name, { Properties }]) => ({
    name,
    policy: resolved(Properties.PolicyDocument, template),
  }))
}
