/** The steps of an audit as states of Step Functions. */
import { Duration, Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import {
  Choice,
  Condition,
  DistributedMap,
  Fail,
  type IChainable,
  JitterType,
  JsonPath,
  Pass,
  ProcessorMode,
  ProcessorType,
  ResultWriterV2,
  type RetryProps,
  S3JsonItemReader,
  StateMachineType,
  Succeed,
  TaskInput,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions'
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks'
import type { Construct } from 'constructs'
import type { AuditProps } from './audit.ts'
import type { AuditHandlers } from './audit-handlers.ts'
import type { Store } from './bucket.ts'
import type { Handler } from './handler.ts'

/** Errors of what an audit is given: they are the same the next time. */
const FINAL = ['InputError', 'DeclarationError', 'SnapshotError', 'MissingObjectError']

/** The account runs as many functions as it may. */
const HELD_BACK = ['Lambda.TooManyRequestsException']

const PATIENTLY: RetryProps = { interval: Duration.seconds(2), backoffRate: 2, jitterStrategy: JitterType.FULL }

/** How long a batch waits for its turn: with its retries it has to end within the five minutes of an express workflow. */
const FOR_A_MINUTE: RetryProps = { maxAttempts: 6, maxDelay: Duration.seconds(30) }

/** How long the other steps wait: an audit may take six hours. */
const FOR_HOURS: RetryProps = { maxAttempts: 50, maxDelay: Duration.minutes(5) }

/** Working files of map runs, below the prefix that expires. */
export const RUNS = 'audits/map-runs'

/** `at` → plan → batches → conclude → sign. */
export function auditSteps(scope: Construct, handlers: AuditHandlers, { settings, evidence }: AuditProps): IChainable {
  const failed = new Fail(scope, 'AuditFailed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' })
  const task = (id: string, handler: Handler, payload?: TaskInput) =>
    new LambdaInvoke(scope, id, {
      lambdaFunction: handler,
      ...(payload ? { payload } : {}),
      outputPath: '$.Payload',
      retryOnServiceExceptions: false,
    })

  const asked = {
    campaign: JsonPath.stringAt('$.campaign'),
    at: JsonPath.stringAt('$.at'),
    execution: JsonPath.executionName,
  }
  const plan = withRetries(task('PlanAudit', handlers.plan, TaskInput.fromObject(asked)), FOR_HOURS)
  const weigh = weighBatches(scope, evidence, settings.batchesAtOnce)
  weigh.addRetry({
    errors: ['States.ItemReaderFailed', 'States.ResultWriterFailed'],
    interval: Duration.seconds(5),
    maxAttempts: 3,
  })
  weigh.itemProcessor(withRetries(task('WeighBatch', handlers.batch), FOR_A_MINUTE), {
    mode: ProcessorMode.DISTRIBUTED,
    executionType: ProcessorType.EXPRESS,
  })
  Validations.of(weigh).acknowledge({
    id: '@aws-cdk/aws-stepfunctions:propertyIgnored',
    reason: 'The CDK refuses a Distributed Map of which only one of the two names the type.',
  })
  const conclude = withRetries(task('ConcludeAudit', handlers.conclude), FOR_HOURS)
  const sign = withRetries(task('SignReport', handlers.sign), FOR_HOURS)
  for (const step of [plan, weigh, conclude, sign]) step.addCatch(failed, { resultPath: '$.failure' })

  plan.next(
    new Choice(scope, 'AnythingObserved', { comment: 'A campaign of which nothing came is concluded too' })
      .when(Condition.numberGreaterThan('$.batches', 0), weigh)
      .otherwise(conclude),
  )
  weigh.next(conclude)
  conclude.next(sign).next(new Succeed(scope, 'AuditConcluded'))
  const startedNow = { campaign: JsonPath.stringAt('$.campaign'), at: JsonPath.executionStartTime }
  return new Choice(scope, 'TimeGiven', { comment: 'The schedule gives the time that the report bears' })
    .when(Condition.isPresent('$.at'), plan)
    .otherwise(new Pass(scope, 'StartsNow', { parameters: startedNow }).next(plan))
}

/** Weighs every batch of the plan; the state's input goes on as it is. */
function weighBatches(scope: Construct, evidence: Store, atOnce: number): DistributedMap {
  // The CDK's class and its interface differ in what they leave out.
  const bucket = evidence as IBucket
  return new DistributedMap(scope, 'WeighBatches', {
    mapExecutionType: StateMachineType.EXPRESS,
    maxConcurrency: atOnce,
    toleratedFailurePercentage: 0,
    itemReader: new PlannedBatches({ bucket, key: JsonPath.stringAt('$.items') }),
    itemSelector: { plan: JsonPath.stringAt('$.plan'), batch: JsonPath.objectAt('$$.Map.Item.Value') },
    // Without it, the results of some thousand batches would be more than a state may hand on.
    resultWriterV2: new RunFiles({ bucket, prefix: RUNS }),
    resultPath: JsonPath.DISCARD,
  })
}

/** A function that is held back is asked again, one that fails, twice more. */
function withRetries<Task extends TaskStateBase>(task: Task, heldBack: RetryProps): Task {
  task.addRetry({ errors: FINAL, maxAttempts: 0 })
  task.addRetry({ ...PATIENTLY, ...heldBack, errors: HELD_BACK })
  task.addRetry({ ...PATIENTLY, errors: ['States.ALL'], maxAttempts: 2 })
  return task
}

/** The CDK would let the state machine read the whole bucket. */
class PlannedBatches extends S3JsonItemReader {
  override providePolicyStatements(): PolicyStatement[] {
    return [new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('audits/*')] })]
  }
}

/** The CDK would let the state machine write observations. */
class RunFiles extends ResultWriterV2 {
  override providePolicyStatements(): PolicyStatement[] {
    const actions = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload']
    return this.bucket ? [new PolicyStatement({ actions, resources: [this.bucket.arnForObjects(`${RUNS}/*`)] })] : []
  }
}
