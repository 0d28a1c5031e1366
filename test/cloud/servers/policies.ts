/** The template's policies on the S3 server: what a rig's role may do, and what a bucket refuses to everybody. */
import { PutBucketPolicyCommand, type S3Client } from '@aws-sdk/client-s3'
import type { Names } from '../template/names.ts'
import { type Resource, resourcesOf, type Template } from '../template/template.ts'
import { addUser, type Credentials, type S3Server } from './ceph.ts'

interface Statement {
  readonly Sid?: string
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Principal?: unknown
  readonly Condition?: unknown
}

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T])

/**
 * A rig's own S3 credentials, by the rig's id. On AWS a rig takes on a role; here it is a user for whom the buckets' policies
 * say what the role's policies say.
 */
export type Rigs = ReadonlyMap<string, Credentials>

/**
 * Puts the policies of the buckets. Ceph 16 judges no condition on encryption, on the age of a signature, on retention or on
 * the principal's ARN, and here is no TLS: statements with conditions are left to AWS, and to the tests of the template.
 *
 * @param stack makes users' names unique on the server
 */
export async function applyPolicies(
  template: Template,
  names: Names,
  stack: string,
  server: S3Server,
  s3: S3Client,
): Promise<Rigs> {
  const rigs = new Map<string, Credentials>()
  const granted: Statement[] = []
  const refusedToRigs: object[] = []
  for (const [role, id] of rigRoles(template)) {
    const user = `${stack}-${id}`
    rigs.set(id, await addUser(server, user))
    const Principal = { AWS: [`arn:aws:iam:::user/${user}`] }
    const allowed = statementsOf(template, names, role)
    granted.push(...allowed.map((statement) => ({ ...statement, Principal })))
    // Ceph lets whoever uploaded an object do with it as he likes; on AWS the bucket's owner owns it, and only what is allowed is.
    const granting = allowed.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => listOf(Action))
    const Action = ownersActions.filter((action) => !granting.some((one) => covers(one, action)))
    refusedToRigs.push({ Effect: 'Deny', Principal, Action })
  }
  for (const [bucket, refused] of refusals(template, names)) {
    const arn = `arn:aws:s3:::${bucket}`
    const isHere = (resource: string) => resource === arn || resource.startsWith(`${arn}/`)
    const allowed = granted.flatMap((statement) => {
      const Resource = listOf(statement.Resource).filter(isHere)
      const Action = listOf(statement.Action).filter((action) => action.startsWith('s3:'))
      return Resource.length > 0 && Action.length > 0 ? [{ ...statement, Action, Resource }] : []
    })
    // On AWS the bucket's owner owns what others upload (BucketOwnerEnforced); Ceph has to be told.
    const owner = {
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam:::user/owner'] },
      Action: 's3:*',
      Resource: [arn, `${arn}/*`],
    }
    const toRigs = refusedToRigs.map((statement) => ({ ...statement, Resource: [arn, `${arn}/*`] }))
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [owner, ...allowed, ...toRigs, ...refused] })
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))
  }
  return rigs
}

/**
 * Where a bucket's policy refuses writes that do not bring `If-None-Match`.
 *
 * @returns whether that holds for an ARN
 */
export function keptFromOverwriting(template: Template, names: Names): (arn: string) => boolean {
  const kept = resourcesOf(template, 'AWS::S3::BucketPolicy').flatMap(([, { Properties }]) =>
    (names.resolve(Properties).PolicyDocument.Statement as Statement[])
      .filter(({ Condition }) => (Condition as Conditions | undefined)?.Null?.['s3:if-none-match'] === 'true')
      .flatMap(({ Resource }) => listOf(Resource)),
  )
  return (arn) => kept.some((pattern) => covers(pattern, arn))
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** What Ceph lets an object's owner do. */
const ownersActions = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectAcl',
  's3:PutObjectAcl',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:GetObjectTagging',
  's3:PutObjectTagging',
  's3:GetObjectRetention',
  's3:PutObjectRetention',
  's3:PutObjectLegalHold',
  's3:BypassGovernanceRetention',
]

/** Whether an action or an ARN of a policy, which may have asterisks, is or holds another. */
const covers = (pattern: string, one: string) =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(one)

/** Roles of rigs, by the path that the CDK notes of each: `…/<rig's id>/Resource` below the construct of rig access. */
function* rigRoles(template: Template): Generator<[role: string, rig: string]> {
  for (const [role, resource] of resourcesOf(template, 'AWS::IAM::Role')) {
    const path = (resource as Resource & { Metadata?: Record<string, string> }).Metadata?.['aws:cdk:path'] ?? ''
    const [, rig] = /\/Rig[A-Za-z]*\/([^/]+)\/Resource$/.exec(path) ?? []
    if (rig) yield [role, rig]
  }
}

/** Everything that the policies of a role allow or refuse. */
function statementsOf(template: Template, names: Names, role: string): Statement[] {
  const own = names.resolve(template.Resources[role]?.Properties?.Policies ?? []) as Resource['Properties'][]
  const attached = resourcesOf(template, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) => (Properties.Roles ?? []).some((one: { Ref?: string }) => one.Ref === role))
    .map(([, { Properties }]) => names.resolve(Properties))
  return [...own, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Statement[])
}

/** What each bucket refuses without a condition. */
function refusals(template: Template, names: Names): Map<string, Statement[]> {
  const all = new Map<string, Statement[]>()
  for (const [, { Properties }] of resourcesOf(template, 'AWS::S3::BucketPolicy')) {
    const { Bucket, PolicyDocument } = names.resolve(Properties)
    const statements = (PolicyDocument.Statement as Statement[])
      .filter(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined)
      .map((statement) => ({ ...statement, Principal: '*' }))
    all.set(Bucket, [...(all.get(Bucket) ?? []), ...statements])
  }
  return all
}
