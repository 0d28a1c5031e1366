/**
 * What deploy-check reads from AWS's own clients, off the wire: there is no Step Functions and no EventBridge Scheduler to try it
 * against, so a server gives the answers that their references have.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkExecutions } from '../../../functions/cli/deployment/executions.ts'
import { checkSchedules } from '../../../functions/cli/deployment/schedules.ts'
import { openServices } from '../../../functions/cli/deployment/services.ts'

const machine = 'arn:aws:states:ap-south-1:123456789012:stateMachine:audit'
const now = new Date('2026-11-22T12:00:00Z')

let server: Server
let answer = { status: 200, body: {} as unknown }
let asked: IncomingMessage | undefined

beforeAll(async () => {
  server = createServer((request, response) => {
    asked = request
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'A')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x')
  vi.stubEnv('AWS_REGION', 'us-east-1')
})
afterAll(() => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  server.close()
})

const schedules = { part: 'audit', what: 'audits', target: machine, needed: false } as const

describe("AWS's clients", () => {
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
  it('read executions, in the region of the deployment', async () => {
    const stopDate = Date.parse('2026-11-22T09:00:00Z') / 1000
    answer = {
      status: 200,
      body: { executions: [{ executionArn: 'e', name: 'e', stateMachineArn: machine, status: 'SUCCEEDED', stopDate }] },
    }
    const check = await checkExecutions(openServices(machine).machines, machine, now)
    expect(check.says).toBe('the last execution ended well 3 hours ago')
    expect(asked?.headers['x-amz-target']).toBe('AWSStepFunctions.ListExecutions')
    expect(asked?.headers.authorization).toContain('/ap-south-1/states/aws4_request')
  })

  // https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html
  it('read schedules', async () => {
    answer = { status: 200, body: { Schedules: [{ Name: 's', State: 'ENABLED', Target: { Arn: machine } }] } }
    const check = await checkSchedules(openServices(machine).schedules, schedules)
    expect(check).toEqual({ part: 'audit', outcome: 'ok', says: 'audits: 1 schedule enabled' })
    expect(asked?.url).toBe('/schedules?MaxResults=100')
  })

  it.each([
    [400, 'AccessDeniedException', /^not checked: asking for .*: access is denied/],
    [403, 'AccessDeniedException', /^not checked: asking for .*: access is denied/],
    [400, 'ExpiredTokenException', /^not checked: asking for .*: the credentials have expired/],
  ])('say why nothing is known: %i %s', async (status, type, message) => {
    answer = { status, body: { __type: type, Message: 'User: x is not authorized' } }
    const { machines, schedules: client } = openServices(machine)
    expect((await checkExecutions(machines, machine, now)).says).toMatch(message)
    expect((await checkSchedules(client, schedules)).says).toMatch(message)
  })

  it('say that a state machine is gone', async () => {
    answer = { status: 400, body: { __type: 'StateMachineDoesNotExist', message: 'State Machine Does Not Exist' } }
    const { says } = await checkExecutions(openServices(machine).machines, machine, now)
    expect(says).toBe(`there is no state machine ${machine}: deploy again`)
  })
})
