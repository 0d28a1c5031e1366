/** Metrics of the handlers, written to the log in CloudWatch's embedded metric format. Alarms and dashboard know these names. */
import { Metrics } from '@aws-lambda-powertools/metrics'

export const METRICS_NAMESPACE = 'Domicile'

/** Uploaded captures of which observations were made. */
export const CAPTURES_OBSERVED = 'CapturesObserved'
/**
 * Uploaded captures that were observed without looking for planted identifiers, although their session has some and the deployment
 * keeps keys.
 */
export const CAPTURES_UNSEARCHED = 'CapturesUnsearched'
/** Objects that were newly put into the quarantine; one that lay there already is not counted again. */
export const CAPTURES_QUARANTINED = 'CapturesQuarantined'
/** Packets or rows of logs. */
export const RECORDS_READ = 'RecordsRead'
export const OBSERVATIONS_WRITTEN = 'ObservationsWritten'
/** Of one observed capture: from looking for its receipt until nothing but the receipt was left to write. */
export const INGEST_SECONDS = 'IngestSeconds'
/** Uploaded objects that are no part of the intake's layout. */
export const OBJECTS_IGNORED = 'ObjectsIgnored'

/** Captures without observations when an audit was planned. */
export const CAPTURES_MISSING = 'CapturesMissing'
/** Reports that were signed and made known. */
export const REPORTS_SIGNED = 'ReportsSigned'
/** Fetches of AWS's ranges that ended well, whether or not they were new. */
export const RANGES_FETCHED = 'RangesFetched'
/** Sources of published addresses of which a fetch ended well, whether or not it was new; also by `source`. */
export const SOURCES_FETCHED = 'SourcesFetched'
/** Those of which a fetch failed, or what came was refused; also by `source`. */
export const SOURCES_FAILED = 'SourcesFailed'
/** Captures that sessions list and that have not come in time. */
export const CAPTURES_LATE = 'CapturesLate'

/** @param service name of the handler: the dimension of its metrics */
export const newMetrics = (service: string) => new Metrics({ namespace: METRICS_NAMESPACE, serviceName: service })
