/** What `cdk deploy --outputs-file` writes: `{ "<stack>": { "IntakeBucket": "…", … } }`. */
import { InputError } from '../../errors.ts'

const names = [
  'IntakeBucket',
  'EvidenceBucket',
  'ReferenceBucket',
  'ReportsBucket',
  'IngestQueueUrl',
  'DeadLetterQueueUrl',
  'AuditDeadLetterQueueUrl',
  'ReferenceDeadLetterQueueUrl',
  'AuditStateMachineArn',
  'ConclusionsTopicArn',
  'RefreshFunction',
  'WatchFunction',
] as const

/** What is looked at of a deployment. */
export type Deployment = Readonly<Record<(typeof names)[number] | 'stack', string>>

type Outputs = Readonly<Record<string, unknown>>

/** @throws InputError where the text is no such file, or holds several deployments or none */
export function readDeployment(text: string, path: string): Deployment {
  const stacks = stacksOf(text, path).filter(([, outputs]) => 'IntakeBucket' in outputs)
  const [found, another] = stacks
  const what = 'write it with `npx cdk deploy --outputs-file outputs.json`'
  if (!found) throw new InputError(`${path}: no stack in it has an IntakeBucket: ${what}`, { source: path })
  if (another)
    throw new InputError(`${path}: ${found[0]} and ${another[0]} are both in it: leave one`, { source: path })
  const [stack, outputs] = found
  const values = names.map((name) => [name, typeof outputs[name] === 'string' ? outputs[name] : ''] as const)
  const missing = values.filter(([, value]) => value === '').map(([name]) => name)
  if (missing.length > 0)
    throw new InputError(`${path}: ${stack} has no ${missing.join(', no ')}: ${what}`, { source: path })
  return { ...(Object.fromEntries(values) as Record<(typeof names)[number], string>), stack }
}

function stacksOf(text: string, path: string): [string, Outputs][] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new InputError(`${path}: this is no JSON: ${error instanceof Error ? error.message : error}`, {
      source: path,
    })
  }
  const isObject = (value: unknown): value is Outputs => typeof value === 'object' && value !== null
  return isObject(parsed) ? Object.entries(parsed).flatMap(([name, it]) => (isObject(it) ? [[name, it]] : [])) : []
}
