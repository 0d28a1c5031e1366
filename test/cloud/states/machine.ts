/** Walks a state machine. Where a definition uses what this driver does not know, it fails and says so, and guesses nothing. */
import { holds } from './choice.ts'
import {
  type Json,
  type JsonObject,
  matches,
  type Retrier,
  type State,
  StateError,
  type StateMachine,
} from './definition.ts'
import { fill, place, type Scope, select } from './json-path.ts'
import { runMap } from './map.ts'

/** What states reach outside. */
export interface Services {
  /** Invokes a function by its name or ARN. @throws StateError with the function's error */
  invoke(functionName: string, payload: Json): Promise<Json>
  readObject(bucket: string, key: string): Promise<string>
  writeObject(bucket: string, key: string, text: string): Promise<void>
  /** Told when a state is entered. */
  entered?(state: string, input: Json): void
}

/** A state's input and output have at most 256 KiB: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const largestData = 256 * 1024
/** On AWS a retry waits for the seconds of its retrier; the bench waits at most this long. */
const longestWaitMs = 1000

/** @returns the output of the state that ends the machine. @throws StateError where it fails */
export async function walk(machine: StateMachine, input: Json, context: JsonObject, services: Services): Promise<Json> {
  let name: string | undefined = machine.StartAt
  let data = input
  while (name !== undefined) {
    const state: State | undefined = machine.States[name]
    if (!state) throw new StateError('States.Runtime', `there is no state ${name}`)
    if (state.QueryLanguage && state.QueryLanguage !== 'JSONPath')
      throw new StateError('States.Runtime', `the bench does not know ${state.QueryLanguage}, which ${name} uses`)
    services.entered?.(name, data)
    const entered = { ...context, State: { Name: name, EnteredTime: new Date().toISOString(), RetryCount: 0 } }
    const step: Step = await stepOf(state, { input: data, context: entered }, services)
    data = refuseTooLarge(step.output, name)
    name = step.next
  }
  return data
}

interface Step {
  readonly output: Json
  /** Undefined at the end. */
  readonly next: string | undefined
}

async function stepOf(state: State, scope: Scope, services: Services): Promise<Step> {
  if (state.Type === 'Choice') {
    const rule = state.Choices?.find((one) => holds(one, scope))
    const next = rule?.Next ?? state.Default
    if (!next) throw new StateError('States.NoChoiceMatched', 'no rule holds, and there is no default')
    return { output: through(state.OutputPath, { ...scope, input: through(state.InputPath, scope) }), next }
  }
  if (state.Type === 'Fail') throw new StateError(textOf(state, 'Error', scope), textOf(state, 'Cause', scope))
  try {
    return { output: await withRetries(state, () => outputOf(state, scope, services)), next: state.Next }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    const catcher = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, error))
    if (!catcher) throw error
    const said = { Error: error.name, Cause: error.message }
    return { output: placed(catcher.ResultPath, said, scope.input), next: catcher.Next }
  }
}

/** Input through InputPath, Parameters, the state's work, ResultSelector, ResultPath and OutputPath. */
async function outputOf(state: State, scope: Scope, services: Services): Promise<Json> {
  const chosen = { ...scope, input: through(state.InputPath, scope) }
  const argument = state.Parameters && state.Type !== 'Map' ? fill(state.Parameters, chosen) : chosen.input
  const result = await workOf(state, { ...chosen, input: argument }, services)
  const selected = state.ResultSelector ? fill(state.ResultSelector, { ...scope, input: result }) : result
  return through(state.OutputPath, { ...scope, input: placed(state.ResultPath, selected, chosen.input) })
}

async function workOf(state: State, scope: Scope, services: Services): Promise<Json> {
  switch (state.Type) {
    case 'Pass':
      return state.Result ?? scope.input
    case 'Succeed':
      return scope.input
    case 'Map':
      return runMap(state, scope, services)
    case 'Task': {
      if (/:lambda:[^:]*:[^:]*:function:/.test(state.Resource ?? ''))
        return services.invoke(state.Resource ?? '', scope.input)
      if (!/:states:::lambda:invoke$/.test(state.Resource ?? ''))
        throw new StateError('States.Runtime', `the bench does not know the task ${state.Resource}`)
      const { FunctionName, Payload = {} } = scope.input as { FunctionName: string; Payload?: Json }
      return { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: await services.invoke(FunctionName, Payload) }
    }
    default:
      throw new StateError('States.Runtime', `the bench does not know states of type ${state.Type}`)
  }
}

async function withRetries<T>(state: State, work: () => Promise<T>): Promise<T> {
  const attempts = new Map<Retrier, number>()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const retrier = error instanceof StateError && state.Retry?.find((one) => matches(one.ErrorEquals, error))
      const made = retrier ? (attempts.get(retrier) ?? 0) : 0
      if (!retrier || made >= (retrier.MaxAttempts ?? 3)) throw error
      attempts.set(retrier, made + 1)
      const waitMs = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** made * 1000
      await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, longestWaitMs)))
    }
  }
}

const through = (path: string | null | undefined, scope: Scope): Json =>
  path === null ? {} : path === undefined ? scope.input : select(path, scope)

const placed = (path: string | null | undefined, result: Json, input: Json): Json =>
  path === null ? input : path === undefined ? result : place(path, result, input)

const textOf = (state: State, field: 'Error' | 'Cause', scope: Scope): string => {
  const path = field === 'Error' ? state.ErrorPath : state.CausePath
  return path ? String(select(path, scope)) : (state[field] ?? '')
}

function refuseTooLarge(data: Json, name: string): Json {
  const size = Buffer.byteLength(JSON.stringify(data))
  if (size <= largestData) return data
  throw new StateError('States.DataLimitExceeded', `the output of ${name} has ${size} bytes, of ${largestData} allowed`)
}
