import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { DomicileStack } from '../../infra/stack.ts'

/** What `cdk deploy` would deploy, without the functions' code. */
export function deployedTemplate(context: Readonly<Record<string, unknown>>): Template {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } })
  return Template.fromStack(new DomicileStack(app, 'prod'))
}
