/**
 * Audit: on schedule or by hand, plan → weigh batches of observations, many at a time → conclude → sign. What one step hands to
 * the next are keys; what they work with lies below `audits/` in the evidence bucket.
 */
import { Aws, Duration, Fn, RemovalPolicy, TimeZone } from 'aws-cdk-lib'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { type AuditHandlers, auditHandlers } from './audit-handlers.ts'
import { auditSteps, RUNS } from './audit-steps.ts'
import type { Store } from './bucket.ts'
import type { ClosedNetwork } from './closed-network.ts'
import { schedulerRole } from './daily-run.ts'
import { DeadLetters } from './dead-letters.ts'
import { acknowledgeWildcard } from './permission.ts'
import type { Reports } from './reports.ts'
import type { Settings } from './settings.ts'

export interface AuditProps {
  readonly settings: Settings
  readonly intake: Store
  readonly evidence: Store
  readonly reference: Store
  readonly reports: Reports
  readonly network: ClosedNetwork
}

export class Audit extends Construct {
  readonly handlers: AuditHandlers
  readonly machine: StateMachine
  /** Starts that EventBridge Scheduler could not make within a day. */
  readonly deadLetters: DeadLetters

  constructor(scope: Construct, id: string, props: AuditProps) {
    super(scope, id)
    this.handlers = auditHandlers(this, props)
    this.machine = this.steps(props)
    this.deadLetters = new DeadLetters(this, 'DeadLetters')
    this.schedule(props.settings)
  }

  private steps(props: AuditProps): StateMachine {
    const { settings, evidence } = props
    const machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(auditSteps(this, this.handlers, props)),
      comment: 'Audits one campaign: {"campaign": "redmi-1s"}, and "at" for the time that the report shall bear',
      timeout: Duration.hours(6),
      tracingEnabled: true,
      logs: {
        // Step Functions delivers to groups of this name without a policy a group.
        destination: new LogGroup(this, 'MachineLogs', {
          // A name that an earlier stack of the same name, whose log was kept, cannot have.
          logGroupName: `/aws/vendedlogs/states/${Aws.STACK_NAME}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`,
          retention: settings.logDays as RetentionDays,
          removalPolicy: RemovalPolicy.RETAIN,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    })
    evidence.letUseKey(machine.role, ['kms:Decrypt', 'kms:GenerateDataKey'])
    this.acknowledge(machine, evidence)
    return machine
  }

  /** Answers for what the CDK lets the machine do. */
  private acknowledge(machine: StateMachine, evidence: Store): void {
    for (const handler of Object.values(this.handlers))
      acknowledgeWildcard(
        machine.role,
        `${handler.functionArn}:*`,
        'An audit runs this function, whatever its version.',
      )
    for (const keys of ['audits/*', `${RUNS}/*`])
      acknowledgeWildcard(machine.role, evidence.arnForObjects(keys), 'Each audit has a folder of its own.')
    acknowledgeWildcard(
      machine.role,
      '*',
      'Delivering logs and traces knows no resources that a permission could name.',
    )
    const name = Fn.select(6, Fn.split(':', machine.stateMachineArn))
    const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${name}`
    for (const runs of [':*', '/*:*'])
      acknowledgeWildcard(machine, executions + runs, 'The machine starts and stops the runs of its own map.')
  }

  /** One schedule a campaign. A start that fails is tried for a day, and bears the time for which it was due. */
  private schedule({ audits }: Settings): void {
    const role = schedulerRole(this, 'ScheduleRole')
    for (const { campaign, schedule, timeZone } of audits)
      new Schedule(this, `Schedule-${campaign}`, {
        description: `Audits ${campaign}`,
        schedule: ScheduleExpression.expression(schedule, TimeZone.of(timeZone)),
        timeWindow: TimeWindow.flexible(Duration.minutes(15)),
        target: new StepFunctionsStartExecution(this.machine, {
          role,
          input: ScheduleTargetInput.fromObject({ campaign, at: ContextAttribute.scheduledTime }),
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
          deadLetterQueue: this.deadLetters,
        }),
      })
  }
}
