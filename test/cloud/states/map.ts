/** The Map state: items of the input or of an object in S3, in batches, each walked through the item processor. */
import { randomUUID } from 'node:crypto'
import { type Json, type JsonObject, type State, StateError } from './definition.ts'
import { fill, type Scope, select } from './json-path.ts'
import { type Services, walk } from './machine.ts'

/** Children at a time; on AWS thousands run at once, here they would only take turns. */
const mostAtOnce = 4

/** @returns the outputs in the order of the items */
export async function runMap(state: State, scope: Scope, services: Services): Promise<Json> {
  const { ItemProcessor, ItemBatcher } = state
  if (!ItemProcessor) throw new StateError('States.Runtime', 'a Map without an ItemProcessor')
  const items = await itemsOf(state, scope, services)
  const chosen = items.map((value, index) =>
    state.ItemSelector
      ? fill(state.ItemSelector, {
          ...scope,
          context: { ...scope.context, Map: { Item: { Index: index, Value: value } } },
        })
      : value,
  )
  const inputs = ItemBatcher ? batchesOf(chosen, ItemBatcher, scope) : chosen
  const outputs: Json[] = inputs.map(() => null)
  const failures: StateError[] = []
  const waiting = [...inputs.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, input] = next
      try {
        outputs[index] = await walk(ItemProcessor, input, scope.context, services)
      } catch (error) {
        if (!(error instanceof StateError)) throw error
        failures.push(error)
        if (isTooMuch(state, failures.length, inputs.length)) return
      }
    }
  }
  const atOnce = Math.min(state.MaxConcurrency || mostAtOnce, mostAtOnce)
  await Promise.all(Array.from({ length: atOnce }, work))
  const [first] = failures
  if (!first || !isTooMuch(state, failures.length, inputs.length))
    return state.ResultWriter?.Resource ? writeResults(state.ResultWriter, inputs, outputs, scope, services) : outputs
  if (ItemProcessor.ProcessorConfig?.Mode !== 'DISTRIBUTED') throw first
  const said = `${failures.length} of ${inputs.length} children failed, the first with ${first.name}: ${first.message}`
  throw new StateError('States.ExceedToleratedFailureThreshold', said)
}

const isTooMuch = (state: State, failed: number, all: number) =>
  failed > Math.max(state.ToleratedFailureCount ?? 0, (all * (state.ToleratedFailurePercentage ?? 0)) / 100)

/** Writes what the children gave below the writer's prefix. @returns where */
async function writeResults(
  writer: NonNullable<State['ResultWriter']>,
  inputs: readonly Json[],
  outputs: readonly Json[],
  scope: Scope,
  services: Services,
): Promise<Json> {
  const { Bucket, Prefix = '' } = fill(writer.Parameters ?? {}, scope) as { Bucket: string; Prefix?: string }
  if (!/:states:::s3:putObject$/.test(writer.Resource ?? '') || !Bucket)
    throw new StateError('States.Runtime', `the bench does not know the result writer ${writer.Resource}`)
  const folder = `${Prefix === '' ? '' : `${Prefix}/`}${randomUUID()}`
  const results = inputs.map((input, index) => ({
    Input: JSON.stringify(input),
    Output: JSON.stringify(outputs[index]),
    Status: outputs[index] === null ? 'FAILED' : 'SUCCEEDED',
  }))
  await services.writeObject(Bucket, `${folder}/SUCCEEDED_0.json`, JSON.stringify(results))
  await services.writeObject(Bucket, `${folder}/manifest.json`, JSON.stringify({ DestinationBucket: Bucket }))
  return { ResultWriterDetails: { Bucket, Key: `${folder}/manifest.json` } }
}

async function itemsOf(state: State, scope: Scope, services: Services): Promise<readonly Json[]> {
  const reader = state.ItemReader
  if (!reader) return list(select(state.ItemsPath ?? '$', scope))
  const type = reader.ReaderConfig.InputType
  if (!/:states:::s3:getObject$/.test(reader.Resource) || !/^JSONL?$/.test(type))
    throw new StateError('States.Runtime', `the bench does not know the item reader ${reader.Resource} of ${type}`)
  const { Bucket, Key } = fill(reader.Parameters, scope) as { Bucket: string; Key: string }
  const text = await services.readObject(Bucket, Key).catch((error: unknown) => {
    throw new StateError('States.ItemReaderFailed', `reading s3://${Bucket}/${Key}: ${error}`)
  })
  const lines = type === 'JSONL' ? text.split('\n').filter((line) => line.trim() !== '') : null
  return (lines ? lines.map((line) => JSON.parse(line)) : list(JSON.parse(text))).slice(0, reader.ReaderConfig.MaxItems)
}

function list(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  throw new StateError('States.ItemReaderFailed', 'the items are no list')
}

function batchesOf(items: readonly Json[], batcher: NonNullable<State['ItemBatcher']>, scope: Scope): Json[] {
  const { MaxItemsPerBatchPath, MaxItemsPerBatch, MaxInputBytesPerBatch = 256 * 1024, BatchInput } = batcher
  const most = MaxItemsPerBatchPath ? Number(select(MaxItemsPerBatchPath, scope)) : (MaxItemsPerBatch ?? items.length)
  const shared: JsonObject = BatchInput ? { BatchInput: fill(BatchInput, scope) } : {}
  const batches: Json[][] = []
  let bytes = 0
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1
    const current = batches.at(-1)
    if (!current || current.length >= most || bytes + size > MaxInputBytesPerBatch) {
      batches.push([item])
      bytes = JSON.stringify(shared).length + size
    } else {
      current.push(item)
      bytes += size
    }
  }
  return batches.map((batch) => ({ ...shared, Items: batch }))
}
