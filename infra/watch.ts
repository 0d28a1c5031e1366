/** Watch: alarms that say what to do, a dashboard, and the daily look for captures that did not come. */
import { Aws, Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { CONCLUSIONS_TOPIC_ARN, INTAKE_BUCKET } from '../functions/lambda/environment.ts'
import { CAPTURES_QUARANTINED, CAPTURES_UNSEARCHED, RANGES_FETCHED } from '../functions/lambda/metrics.ts'
import type { Audit } from './audit.ts'
import { runDaily } from './daily-run.ts'
import { dashboard } from './dashboard.ts'
import { Handler } from './handler.ts'
import type { Ingest } from './ingest.ts'
import type { Intake } from './intake.ts'
import { metricOf } from './metric.ts'
import type { Reference } from './reference.ts'
import type { Reports } from './reports.ts'
import type { Settings } from './settings.ts'

export interface Watched {
  readonly settings: Settings
  readonly intake: Intake
  readonly ingest: Ingest
  readonly reference: Reference
  readonly audit: Audit
  readonly reports: Reports
}

interface Trouble {
  /** A heading of docs/runbook.md, as a link names it. */
  readonly paragraph: string
  readonly says: string
  readonly metric: IMetric
  /** The metric at which it is one; 1 where nothing is said. */
  readonly atLeast?: number
  /** Whether it counts what happened: nothing more in the next minutes does not mean that it is mended. */
  readonly isEvent?: boolean
  /** Where it is one if there is too little instead: how many periods have none. */
  readonly absentFor?: number
}

export class Watch extends Construct {
  readonly handler: Handler
  readonly alarms: Topic

  constructor(scope: Construct, id: string, watched: Watched & { readonly topicKey: Key }) {
    super(scope, id)
    const { settings, intake, reports, audit } = watched
    this.alarms = new Topic(this, 'Alarms', {
      displayName: `Domicile ${settings.stage}: alarms`,
      masterKey: watched.topicKey,
      enforceSSL: true,
    })
    // The policy of a topic that asks for TLS takes the place of AWS's own, which would let alarms in.
    this.alarms.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsTellPeople',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.alarms.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    )
    if (settings.alarmEmail) this.alarms.addSubscription(new EmailSubscription(settings.alarmEmail))

    // Not in the closed network, because SNS would need an endpoint there. It may read sessions, and no capture.
    this.handler = new Handler(this, 'Function', {
      name: 'watch',
      settings,
      memory: 512,
      timeout: Duration.minutes(5),
      environment: {
        [INTAKE_BUCKET]: intake.bucket.bucketName,
        [CONCLUSIONS_TOPIC_ARN]: reports.conclusions.topicArn,
      },
    })
    const role = this.handler.ownRole
    intake.bucket.letRead(
      role,
      ['intake/*/session.yaml', 'intake/*/seal.json'],
      'watch reads which captures each session lists, and whether it is as it was sealed',
    )
    intake.bucket.letList(role, 'watch sees which captures have come')
    reports.letTell(role)
    runDaily(this, 'Daily', {
      description: 'Looks for captures that did not come',
      handler: this.handler,
      deadLetters: audit.deadLetters,
    })

    for (const trouble of this.troubles(watched)) this.alarm(trouble, settings)
    dashboard(this, 'Dashboard', { ...watched, watch: this.handler })
  }

  private troubles({ ingest, reference, audit }: Watched): readonly Trouble[] {
    const { plan, batch, conclude, sign } = audit.handlers
    const functions = {
      ingest: ingest.handler,
      refresh: reference.handler,
      plan,
      batch,
      conclude,
      sign,
      watch: this.handler,
    }
    return [
      {
        paragraph: 'captures-in-quarantine',
        says: 'A capture or session cannot be read; audits of its campaign cannot pass.',
        metric: metricOf('ingest', CAPTURES_QUARANTINED),
        isEvent: true,
      },
      {
        paragraph: 'identifiers-not-looked-for',
        says: 'A capture was observed without looking for what was planted on its device; nobody may call it clean.',
        metric: metricOf('ingest', CAPTURES_UNSEARCHED),
        isEvent: true,
      },
      {
        paragraph: 'uploads-not-ingested',
        says: 'Uploads failed five times and lie in the dead-letter queue of ingest.',
        metric: ingest.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      },
      {
        paragraph: 'uploads-wait-too-long',
        says: 'An upload has waited for more than an hour.',
        metric: ingest.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
        atLeast: 3600,
      },
      {
        paragraph: 'audit-failed',
        says: 'An audit ended without a report.',
        metric: audit.machine.metricFailed(),
        isEvent: true,
      },
      {
        paragraph: 'audit-timed-out',
        says: 'An audit took longer than six hours and was ended.',
        metric: audit.machine.metricTimedOut(),
        isEvent: true,
      },
      {
        paragraph: 'schedule-missed',
        says: 'A schedule could not start its audit, or the daily watch, for as long as it tried.',
        metric: audit.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      },
      {
        paragraph: 'reference-refused',
        says: 'A refresh of the reference data failed for good.',
        metric: reference.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      },
      {
        paragraph: 'reference-out-of-date',
        says: 'Reference data was not refreshed for two days.',
        metric: metricOf('refresh', RANGES_FETCHED, Duration.days(1)),
        absentFor: 2,
      },
      ...Object.entries(functions).map(([name, handler]) => ({
        paragraph: 'function-failed',
        says: `The function of ${name} failed.`,
        metric: handler.metricErrors({ label: name }),
        isEvent: true,
      })),
    ]
  }

  private alarm(
    { paragraph, says, metric, atLeast = 1, isEvent = false, absentFor }: Trouble,
    { stage }: Settings,
  ): void {
    const about = (metric.toMetricConfig().renderingProperties?.label as string | undefined) ?? ''
    const alarm = new Alarm(this, `${paragraph}${about && `-${about}`}`, {
      alarmDescription: `Domicile ${stage}: ${says} What it means and how to mend it: docs/runbook.md#${paragraph}`,
      metric,
      threshold: atLeast,
      evaluationPeriods: absentFor ?? 1,
      comparisonOperator: absentFor
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: absentFor ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.alarms))
    if (!isEvent) alarm.addOkAction(new SnsAction(this.alarms))
  }
}
