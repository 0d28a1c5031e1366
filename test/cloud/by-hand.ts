/** What another terminal needs in order to use the bench by hand: an environment, the stack's outputs, the public key. */
import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cloud } from './cloud.ts'
import { serveStateMachines } from './servers/state-machines.ts'
import { region } from './template/names.ts'

export interface ByHand {
  /** Text that says what can be done. */
  readonly instructions: string
  /** Ends what was started, and removes what was written. */
  close(): Promise<void>
}

/** @param campaign the one that the bench was started with */
export async function openByHand(cloud: Cloud, campaign: string): Promise<ByHand> {
  const machines = await serveStateMachines(cloud.output('AuditStateMachineArn'), (arn, input, name) =>
    cloud.execute(arn, input, name),
  )
  const folder = mkdtempSync(join(tmpdir(), 'domicile-bench-'))
  const environment = join(folder, 'environment')
  const outputs = join(folder, 'outputs.json')
  const key = join(folder, 'key.der')
  const values = Object.fromEntries(Object.keys(cloud.template.Outputs ?? {}).map((name) => [name, cloud.output(name)]))
  writeFileSync(environment, environmentOf(cloud, machines.url), { mode: 0o600 })
  writeFileSync(outputs, `${JSON.stringify({ 'domicile-dev': values }, null, 2)}\n`)
  writeFileSync(key, createPublicKey(cloud.services.signingKey.publicKey).export({ type: 'spki', format: 'der' }))
  const rigs = [...cloud.services.rigs].map(
    ([id, { accessKeyId, secretAccessKey }]) =>
      `  rig ${id}: AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} aws s3 cp …`,
  )
  const names = Object.entries(values).map(([name, value]) => `  ${name.padEnd(28)} ${value}`)
  const instructions = `
A test bench on 127.0.0.1; everything in it is gone when it ends. Ctrl-C ends it. In another terminal:

  . ${environment}

sets credentials and endpoints for this bench alone: a call to a service that it does not have is refused here, and reaches
no account. Then docs/deploy.md holds from step 3 on, by hand: upload, start an audit, fetch the report, verify it.

  outputs.json: ${outputs}
  public key:   ${key}
${rigs.join('\n')}

${rigs.length > 0 ? `The rig may put objects below intake/${campaign}/by-hand, and do nothing else. ` : ''}An audit is started with
  aws stepfunctions start-execution --state-machine-arn ${values.AuditStateMachineArn} --input '{"campaign":"${campaign}"}'

Not here: schedules that start by themselves, subscriptions, alarms, Athena, encryption, blocked public access. deploy-check, which
looks for these on AWS, calls them wrong here; what it says of reports, audits, queues and evidence holds.

${names.join('\n')}
`
  const close = async () => {
    await machines.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { instructions, close }
}

/** Lines for a shell to read. @param otherwise URL for services that the bench has no server of its own for */
function environmentOf(cloud: Cloud, otherwise: string): string {
  const { REFRESH_FROM: _, ...servers } = cloud.services.environment
  const variables = { ...servers, AWS_ENDPOINT_URL: otherwise, AWS_REGION: region, AWS_DEFAULT_REGION: region }
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`)
  // Each of these would be taken before the credentials above, or would switch the endpoints off.
  return ['unset AWS_PROFILE AWS_SESSION_TOKEN AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', ...lines, ''].join('\n')
}
