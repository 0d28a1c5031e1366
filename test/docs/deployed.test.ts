import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { deployed } from '../../bench/audit-scale-model.ts'
import { gigabytes, stack } from '../../bench/cloud-cost.ts'
import * as metrics from '../../functions/lambda/metrics.ts'
import { stageTemplate } from '../infra/stage-template.ts'
import { ofType, type Template } from '../infra/template.ts'
import { root } from '../support/bundle.ts'

const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8')
const [context = '{}'] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text ?? '')
let template: Template

beforeAll(() => {
  template = stageTemplate('prod', JSON.parse(context))
}, 120_000)

const count = (type: string) => ofType(template, type).length

/** Properties of the function of `functions/lambda/<name>.ts`. */
function functionOf(name: string) {
  const found = ofType(template, 'AWS::Lambda::Function').find(([, { Properties }]) =>
    Properties.Description?.startsWith(`Domicile's ${name},`),
  )
  return found?.[1].Properties
}

describe('docs/deploy.md', () => {
  it('names outputs that there are', () => {
    const named = [...page.matchAll(/\$\(output ([A-Za-z0-9]+)\)/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(5)
    expect(Object.keys(template.Outputs)).toEqual(expect.arrayContaining(named))
  })
})

describe('the bill', () => {
  it('has the keys, alarms, dashboards and metrics of the stack', () => {
    expect({
      keys: count('AWS::KMS::Key'),
      alarms: count('AWS::CloudWatch::Alarm'),
      dashboards: count('AWS::CloudWatch::Dashboard'),
      metrics: Object.values(metrics).filter((name) => typeof name === 'string' && name !== metrics.METRICS_NAMESPACE)
        .length,
    }).toEqual(stack)
  })

  it('has captures in Standard for a month, and in Glacier Instant Retrieval from then on', () => {
    const transitions = ofType(template, 'AWS::S3::Bucket')
      .flatMap(([, { Properties }]) => Properties.LifecycleConfiguration?.Rules ?? [])
      .flatMap((rule: { Transitions?: unknown[] }) => rule.Transitions ?? [])
    expect(transitions).toEqual([{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }])
  })

  it('has the functions as large as they are', () => {
    const sizeOf = (name: string) => functionOf(name)?.MemorySize / 1024
    expect(gigabytes).toEqual({
      ingest: sizeOf('ingest'),
      plan: sizeOf('plan'),
      batch: sizeOf('audit-batch'),
      conclude: sizeOf('conclude'),
    })
    // Of /tmp it has the half that is free.
    expect(functionOf('ingest')?.EphemeralStorage).toBeUndefined()
  })
})

describe('the model of scale', () => {
  it('has the limits of the stack', () => {
    const batch = functionOf('audit-batch')
    const conclude = functionOf('conclude')
    const [machine] = ofType(template, 'AWS::StepFunctions::StateMachine')
    const definition = JSON.stringify(machine?.[1].Properties.DefinitionString).replaceAll('\\', '')
    expect(deployed).toEqual({
      batchMiB: batch?.MemorySize,
      batchSeconds: batch?.Timeout,
      concludeMiB: conclude?.MemorySize,
      concludeSeconds: conclude?.Timeout,
      planSeconds: functionOf('plan')?.Timeout,
      atATime: Number(/"MaxConcurrency":(\d+)/.exec(definition)?.[1]),
      machineHours: Number(/"TimeoutSeconds":(\d+)/.exec(definition)?.[1]) / 3600,
    })
  })
})
