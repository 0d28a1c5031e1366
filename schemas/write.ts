/** Writes the published JSON Schemas anew: `npx tsx schemas/write.ts && npx biome format --write schemas`. */
import { writeFileSync } from 'node:fs'
import { publishedSchemas } from '../functions/declare/published-schema.ts'

for (const [name, schema] of publishedSchemas)
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(schema(), null, 2)}\n`)
