import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { declarationShape } from '../../functions/declare/declaration-shape.ts'
import { loadDeclaration, loadSession } from '../../functions/declare/load.ts'
import { sessionShape } from '../../functions/declare/session-shape.ts'
import { changed, shown } from './fault-cases.ts'

const page = readFileSync(new URL('../../docs/declaration.md', import.meta.url), 'utf8')
const [declaration = '', session = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? '')
const asOf = Date.UTC(2014, 11, 1) * 1000

/** Every key of a shape, at any depth. */
function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return keysOf(schema.unwrap())
  if (schema instanceof z.ZodArray) return keysOf(schema.element)
  if (schema instanceof z.ZodRecord) return keysOf(schema.valueType)
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).flatMap(([key, part]) => [key, ...keysOf(part)])
}

describe('docs/declaration.md', () => {
  it('has a declaration without faults', () => {
    const { declaration: read, faults } = loadDeclaration(declaration, 'declaration.yaml', { asOf })
    expect(faults.map(shown)).toEqual([])
    expect(read?.services[0]?.phases[1]?.from).toBe(Date.parse('2014-10-31T16:00Z') * 1000)
  })

  it('has a session without faults', () => {
    const { session: read, faults } = loadSession(session, 'session.yaml')
    expect(faults.map(shown)).toEqual([])
    expect(read?.captures).toHaveLength(2)
  })

  it('shows a fault as `check` prints it', () => {
    const text = changed(declaration, 'allow: [beijing, california', 'allow: [bejing, california')
    const [fault] = loadDeclaration(text, 'declaration.yaml', { asOf }).faults
    expect(page).toContain(
      `\ndeclaration.yaml:${fault?.line}:${fault?.column}: error: ${fault?.path}: ${fault?.message}\n`,
    )
  })

  it('speaks of every key', () => {
    const [first = '', second = ''] = page.split('## A session')
    const tables = (text: string) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .join('\n')
    const missing = (shape: z.ZodType, text: string) =>
      keysOf(shape).filter((key) => !new RegExp(`[\`.]${key}\\b`).test(tables(text)))
    expect(missing(declarationShape, first)).toEqual([])
    expect(missing(sessionShape, second)).toEqual([])
  })
})
