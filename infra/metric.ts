/** The handlers' own metrics. */
import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { METRICS_NAMESPACE } from '../functions/lambda/metrics.ts'

/** @param name of functions/lambda/metrics.ts */
export function metricOf(handler: string, name: string, period = Duration.minutes(5)): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: name,
    dimensionsMap: { service: handler },
    statistic: 'Sum',
    period,
  })
}
