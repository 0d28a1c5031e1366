/** One page that shows whether captures come, are read, and audits conclude. */
import { Dashboard, GraphWidget, type IMetric, SingleValueWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import {
  CAPTURES_LATE,
  CAPTURES_MISSING,
  CAPTURES_OBSERVED,
  CAPTURES_QUARANTINED,
  CAPTURES_UNSEARCHED,
  INGEST_SECONDS,
  OBJECTS_IGNORED,
  OBSERVATIONS_WRITTEN,
  RECORDS_READ,
  REPORTS_SIGNED,
  SOURCES_FAILED,
  SOURCES_FETCHED,
} from '../functions/lambda/metrics.ts'
import type { Handler } from './handler.ts'
import { metricOf } from './metric.ts'
import type { Watched } from './watch.ts'

export function dashboard(scope: Construct, id: string, watched: Watched & { readonly watch: Handler }): Dashboard {
  const { settings, ingest, reference, audit, watch } = watched
  const handlers = [ingest.handler, ...Object.values(audit.handlers), reference.handler, watch]
  const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
    new GraphWidget({ title, left, right, width: 8, height: 6 })
  return new Dashboard(scope, id, {
    dashboardName: `domicile-${settings.stage}`,
    widgets: [
      [
        new TextWidget({
          markdown: `# Domicile, ${settings.stage}\nAlarms are explained in docs/runbook.md.`,
          width: 24,
        }),
      ],
      [
        new SingleValueWidget({
          title: 'Captures',
          width: 16,
          metrics: [
            metricOf('ingest', CAPTURES_OBSERVED),
            metricOf('ingest', CAPTURES_QUARANTINED),
            metricOf('ingest', CAPTURES_UNSEARCHED),
            metricOf('ingest', OBJECTS_IGNORED),
            metricOf('watch', CAPTURES_LATE),
            metricOf('plan', CAPTURES_MISSING),
          ],
          setPeriodToTimeRange: true,
        }),
        new SingleValueWidget({
          title: 'Reports and reference data',
          width: 8,
          metrics: [
            metricOf('sign', REPORTS_SIGNED),
            metricOf('refresh', SOURCES_FETCHED),
            metricOf('refresh', SOURCES_FAILED),
          ],
          setPeriodToTimeRange: true,
        }),
      ],
      [
        graph(
          'Uploads that wait, and for how long',
          [
            ingest.queue.metricApproximateNumberOfMessagesVisible(),
            ingest.deadLetters.metricApproximateNumberOfMessagesVisible(),
          ],
          [ingest.queue.metricApproximateAgeOfOldestMessage()],
        ),
        graph(
          'What was read',
          [metricOf('ingest', RECORDS_READ), metricOf('ingest', OBSERVATIONS_WRITTEN)],
          [metricOf('ingest', INGEST_SECONDS).with({ statistic: 'p99' })],
        ),
        graph('Audits', [
          audit.machine.metricStarted(),
          audit.machine.metricSucceeded(),
          audit.machine.metricFailed(),
          audit.machine.metricTimedOut(),
        ]),
      ],
      [
        graph(
          'Errors',
          handlers.map((handler) => handler.metricErrors()),
        ),
        graph(
          'Longest run',
          handlers.map((handler) => handler.metricDuration({ statistic: 'Maximum' })),
        ),
        graph(
          'Held back',
          handlers.map((handler) => handler.metricThrottles()),
        ),
      ],
    ],
  })
}
