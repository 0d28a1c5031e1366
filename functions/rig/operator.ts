/** Whoever does what a protocol says: a person at a terminal, or a script in their place. */
import type { ProtocolStep } from '../declare/protocol-shape.ts'
import type { DeviceState } from '../model.ts'

/** What an operator may say at a prompt. */
export type Command =
  | { readonly does: 'go' }
  | { readonly does: 'note' | 'skip' | 'repeat' | 'pause'; readonly text: string }

/** What is known of the device before a session. */
export interface DeviceAnswer {
  readonly model?: string
  readonly firmware?: string
  readonly state: DeviceState
  readonly addresses: readonly string[]
}

export interface Operator {
  /** Whether nobody is there, and answers are asked for in every kind of step. */
  readonly unattended: boolean
  /** Shows a line. */
  say(text: string): Promise<void>
  /**
   * @param proposed what is likely
   * @param wrong what was wrong with the answer before
   * @returns null where the run is to be paused
   * @throws InputError where no other answer will come
   */
  device(proposed: Partial<DeviceAnswer>, wrong: readonly string[]): Promise<DeviceAnswer | null>
  /** Before a step that the operator begins. @param run its name, which the journal will have */
  begin(step: ProtocolStep, run: string): Promise<Command>
  /**
   * While a step goes on, until the operator says that it is over.
   *
   * @param apartMs how far what a program does has to be from the step's beginning and its end, for its traffic to be the step's
   */
  finish(step: ProtocolStep, run: string, apartMs: number): Promise<Command>
  /** @returns null once the time is over, or what the operator said before */
  wait(run: string, seconds: number): Promise<Command | null>
}
