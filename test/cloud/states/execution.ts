/** One run of a state machine, from its start to its end. */
import { randomUUID } from 'node:crypto'
import { type Json, StateError, type StateMachine } from './definition.ts'
import { type Services, walk } from './machine.ts'

/** How an execution ended. */
export interface Execution {
  readonly succeeded: boolean
  readonly output: Json
  readonly error: string | null
  /** States in the order in which they were entered. */
  readonly states: readonly string[]
}

export async function execute(
  machineArn: string,
  definition: StateMachine,
  input: Json,
  services: Omit<Services, 'entered'>,
  name: string = randomUUID(),
): Promise<Execution> {
  const context = {
    Execution: {
      Id: `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`,
      Name: name,
      Input: input,
      StartTime: new Date().toISOString(),
    },
    StateMachine: { Id: machineArn, Name: machineArn.split(':').at(-1) ?? '' },
  }
  const states: string[] = []
  try {
    const output = await walk(definition, input, context, { ...services, entered: (state) => states.push(state) })
    return { succeeded: true, output, error: null, states }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    return { succeeded: false, output: null, error: `${error.name}: ${error.message}`, states }
  }
}
