import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import type { Stage } from '../../infra/settings.ts'
import { DomicileStack } from '../../infra/stack.ts'
import type { Template } from './template.ts'

/** What `cdk deploy` would deploy of one stage with another context; neither rules nor the validator have looked at it. */
export function stageTemplate(stage: Stage, context: Readonly<Record<string, unknown>>): Template {
  const own = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly context: Readonly<Record<string, unknown>> }
  // Nobody asks for the layer here, so its 150 MB need not be copied.
  const app = new App({ context: { ...own.context, ...context, 'aws:cdk:bundling-stacks': [] } })
  const { artifactId } = new DomicileStack(app, stage)
  return app.synth().getStackArtifact(artifactId).template as Template
}
