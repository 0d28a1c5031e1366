/** Every statement of every policy of a template. */
import { type Resource, resolved, type Template } from './template.ts'

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly NotAction?: unknown
  readonly Resource?: unknown
  readonly NotResource?: unknown
  readonly Principal?: unknown
  readonly NotPrincipal?: unknown
  readonly Condition?: unknown
}

export interface Found {
  /** Logical id of the resource that holds the policy. */
  readonly where: string
  readonly type: string
  readonly statement: Statement
}

/** Properties that hold policies, of whichever type of resource. */
const POLICIES = ['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument']

export function statementsOf(template: Template): readonly Found[] {
  return Object.entries(template.Resources).flatMap(([where, { Type: type, Properties }]) =>
    policiesOf(Properties).flatMap((policy) => policy.Statement.map((statement) => ({ where, type, statement }))),
  )
}

function policiesOf(properties: Resource['Properties'] = {}): readonly { readonly Statement: readonly Statement[] }[] {
  const inline = (properties.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument)
  return [...POLICIES.flatMap((name) => properties[name] ?? []), ...inline]
}

export const listOf = <Item>(value: Item | readonly Item[] | undefined): readonly Item[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Item]

/**
 * The wildcards of a statement that allows something: `resource` for one in a resource, `action on resource` where the resource
 * is nothing but a wildcard, and the action for one in an action. ARNs stand without what comes before the resource.
 */
export function wildcardsOf({ statement }: Found, template: Template): readonly string[] {
  if (statement.Effect !== 'Allow') return []
  if (statement.NotAction || statement.NotResource || statement.NotPrincipal) return ['Not…, which allows all the rest']
  const actions = listOf(statement.Action)
  const resources = listOf(resolved(statement.Resource, template) as string | string[] | undefined)
  return [
    ...actions.filter((action) => action.includes('*')),
    ...resources.flatMap((resource) => {
      if (resource === '*') return actions.map((action) => `${action} on *`)
      return resource.includes('*') ? [shortened(resource)] : []
    }),
  ]
}

/** `intakebucketdf3620f2/intake/*` → `intakebucket/intake/*`: the CDK's hashes say nothing. */
const shortened = (arn: string) =>
  arn
    .split(':')
    .slice(5)
    .join(':')
    .replace(/[0-9a-f]{8}(?=$|[/:.])/i, '')
