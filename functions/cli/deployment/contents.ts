/** Whether the parts of a deployment do their work, from what they have written. Only lists and reads. */
import { count } from '../../report/phrase.ts'
import { parseReferenceKey, SNAPSHOT_KINDS } from '../../store/reference-key.ts'
import type { S3Store } from '../../store/s3-store.ts'
import { isLitter } from '../places.ts'
import { ago, type Check, checksOf, isOlder } from './check.ts'

/** Minutes after which an upload is ingested, tries again included. */
const ingested = 60
/** Key of a capture; begins with the folder of its session. */
const capture = /^(intake\/[^/]+\/[^/]+\/)captures\/.*[^/]$/
/** Hours after which an audit has ended. */
const audited = 6
/** Days to which a provider's ranges prove where an address was; docs/locating.md. */
const rangesHold = 35

interface Written {
  readonly key: string
  readonly modified: Date
}

export const newest = (objects: readonly Written[]) =>
  objects.reduce<Written | null>((last, object) => (last && last.modified >= object.modified ? last : object), null)

/**
 * Whether what was uploaded was answered with receipts: every capture is that has a `session.yaml`, and the last ones last. A
 * stage that reads nothing any more shows in that the newest captures have waited for longer than reading takes.
 */
export async function checkIngest(intake: S3Store, evidence: S3Store, now: Date): Promise<Check[]> {
  const { ok, note, wrong } = checksOf('ingest')
  const uploads = await intake.listSizes('intake/')
  const captures = uploads.filter(({ key }) => capture.test(key) && !key.split('/').some(isLitter))
  const receipts = await evidence.listSizes('receipts/')
  const quarantined = await evidence.listSizes('quarantine/')
  const upload = newest(captures)
  const receipt = newest(receipts)
  const sessions = new Map(uploads.map(({ key, modified }) => [key, modified]))
  const waiting = captures.filter(({ key, modified }) => {
    const session = sessions.get(key.replace(capture, '$1session.yaml'))
    if (!session || !isOlder(session, now, ingested) || !isOlder(modified, now, ingested)) return false
    return receipt === null || modified > receipt.modified
  })
  const checks: Check[] = []
  if (upload === null) checks.push(note('no capture has been uploaded yet'))
  else {
    const answered = receipt
      ? `${count(receipts.length, 'receipt')}, the newest written ${ago(receipt.modified, now)}`
      : 'no receipt'
    const said = `${count(captures.length, 'capture')}, the newest uploaded ${ago(upload.modified, now)}; ${answered}`
    if (waiting.length > 0)
      checks.push(
        wrong(
          `${said}: ${count(waiting.length, 'capture')} of more than an hour ago, such as ${waiting[0]?.key}, ` +
            'came later and is not read: see docs/runbook.md#uploads-not-ingested',
        ),
      )
    else checks.push(receipt ? ok(said) : note(`${said}: those with a session.yaml are being read`))
  }
  const poisoned = newest(quarantined)
  if (poisoned)
    checks.push(
      note(
        `${count(quarantined.length, 'capture')} in quarantine, the newest of ${ago(poisoned.modified, now)}: ${poisoned.key}`,
      ),
    )
  return checks
}

/** Whether there are address ranges that can prove where something was today. */
export async function checkReference(reference: S3Store, now: Date): Promise<Check[]> {
  const { ok, note, wrong } = checksOf('reference')
  const checks: Check[] = []
  const dates = new Map<string, string>()
  const keys: string[] = []
  for (const kind of SNAPSHOT_KINDS) keys.push(...(await reference.list(`${kind}/`)))
  for (const key of keys) {
    const name = parseReferenceKey(key)
    if (name === null) checks.push(wrong(`${key} is named like no snapshot: every audit refuses it`))
    else if (name.date > (dates.get(name.source) ?? '')) dates.set(name.source, name.date)
  }
  if (!dates.has('ranges/aws')) checks.push(wrong('no ranges/aws: run the refresh function, and look at its log'))
  for (const [source, date] of dates) {
    const days = Math.floor((now.getTime() - Date.parse(date)) / 86_400_000)
    const said = `${source} of ${date}, ${count(days, 'day')} old`
    if (source !== 'ranges/aws') checks.push(note(said))
    else if (days <= rangesHold) checks.push(ok(said))
    else checks.push(wrong(`${said}: after ${rangesHold} days they prove nothing; look at the refresh function's log`))
  }
  return checks
}

/** Whether what began ended: the last reports, and their conclusions. */
export async function checkAudit(evidence: S3Store, reports: S3Store, machine: string, now: Date): Promise<Check[]> {
  const { ok, note, wrong } = checksOf('audit')
  const pointers = await reports.listSizes('latest/')
  const plans = (await evidence.listSizes('audits/')).filter(({ key }) => key.endsWith('/plan.json'))
  const checks: Check[] = []
  for (const { key } of pointers) {
    const { declaration, campaign, time, conclusion, report } = pointerOf(await reports.read(key))
    const isSigned = (await reports.facts(`${report}attestation.dsse.json`)) !== null
    const said = `the last report on ${campaign} by ${declaration}, of ${time} (${ago(new Date(time), now)}): ${conclusion}`
    checks.push(isSigned ? ok(`${said}, signed`) : wrong(`${said}, and there is no signature at ${report}`))
  }
  const plan = newest(plans)
  const ended = newest(pointers)
  if (plan && isOlder(plan.modified, now, audited * 60) && (ended === null || ended.modified < plan.modified))
    checks.push(
      wrong(
        `an audit began ${ago(plan.modified, now)} (${plan.key}) and gave no report: look at the executions of ${machine}`,
      ),
    )
  if (checks.length === 0)
    checks.push(note(plan ? `the first audit began ${ago(plan.modified, now)}` : 'no audit has run yet'))
  return checks
}

/** The pointer to the last report on a campaign by a declaration. */
function pointerOf(bytes: Uint8Array) {
  const pointer = JSON.parse(Buffer.from(bytes).toString('utf8')) as Readonly<Record<string, unknown>>
  const text = (name: string) => (typeof pointer[name] === 'string' ? pointer[name] : '?')
  return {
    declaration: text('declaration'),
    campaign: text('campaign'),
    time: text('time'),
    conclusion: text('conclusion'),
    report: text('report'),
  }
}
