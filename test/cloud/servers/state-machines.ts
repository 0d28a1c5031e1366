/**
 * A stand-in for Step Functions, for whoever tries the bench by hand: StartExecution, DescribeExecution and ListExecutions. It
 * refuses every other call, so it also stands for the services that the bench does not have.
 */
import { randomUUID } from 'node:crypto'
import type { Json } from '../states/definition.ts'
import type { Execution } from '../states/execution.ts'
import { type HttpServer, serveHttp } from './http.ts'

/** Runs a machine to its end. */
type Run = (machineArn: string, input: Json, name: string) => Promise<Execution>

/** One execution as Step Functions describes it; times are seconds since 1970. */
interface Described {
  readonly executionArn: string
  readonly stateMachineArn: string
  readonly name: string
  readonly startDate: number
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED'
  readonly stopDate?: number
  readonly input: string
  readonly output?: string
  readonly cause?: string
}

const json = (status: number, body: unknown) => ({
  status,
  type: 'application/x-amz-json-1.0',
  body: JSON.stringify(body),
})
// 400, because clients try again what fails with 500.
const refuse = (__type: string, message: string) => json(400, { __type, message })
const seconds = () => Date.now() / 1000

export async function serveStateMachines(machineArn: string, run: Run): Promise<HttpServer> {
  /** The latest last. */
  const executions = new Map<string, Described>()

  const start = ({ input = '{}', name = randomUUID() }: { readonly input?: string; readonly name?: string }) => {
    const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`
    const begun = { executionArn, stateMachineArn: machineArn, name, startDate: seconds(), input }
    const parsed = JSON.parse(input) as Json
    const ended = (end: Pick<Described, 'status' | 'output' | 'cause'>) =>
      executions.set(executionArn, { ...begun, ...end, stopDate: seconds() })
    executions.set(executionArn, { ...begun, status: 'RUNNING' })
    run(machineArn, parsed, name).then(
      ({ succeeded, output, error }) =>
        succeeded
          ? ended({ status: 'SUCCEEDED', output: JSON.stringify(output) })
          : ended({ status: 'FAILED', cause: error ?? '' }),
      (error: unknown) => ended({ status: 'FAILED', cause: String(error) }),
    )
    return json(200, { executionArn, startDate: begun.startDate })
  }

  return await serveHttp((request, body) => {
    const target = String(request.headers['x-amz-target'] ?? '')
    const asked = target.startsWith('AWSStepFunctions.') ? JSON.parse(body) : {}
    if (asked.stateMachineArn !== undefined && asked.stateMachineArn !== machineArn)
      return refuse('StateMachineDoesNotExist', `there is no state machine ${asked.stateMachineArn}`)
    if (target === 'AWSStepFunctions.StartExecution') return start(asked)
    if (target === 'AWSStepFunctions.ListExecutions')
      return json(200, { executions: [...executions.values()].reverse() })
    if (target !== 'AWSStepFunctions.DescribeExecution')
      return refuse('UnsupportedOperationException', `the bench has no ${target || `${request.method} ${request.url}`}`)
    const found = executions.get(asked.executionArn)
    return found ? json(200, found) : refuse('ExecutionDoesNotExist', `there is no execution ${asked.executionArn}`)
  })
}
