/** Permissions, each with its reason. */
import { Stack, Validations } from 'aws-cdk-lib'
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IConstruct } from 'constructs'

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

export interface Permission {
  /** Why, in a sentence: it also answers the rule that asks about each wildcard. */
  readonly because: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions?: Conditions
}

/** Adds the permission to the role. */
export function allow(role: IRole, { because, actions, resources, conditions }: Permission): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions ? { conditions: { ...conditions } } : {}),
    }),
  )
  for (const resource of resources) acknowledgeWildcard(role, resource, because)
}

/** Answers AwsSolutions-IAM5 for one resource, if it has a wildcard. */
export function acknowledgeWildcard(role: IConstruct, resource: string, because: string): void {
  const shown = asRulesShowIt(Stack.of(role).resolve(resource))
  if (shown.includes('*'))
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${shown}]`, reason: because })
}

/** A reference as cdk-nag writes it in a finding's name: `<Logical.Arn>/key/*`. */
function asRulesShowIt(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const [[name, argument] = []] = Object.entries(value)
  if (name === 'Ref') return `<${argument}>`
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(asRulesShowIt).join('')
  return JSON.stringify(value)
}
