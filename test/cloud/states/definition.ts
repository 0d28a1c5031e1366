/** The part of the Amazon States Language that our state machine uses: https://states-language.net/spec.html */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export interface StateMachine {
  readonly StartAt: string
  readonly States: Readonly<Record<string, State>>
}

export interface State {
  readonly Type: string
  readonly QueryLanguage?: string
  readonly Next?: string
  readonly End?: boolean
  readonly InputPath?: string | null
  readonly OutputPath?: string | null
  readonly ResultPath?: string | null
  readonly ResultSelector?: JsonObject
  readonly Parameters?: JsonObject
  readonly Retry?: readonly Retrier[]
  readonly Catch?: readonly Catcher[]
  /** Task. */
  readonly Resource?: string
  /** Pass. */
  readonly Result?: Json
  /** Fail. */
  readonly Error?: string
  readonly Cause?: string
  readonly ErrorPath?: string
  readonly CausePath?: string
  /** Choice. */
  readonly Choices?: readonly (Rule & { readonly Next: string })[]
  readonly Default?: string
  /** Map. */
  readonly ItemProcessor?: StateMachine & { readonly ProcessorConfig?: { readonly Mode?: string } }
  readonly ItemsPath?: string
  readonly ItemReader?: ItemReader
  readonly ItemSelector?: JsonObject
  readonly ItemBatcher?: ItemBatcher
  readonly ResultWriter?: { readonly Resource?: string; readonly Parameters?: JsonObject }
  readonly MaxConcurrency?: number
  readonly ToleratedFailurePercentage?: number
  readonly ToleratedFailureCount?: number
}

export interface Retrier {
  readonly ErrorEquals: readonly string[]
  readonly IntervalSeconds?: number
  readonly MaxAttempts?: number
  readonly BackoffRate?: number
  readonly MaxDelaySeconds?: number
}

export interface Catcher {
  readonly ErrorEquals: readonly string[]
  readonly Next: string
  readonly ResultPath?: string | null
}

/** A comparison, or a combination of rules. */
export interface Rule {
  readonly Variable?: string
  readonly And?: readonly Rule[]
  readonly Or?: readonly Rule[]
  readonly Not?: Rule
  readonly [comparison: string]: unknown
}

export interface ItemReader {
  readonly Resource: string
  readonly ReaderConfig: { readonly InputType: string; readonly MaxItems?: number }
  readonly Parameters: JsonObject
}

export interface ItemBatcher {
  readonly MaxItemsPerBatch?: number
  readonly MaxItemsPerBatchPath?: string
  readonly MaxInputBytesPerBatch?: number
  readonly BatchInput?: JsonObject
}

/** A failure with the name by which Retry and Catch know it. */
export class StateError extends Error {
  override readonly name: string
  constructor(name: string, cause: string) {
    super(cause)
    this.name = name
  }
}

/** Whether a retrier's or catcher's list names an error. */
export function matches(errorEquals: readonly string[], error: StateError): boolean {
  return errorEquals.some(
    (name) =>
      name === error.name ||
      (name === 'States.ALL' && error.name !== 'States.DataLimitExceeded') ||
      (name === 'States.TaskFailed' && !/^States\.(Timeout|Runtime|DataLimitExceeded)$/.test(error.name)),
  )
}
