/** The JSON Schemas (draft 2020-12) that editors read; `schemas/` holds them as files. */
import * as z from 'zod'
import { declarationShape } from './declaration-shape.ts'
import { protocolShape } from './protocol-shape.ts'
import { sessionShape } from './session-shape.ts'

/** Files in `schemas/` by name, and what each holds. */
export const publishedSchemas: ReadonlyMap<string, () => object> = new Map([
  [
    'declaration-v1.json',
    () => schemaOf(declarationShape, 'declaration-v1.json', "What a vendor says of where its devices' data goes."),
  ],
  [
    'session-v1.json',
    () => schemaOf(sessionShape, 'session-v1.json', 'One run of a test protocol on one device by one rig.'),
  ],
  ['protocol-v1.json', () => schemaOf(protocolShape, 'protocol-v1.json', 'What a rig leads its operator through.')],
])

function schemaOf(shape: z.ZodType, name: string, description: string): object {
  const { $schema, ...schema } = z.toJSONSchema(shape, { io: 'input', target: 'draft-2020-12' })
  return {
    $schema,
    $id: `urn:domicile:schema:${name.replace(/\.json$/, '')}`,
    title: name.replace(/-v1\.json$/, ''),
    description,
    ...schema,
  }
}
