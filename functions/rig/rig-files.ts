/** `rig.yaml`: what holds for every session of a rig. */
import * as z from 'zod'
import { FaultList } from '../declare/fault-list.ts'
import { text } from '../declare/fields.ts'
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

export type RigFile = z.output<typeof rigShape>

/** @throws DeclarationError with every fault of the file */
export function readRigFile(text: string, file: string): RigFile {
  const { tree, faults } = readYaml(text)
  if (tree === null) throw new DeclarationError(file, faults)
  const list = new FaultList(tree, faults)
  const { document } = shapeOf(rigShape, tree.value ?? {}, list)
  if (document === null || list.hasErrors) throw new DeclarationError(file, list.all())
  return document
}
