/** Where audits keep what they work with, and where their reports go. */
import { createHash } from 'node:crypto'
import { keyPart } from '../observe/keys.ts'

/** In the evidence bucket: everything of one execution, which may go when the report is there. */
export function auditFolder(campaign: string, execution: string): string {
  return `audits/${keyPart(campaign)}/${keyPart(execution)}/`
}

/** The plan is written last and once: it names the other files, and a second attempt finds it and takes it as it is. */
export function planKey(campaign: string, execution: string): string {
  return `${auditFolder(campaign, execution)}plan.json`
}

/** A file that a plan names, called by its content: two attempts that saw different evidence do not mix. */
export function plannedKey(campaign: string, execution: string, name: string, content: Uint8Array): string {
  const hash = createHash('sha256').update(content).digest('hex')
  return `${auditFolder(campaign, execution)}${name}.${hash}.json`
}

/** What one batch of a plan gave. */
export function partialKey(plan: string, batch: number): string {
  return `${plan.slice(0, plan.lastIndexOf('/'))}/partial/${batch}.json`
}

/**
 * In the reports bucket: the folder of one report.
 *
 * @param time of the audit. Written in ISO 8601's basic form: colons are trouble in keys and file names.
 */
export function reportFolder(declaration: string, time: Date): string {
  const [day = '', clock = ''] = time.toISOString().split('T')
  return `reports/${declaration}/${day.replaceAll('-', '')}T${clock.slice(0, 8).replaceAll(':', '')}Z/`
}

/** In the evidence bucket: whose the folder of a report is. It stays as long as the report, so not among what audits leave behind. */
export function claimKey(folder: string): string {
  return `claims/${folder.replace(/^reports\/|\/$/g, '')}.json`
}

/** In the evidence bucket: which evidence a report counts. Beside nothing else, because a table of Athena reads whole folders. */
export function countedKey(folder: string): string {
  return `counted/${folder.replace(/^reports\//, '')}evidence.csv`
}

/** What the name of a report's folder says. @returns null where it is none */
export function parseReportFolder(folder: string): { readonly declaration: string; readonly time: Date } | null {
  const [, declaration, ...parts] = /^reports\/([^/]+)\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\/$/.exec(folder) ?? []
  const [year, month, day, hour, minute, second] = parts
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return declaration === undefined || Number.isNaN(time.getTime()) ? null : { declaration, time }
}

/** The pointer to the newest report on a campaign by a declaration: the only object of the bucket that is ever replaced. */
export function latestKey(declaration: string, campaign: string): string {
  return `latest/${declaration}/${keyPart(campaign)}.json`
}
