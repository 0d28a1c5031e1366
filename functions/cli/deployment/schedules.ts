/** Whether what shall run by itself is enabled. */
import { ListSchedulesCommand, type SchedulerClient, type ScheduleSummary } from '@aws-sdk/client-scheduler'
import { count } from '../../report/phrase.ts'
import { asked } from './asked.ts'
import { type Check, checksOf, type Part } from './check.ts'

export interface Scheduled {
  readonly part: Part
  /** What is started, such as `audits`; begins the line. */
  readonly what: string
  /** The end of the ARN that the schedules start. */
  readonly target: string
  /** Whether it is wrong that there is none. */
  readonly needed: boolean
}

/** Schedules are found by what they start, because CloudFormation names them. */
export function checkSchedules(client: SchedulerClient, { part, what, target, needed }: Scheduled): Promise<Check> {
  const { ok, note, wrong } = checksOf(part)
  return asked(part, `the schedule of ${what} (scheduler:ListSchedules)`, async () => {
    const schedules = (await allSchedules(client)).filter(({ Target }) => Target?.Arn?.endsWith(target))
    const disabled = schedules.filter(({ State }) => State !== 'ENABLED').map(({ Name }) => Name)
    if (disabled.length > 0)
      return wrong(`${what}: disabled in EventBridge Scheduler, enable it: ${disabled.join(', ')}`)
    if (schedules.length > 0) return ok(`${what}: ${count(schedules.length, 'schedule')} enabled`)
    return needed ? wrong(`${what}: no schedule, deploy again`) : note(`${what}: no schedule, they start by hand only`)
  })
}

async function allSchedules(client: SchedulerClient): Promise<ScheduleSummary[]> {
  const found: ScheduleSummary[] = []
  let next: string | undefined
  do {
    const page = await client.send(new ListSchedulesCommand({ MaxResults: 100, NextToken: next }))
    found.push(...(page.Schedules ?? []))
    next = page.NextToken
  } while (next)
  return found
}
