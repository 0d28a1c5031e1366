/** Two small files that a rig is set up with: `rig.yaml`, what it is; and a script, which answers in the operator's place. */
import * as z from 'zod'
import { FaultList } from '../declare/fault-list.ts'
import { deviceState, id, list, text } from '../declare/fields.ts'
import { sessionShape } from '../declare/session-shape.ts'
import { shapeOf } from '../declare/shape-faults.ts'
import { readYaml } from '../declare/yaml-tree.ts'
import { DeclarationError } from '../errors.ts'

const rigShape = z.strictObject({
  id: sessionShape.shape.rig.shape.id,
  place: sessionShape.shape.rig.shape.place,
  interface: text('Where it captures.', 'wlan0').optional(),
  tool: z.enum(['dumpcap', 'tcpdump']).optional(),
  ntp: text('An NTP server, `host` or `host:port`.', 'pool.ntp.org').optional(),
  canary: text('An http:// address in the place of the protocol’s canaries.', 'http://192.0.2.1/').optional(),
})

const answer = z.strictObject({
  note: text('A deviation to note.', 'the SIM was in already').optional(),
  skip: text('Why the step is skipped.', 'no SIM at hand').optional(),
  repeat: text('Why it is done, and then done again.', 'the call was refused').optional(),
  run: list(text('A word of a command.', 'adb'), 'A command that does the step, word by word, without a shell.', {
    atLeastOne: true,
  }).optional(),
})

const scriptShape = z.strictObject({
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

export type RigFile = z.output<typeof rigShape>
export type Script = z.output<typeof scriptShape>
export type ScriptAnswer = z.output<typeof answer>

/** @throws DeclarationError with every fault of the file */
export const readRigFile = (text: string, file: string): RigFile => read(rigShape, text, file)

/** @throws DeclarationError with every fault of the file */
export const readScript = (text: string, file: string): Script => read(scriptShape, text, file)

function read<Shape extends z.ZodType>(shape: Shape, text: string, file: string): z.output<Shape> {
  const { tree, faults } = readYaml(text)
  if (tree === null) throw new DeclarationError(file, faults)
  const list = new FaultList(tree, faults)
  const { document } = shapeOf(shape, tree.value ?? {}, list)
  if (document === null || list.hasErrors) throw new DeclarationError(file, list.all())
  return document
}
