/** How the last audits ended, as Step Functions tells it. */
import { type ExecutionListItem, ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn'
import { asked } from './asked.ts'
import { ago, type Check, checksOf } from './check.ts'

/** Executions that are looked at. */
const last = 10

const ends: Readonly<Record<string, string>> = {
  SUCCEEDED: 'ended well',
  FAILED: 'failed',
  TIMED_OUT: 'timed out',
  ABORTED: 'was stopped by hand',
}

export function checkExecutions(client: SFNClient, machineArn: string, now: Date): Promise<Check> {
  const ask = async () => {
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: last }),
    )
    return checkOf(executions, now)
  }
  return asked('audit', `the executions of ${machineArn} (states:ListExecutions)`, ask, {
    StateMachineDoesNotExist: `there is no state machine ${machineArn}: deploy again`,
  })
}

/** @param executions the last ones, the latest first */
function checkOf(executions: readonly ExecutionListItem[], now: Date): Check {
  const { ok, note, wrong } = checksOf('audit')
  const ended = executions.filter(({ status = '' }) => status in ends)
  const running = executions.length - ended.length
  const also = running === 0 ? '' : `; ${running} running`
  const [latest] = ended
  if (!latest) return note(running === 0 ? 'no execution in the last 90 days' : `no execution has ended yet${also}`)
  const said = `the last execution ${ends[latest.status ?? '']} ${ago(latest.stopDate ?? now, now)}`
  if (isFailure(latest)) return wrong(`${said}${also}: see docs/runbook.md#audit-failed; ${latest.executionArn}`)
  const failures = ended.filter(isFailure)
  const [failed] = failures
  if (failed)
    return note(`${said}, ${failures.length} of the last ${ended.length} did not${also}: ${failed.executionArn}`)
  return latest.status === 'SUCCEEDED' ? ok(said + also) : note(said + also)
}

const isFailure = ({ status }: ExecutionListItem) => status === 'FAILED' || status === 'TIMED_OUT'
