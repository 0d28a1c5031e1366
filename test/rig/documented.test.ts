import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { loadProtocol } from '../../functions/declare/load.ts'
import { protocolShape } from '../../functions/declare/protocol-shape.ts'
import { readRigFile } from '../../functions/rig/rig-files.ts'
import { isScript, loadScript, scriptShape } from '../../functions/rig/script-file.ts'
import { root } from '../support/bundle.ts'

const page = readFileSync(join(root, 'docs/rig.md'), 'utf8')
const [rig = '', script = '', protocol = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? '')

function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return keysOf(schema.unwrap())
  if (schema instanceof z.ZodRecord) return keysOf(schema.valueType)
  if (schema instanceof z.ZodArray) return keysOf(schema.element)
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).flatMap(([key, part]) => [key, ...keysOf(part)])
}

describe('docs/rig.md', () => {
  it('has a rig.yaml, a script and a protocol without faults', () => {
    expect(readRigFile(rig, 'rig.yaml')).toMatchObject({ id: 'rig-delhi', tool: 'dumpcap' })
    expect(isScript(script)).toBe(true)
    expect(loadScript(script)).toMatchObject({ script: { kind: 'Script' }, faults: [] })
    expect(Object.keys(loadScript(script).script?.steps ?? {})).toHaveLength(5)
    expect(loadProtocol(protocol, 'smoke.yaml').faults).toEqual([])
  })

  it.each([
    ['a protocol', '## A protocol of your own', protocolShape],
    ['a script', '## Unattended', scriptShape],
  ])('speaks of every key of %s', (_what, title, shape) => {
    const table = page.split(title)[1]?.split('\n## ')[0] ?? ''
    expect(keysOf(shape).filter((key) => !new RegExp(`[\`.]${key}\\b`).test(table))).toEqual([])
  })
})
