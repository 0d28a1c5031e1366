/** Holds a document against its shape: faults that say what to write, and what can be used in spite of them. */
import * as z from 'zod'
import type { FaultList } from './fault-list.ts'
import { described, kindOf, type Path, pathText, quoted } from './path.ts'
import { suggestion } from './suggest.ts'

/**
 * A document of which any part may be missing: what did not have its type is left out, so that the rest can be checked.
 * Lists keep their indexes.
 */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T

/** What a document is against its shape. */
export interface Shaped<Shape extends z.ZodType> {
  /** With defaults filled in; null where there are faults. */
  readonly document: z.output<Shape> | null
  /** Null where the root is no map. */
  readonly draft: Draft<z.output<Shape>> | null
}

/**
 * Adds every fault of the document's shape to `faults`.
 *
 * @param unspoken a key of the root: what is written below it may be somebody's data, and no message repeats it
 */
export function shapeOf<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  faults: FaultList,
  unspoken?: string,
): Shaped<Shape> {
  const result = shape.safeParse(value)
  const unusable = new Set<string>()
  for (const issue of result.error?.issues ?? []) {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
    const found = valueAt(value, path)
    const told = path.length === 0 || path[0] !== unspoken
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys)
        if (told && !(unspoken !== undefined && isLikeNumber(key)))
          faults.keyError([...path, key], () => unknownKey(shape, path, key))
        else faults.keyError([...path, key], untoldKey(shape, path), path)
    else faults.error(path, () => explain(issue, shape, path, found, told ? described : kindOf))
    if (issue.code !== 'unrecognized_keys' && !(issue.code === 'too_small' && Array.isArray(found)))
      unusable.add(pathText(path))
  }
  // What is left out of the copy is all that could have another type than the shape says.
  const draft = unusable.has('') ? null : (usable(value, [], unusable) as Draft<z.output<Shape>>)
  return { document: result.success ? result.data : null, draft }
}

function usable(value: unknown, path: Path, unusable: ReadonlySet<string>): unknown {
  if (unusable.size === 0) return value
  if (unusable.has(pathText(path))) return undefined
  if (Array.isArray(value)) return value.map((item, i) => usable(item, [...path, i], unusable))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, usable(item, [...path, key], unusable)] as const)
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined
  return at
}

/** The schema of what stands at a path. */
function schemaAt(shape: z.ZodType, path: Path): z.ZodType | undefined {
  let at: unknown = unwrapped(shape)
  for (const step of path) {
    if (at instanceof z.ZodObject) at = Object.hasOwn(at.shape, step) ? unwrapped(at.shape[step]) : undefined
    else if (at instanceof z.ZodArray) at = unwrapped(at.element)
    else if (at instanceof z.ZodRecord) at = unwrapped(at.valueType)
    else return undefined
  }
  return at instanceof z.ZodType ? at : undefined
}

function mayBeLeftOut(shape: z.ZodType, path: Path): boolean {
  const above = schemaAt(shape, path.slice(0, -1))
  const key = path.at(-1)
  const schema: unknown = above instanceof z.ZodObject && typeof key === 'string' ? above.shape[key] : undefined
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
}

function unwrapped(schema: unknown): unknown {
  let at = schema
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault) at = at.unwrap()
  return at
}

/** Text as YAML takes it for text: `*` in front would be an alias. */
const plain = (text: string) => (/^[\w“(]/.test(text) && !/[[\]{},"#]|: /.test(text) ? text : JSON.stringify(text))

/** `key: value` as an example of what may stand at a path. */
function exampleOf(schema: z.ZodType | undefined, key: string | number | undefined): string {
  const text = exampleValue(schema)
  return `\`${typeof key === 'string' ? `${key}: ${text}` : text}\``
}

function exampleValue(schema: z.ZodType | undefined): string {
  if (schema instanceof z.ZodArray) return `[${exampleValue(unwrapped(schema.element) as z.ZodType)}]`
  if (schema instanceof z.ZodObject) {
    const needed = Object.entries(schema.shape).filter(
      ([, part]) => !(part instanceof z.ZodOptional || part instanceof z.ZodDefault),
    )
    const keys = needed.length > 0 ? needed.map(([key]) => key) : Object.keys(schema.shape)
    return `{ ${keys.map((key) => `${key}: …`).join(', ')} }`
  }
  if (schema instanceof z.ZodRecord) return '{ singapore: { country: SG } }'
  const example = schema?.meta()?.examples
  if (Array.isArray(example)) return plain(String(example[0]))
  return schema instanceof z.ZodEnum ? String(schema.options[0]) : '…'
}

/** @param shown what a value is, for a person */
function explain(
  issue: z.core.$ZodIssue,
  shape: z.ZodType,
  path: Path,
  found: unknown,
  shown: (value: unknown) => string,
): string {
  const key = path.at(-1)
  const schema = schemaAt(shape, path)
  const orNot = mayBeLeftOut(shape, path) ? ', or leave the key out' : ''
  const example = exampleOf(schema, key)
  const about = schema?.meta()?.description
  if (found === undefined)
    return `${quoted(String(key))} is missing${about ? ` (${about.replace(/\.$/, '')})` : ''}: write ${example}`
  switch (issue.code) {
    case 'invalid_format':
      return issue.message
    case 'invalid_key':
      return `${quoted(String(key))} is no id: write letters, digits, dots, hyphens and underscores, a letter or digit first`
    case 'invalid_value':
      if (issue.values.length === 1)
        return `must be ${quoted(String(issue.values[0]))}, but is ${shown(found)}: write ${example}`
      if (shown === kindOf)
        return `is ${shown(found)} that is none of its values: write one of ${issue.values.join(', ')}`
      return typeof found === 'string'
        ? `${quoted(found)} is none of its values: ${suggestion(found, issue.values.map(String), example)}`
        : `is ${shown(found)}: ${suggestion('', issue.values.map(String), example)}`
    case 'too_small':
      if (Array.isArray(found)) return `is an empty list: name at least one, such as ${example}${orNot}`
      return `is ${found}, which is too small: write a number from ${issue.minimum}`
    case 'too_big':
      return `is ${found}, which is too large: write a number up to ${issue.maximum}`
    case 'invalid_type':
      return found === null
        ? `has no value: write ${example}${orNot}`
        : wrongType(issue.expected, found, example, shown)
    default:
      return `${issue.message}: write ${example}`
  }
}

function wrongType(expected: string, found: unknown, example: string, shown: (value: unknown) => string): string {
  if (expected === 'array') {
    const one = typeof found === 'string' && shown === described ? quoted(`[${plain(found)}]`) : example
    return `must be a list, but is ${shown(found)}: write ${one}`
  }
  if (expected === 'object' || expected === 'record')
    return `must be a map of keys, but is ${shown(found)}: write ${example}`
  if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean'))
    return `must be text, but is ${shown(found)}: ${shown === kindOf ? `write ${example}` : 'put it in quotes'}`
  if (expected === 'int' && typeof found === 'number')
    return `must be a whole number, but is ${shown === kindOf ? shown(found) : found}: write ${example}`
  const names: Readonly<Record<string, string>> = { string: 'text', number: 'a number', int: 'a whole number' }
  return `must be ${names[expected] ?? expected}, but is ${shown(found)}: write ${example}`
}

/** Six digits or more are rather somebody's number than a key that is misspelt. */
const isLikeNumber = (key: string) => key.replace(/\D/g, '').length > 5

/** An unknown key that is not repeated. */
function untoldKey(shape: z.ZodType, path: Path): string {
  const schema = schemaAt(shape, path)
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  return `unknown key: these are known here: ${known.map(quoted).join(', ')}; values have no place here, \`domicile rig seeds\` keeps them`
}

function unknownKey(shape: z.ZodType, path: Path, key: string): string {
  const schema = schemaAt(shape, path)
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const home = homeOf(shape, key)
  const near = suggestion(key, known, home === null ? `these are known here: ${known.map(quoted).join(', ')}` : '')
  // A key that another map has, spelt just so, is rather misplaced than misspelt.
  return `unknown key ${quoted(key)}: ${home !== null && !near.startsWith('did') ? `it belongs into ${quoted(home)}` : near}`
}

/** Where a key is at home: the path of the first map, from the root, that has it. */
function homeOf(schema: z.ZodType, key: string, above = ''): string | null {
  if (!(schema instanceof z.ZodObject)) return null
  if (above !== '' && Object.hasOwn(schema.shape, key)) return above
  for (const [name, part] of Object.entries(schema.shape)) {
    let inner = unwrapped(part)
    let path = above === '' ? name : `${above}.${name}`
    for (; inner instanceof z.ZodArray || inner instanceof z.ZodRecord; path += '[…]')
      inner = unwrapped(inner instanceof z.ZodArray ? inner.element : inner.valueType)
    const home = homeOf(inner as z.ZodType, key, path)
    if (home !== null) return home
  }
  return null
}
