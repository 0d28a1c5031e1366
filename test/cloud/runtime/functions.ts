/** The template's functions, with their code, layers and environment, and the queues that feed them. */
import { availableParallelism } from 'node:os'
import { CALLER } from '../servers/calls.ts'
import type { QueueServer } from '../servers/queues.ts'
import type { Names } from '../template/names.ts'
import { assetFolder, resourcesOf, type Template } from '../template/template.ts'
import { EventSource } from './event-source.ts'
import { LambdaFunction } from './lambda-function.ts'

/** Functions wait for S3 half of their time; more processes at once than this only take turns on the cores. */
const mostAtOnce = 2 * availableParallelism()

/**
 * Every function in Node, by logical id; the CDK's own helpers (custom resources) are left out by their names.
 *
 * @param environment added to each function's own: endpoints and credentials
 */
export function functionsOf(
  template: Template,
  names: Names,
  environment: Readonly<Record<string, string>>,
): ReadonlyMap<string, LambdaFunction> {
  const functions = new Map<string, LambdaFunction>()
  for (const [id, resource] of resourcesOf(template, 'AWS::Lambda::Function')) {
    const properties = names.resolve(resource.Properties ?? {})
    if (!/^nodejs/.test(properties.Runtime) || /^(Custom|AWS|BucketNotificationsHandler|LogRetention)/.test(id))
      continue
    const layerOf = (arn: string) =>
      resourcesOf(template, 'AWS::Lambda::LayerVersion').find(([layer, r]) => names.nameOf(layer, r, null) === arn)?.[1]
    const code = {
      name: names.physicalName(id, resource),
      arn: names.nameOf(id, resource, 'Arn'),
      handler: properties.Handler,
      taskRoot: assetFolder(template, names.resolve(properties.Code).S3Key),
      layers: ((properties.Layers ?? []) as string[]).flatMap((arn) => {
        const layer = layerOf(arn)
        return layer ? [assetFolder(template, names.resolve(layer.Properties.Content).S3Key)] : []
      }),
      environment: { ...environment, ...properties.Environment?.Variables, [CALLER]: id },
      memoryMiB: properties.MemorySize ?? 128,
      timeoutSeconds: properties.Timeout ?? 3,
    }
    functions.set(id, new LambdaFunction(code, mostAtOnce))
  }
  return functions
}

/** Starts the event source mappings of SQS. */
export function mapEventSources(
  template: Template,
  names: Names,
  queues: QueueServer,
  functions: ReadonlyMap<string, LambdaFunction>,
): EventSource[] {
  return resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(([id, resource]) => {
    const {
      EventSourceArn,
      FunctionName,
      BatchSize = 10,
      FunctionResponseTypes = [],
      ScalingConfig,
    } = names.resolve(resource.Properties)
    const target = [...functions.values()].find(({ code }) => [code.name, code.arn].includes(FunctionName))
    if (!target) throw new Error(`${id} feeds ${FunctionName}, which the bench does not run`)
    const mapping = {
      queueArn: EventSourceArn,
      queueUrl: `${queues.endpoint}/${EventSourceArn.split(':').slice(-2).join('/')}`,
      batchSize: BatchSize,
      concurrency: Math.min(ScalingConfig?.MaximumConcurrency ?? mostAtOnce, mostAtOnce),
      reportsItemFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
    }
    return new EventSource(mapping, queues, target)
  })
}
