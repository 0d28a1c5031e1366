/**
 * The cloud's side of Domicile as CloudFormation: `npx cdk synth` writes both stages to cdk.out/, `npx cdk deploy domicile-dev`
 * deploys one. `-c stage=prod` leaves the other out.
 */

// First, so that the handlers are bundled while the CDK is loaded.
import './handler-code.ts'
import { setFlagsFromString } from 'node:v8'
import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { STAGES, type Stage } from './settings.ts'
import { DomicileStack } from './stack.ts'

// The validator of templates is WebAssembly that runs for seconds: optimising it costs more than it gains.
setFlagsFromString('--liftoff-only')

const app = new App()
Tags.of(app).add('application', 'domicile')
// Nobody deploys what the rules object to: a finding without an acknowledged reason ends the synthesis.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))

const chosen: unknown = app.node.tryGetContext('stage')
if (chosen !== undefined && !STAGES.includes(chosen as Stage))
  throw new Error(`the context's stage is ${JSON.stringify(chosen)}; there are ${STAGES.join(' and ')}`)
for (const stage of STAGES) if (chosen === undefined || chosen === stage) new DomicileStack(app, stage)

app.synth()
