/** Runs a function once a day; a start that fails is tried for half a day and then kept. */
import { Aws, Duration } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { Construct } from 'constructs'
import type { DeadLetters } from './dead-letters.ts'
import type { Handler } from './handler.ts'
import { acknowledgeWildcard } from './permission.ts'

/** Whoever EventBridge Scheduler acts as, for schedules of this account only. */
export function schedulerRole(scope: Construct, id: string): Role {
  return new Role(scope, id, {
    description: 'Starts what is due',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  })
}

export interface DailyRun {
  readonly description: string
  readonly handler: Handler
  readonly deadLetters: DeadLetters
}

export function runDaily(scope: Construct, id: string, { description, handler, deadLetters }: DailyRun): void {
  const role = schedulerRole(scope, `${id}Role`)
  acknowledgeWildcard(role, `${handler.functionArn}:*`, 'The schedule starts this function, whatever its version.')
  new Schedule(scope, id, {
    description,
    schedule: ScheduleExpression.rate(Duration.days(1)),
    timeWindow: TimeWindow.flexible(Duration.hours(1)),
    target: new LambdaInvoke(handler, {
      role,
      retryAttempts: 10,
      maxEventAge: Duration.hours(12),
      deadLetterQueue: deadLetters,
    }),
  })
}
