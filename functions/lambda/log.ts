/**
 * Logs of the handlers: JSON lines with the request's id. A line names campaigns, sessions, files and counts, and never holds
 * what a capture holds; what is wrong with a capture stands in the quarantine, because such a text may quote its bytes.
 */
import { Logger } from '@aws-lambda-powertools/logger'

/** @param service name of the handler */
export const newLogger = (service: string) => new Logger({ serviceName: service })
