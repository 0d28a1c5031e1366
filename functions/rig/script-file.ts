/** A script, which answers in the operator's place: read, and held against the protocol before anything is run. */
import { basename } from 'node:path'
import * as z from 'zod'
import { FaultList } from '../declare/fault-list.ts'
import { deviceState, id, list, text } from '../declare/fields.ts'
import { quoted } from '../declare/path.ts'
import type { Protocol } from '../declare/protocol-shape.ts'
import { type Draft, shapeOf } from '../declare/shape-faults.ts'
import { suggestion } from '../declare/suggest.ts'
import { readYaml } from '../declare/yaml-tree.ts'
import type { Fault } from '../errors.ts'
import { noteFault } from './notes.ts'

const answer = z.strictObject({
  note: text('A deviation to note.', 'the SIM was in already').optional(),
  skip: text('Why the step is skipped.', 'no SIM at hand').optional(),
  repeat: text('Why it is done, and then done again.', 'the call was refused').optional(),
  run: list(text('A word of a command.', 'adb'), 'A command that does the step, word by word, without a shell.', {
    atLeastOne: true,
  }).optional(),
})

export const scriptShape = z.strictObject({
  apiVersion: z
    .literal('domicile/v1')
    .meta({ description: 'The version of this format.', examples: ['domicile/v1'] })
    .optional(),
  kind: z
    .literal('Script')
    .meta({ description: 'What this file is.', examples: ['Script'] })
    .optional(),
  device: z
    .strictObject({
      model: text('Model.', 'Redmi 1S').optional(),
      firmware: text('Firmware.', 'JHCMIBH50.0').optional(),
      state: deviceState('How it came into the session.').optional(),
      addresses: list(text('An address of it.', '02:00:5e:10:00:01'), 'Its addresses.').default([]),
    })
    .default({ addresses: [] }),
  steps: z.record(id('A step, or a repetition of one: `idle-2`.', 'idle'), answer).default({}),
})

export type Script = z.output<typeof scriptShape>
type ScriptDraft = Draft<Script>

/** What a script is to be run with. */
export interface ScriptUse {
  readonly protocol: Protocol
  /** Whether there were runs before, which may have repeated steps. */
  readonly resumed: boolean
}

/** Whether a text is a script, rather than a declaration, session or protocol: those have lists of steps, or none. */
export function isScript(text: string): boolean {
  const value = readYaml(text).tree?.value
  if (!isMap(value)) return false
  return value.kind === 'Script' || (value.kind === undefined && isMap(value.steps))
}

/**
 * Reads a script. Never throws for what the text says, and repeats nothing of what is said below `steps`.
 *
 * @param use without it, steps are not held against a protocol's
 * @returns the script, null where a fault is an error; and all faults, in the order of the text
 */
export function loadScript(text: string, use?: ScriptUse): { script: Script | null; faults: Fault[] } {
  const { tree, faults } = readYaml(text)
  if (tree === null) return { script: null, faults }
  const list = new FaultList(tree, faults)
  const { document, draft } = shapeOf(scriptShape, tree.value ?? {}, list, 'steps')
  for (const [run, given] of Object.entries(draft?.steps ?? {})) {
    if (given !== undefined) checkAnswer(run, given, list)
    if (use !== undefined) checkRun(run, draft?.steps ?? {}, use, list)
  }
  return { script: list.hasErrors ? null : document, faults: list.all() }
}

/** Words of the script go into the session as they are; of a command, only the program's name does. */
function checkAnswer(run: string, given: Draft<z.output<typeof answer>>, faults: FaultList): void {
  const path = ['steps', run]
  for (const key of ['note', 'skip', 'repeat'] as const) {
    const wrong = noteFault(given[key] ?? '')
    if (wrong !== null) faults.error([...path, key], wrong)
  }
  const wrong = noteFault(basename(given.run?.[0] ?? ''))
  if (wrong !== null) faults.error([...path, 'run', 0], wrong)
  if (given.skip !== undefined && Object.keys(given).length > 1)
    faults.error(
      [...path, 'skip'],
      'a step that is skipped is not done, and nothing else is said of it: leave `skip` out, or the other keys',
    )
}

/** A step that never comes would be dropped in silence. */
function checkRun(run: string, steps: NonNullable<ScriptDraft['steps']>, use: ScriptUse, faults: FaultList): void {
  const ids = use.protocol.steps.map(({ id }) => id)
  if (ids.includes(run)) return
  const [, stem = '', number = ''] = /^(.+)-([2-9]|[1-9]\d+)$/.exec(run) ?? []
  const of = ids.find((id) => stem !== '' && id.slice(0, 60) === stem)
  if (of === undefined) {
    const instead = suggestion(run, ids, `its steps are ${ids.map(quoted).join(', ')}`)
    faults.keyError(['steps', run], `the protocol ${quoted(use.protocol.id)} has no step ${quoted(run)}: ${instead}`)
    return
  }
  const before = number === '2' ? of : `${stem}-${Number(number) - 1}`
  if (!use.resumed && steps[before]?.repeat === undefined)
    faults.keyError(
      ['steps', run],
      `${quoted(run)} never comes, because ${quoted(before)} is not repeated: give that one \`repeat: REASON\`, or leave this one out`,
    )
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
