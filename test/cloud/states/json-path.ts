/** Paths, payload templates and intrinsic functions of the States Language, as far as definitions use them. */
import { randomUUID } from 'node:crypto'
import { type Json, type JsonObject, StateError } from './definition.ts'

/** What paths can see: `$` is the input, `$$` the context object. */
export interface Scope {
  readonly input: Json
  readonly context: JsonObject
}

const runtimeError = (cause: string) => new StateError('States.Runtime', cause)

/** The parts of a reference path such as `$.plan['key'][0]`. */
function partsOf(path: string): (string | number)[] {
  const parts: (string | number)[] = []
  const rest = path.replace(/\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\[(\d+)\]/g, (_whole, name, quoted, index) => {
    parts.push(index === undefined ? (name ?? quoted) : Number(index))
    return ''
  })
  if (rest !== '') throw runtimeError(`the bench does not know the path ${path}`)
  return parts
}

/** The value at a path, or undefined where there is none. */
export function find(path: string, { input, context }: Scope): Json | undefined {
  const [root, rest] = path.startsWith('$$') ? [context as Json, path.slice(2)] : [input, path.slice(1)]
  return partsOf(rest).reduce<Json | undefined>(
    (value, part) => (typeof value === 'object' && value !== null ? (value as JsonObject)[part] : undefined),
    root,
  )
}

/** The value at a path. @throws StateError where there is none */
export function select(path: string, scope: Scope): Json {
  const value = find(path, scope)
  if (value !== undefined) return value
  throw new StateError('States.ParameterPathFailure', `there is nothing at ${path} in ${JSON.stringify(scope.input)}`)
}

/** Puts a value at a path of an object, as ResultPath does. */
export function place(path: string, value: Json, target: Json): Json {
  const put = (at: Json | undefined, [part, ...rest]: readonly (string | number)[]): Json =>
    part === undefined ? value : { ...(at as JsonObject), [part]: put((at as JsonObject | undefined)?.[part], rest) }
  return put(target, partsOf(path.slice(1)))
}

/** Fills a payload template: a field whose name ends with `.$` holds a path or an intrinsic function. */
export function fill(template: Json, scope: Scope): Json {
  if (Array.isArray(template)) return template.map((part) => fill(part, scope))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template as JsonObject).map(([name, value]) =>
      name.endsWith('.$') ? [name.slice(0, -2), evaluate(String(value), scope)] : [name, fill(value, scope)],
    ),
  )
}

/** A path, a literal in quotes, a number, or an intrinsic function of such. */
function evaluate(expression: string, scope: Scope): Json {
  const text = expression.trim()
  if (text.startsWith('$')) return select(text, scope)
  const [, name, inner = ''] = /^States\.(\w+)\((.*)\)$/s.exec(text) ?? []
  if (name)
    return call(
      name,
      split(inner).map((argument) => evaluate(argument, scope)),
    )
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replace(/\\(.)/g, '$1')
  return JSON.parse(text) as Json
}

/** Arguments at the commas that stand neither in quotes nor in parentheses. */
function split(text: string): string[] {
  const parts: string[] = []
  let [depth, quoted, from] = [0, false, 0]
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '\\') i++
    else if (character === "'") quoted = !quoted
    else if (!quoted && character === '(') depth++
    else if (!quoted && character === ')') depth--
    else if (!quoted && depth === 0 && character === ',') {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  return text.trim() === '' ? [] : [...parts, text.slice(from)]
}

function call(name: string, values: readonly Json[]): Json {
  const [first, second] = values
  switch (name) {
    case 'Format': {
      let next = 1
      return String(first).replace(/\{\}/g, () => asText(values[next++]))
    }
    case 'JsonToString':
      return JSON.stringify(first)
    case 'StringToJson':
      return JSON.parse(String(first)) as Json
    case 'JsonMerge':
      return { ...(first as JsonObject), ...(second as JsonObject) }
    case 'Array':
      return values
    case 'ArrayGetItem':
      return (first as readonly Json[])[Number(second)] ?? null
    case 'ArrayLength':
      return (first as readonly Json[]).length
    case 'UUID':
      return randomUUID()
    default:
      throw runtimeError(`the bench does not know the intrinsic function States.${name}`)
  }
}

const asText = (value: Json | undefined) => (typeof value === 'string' ? value : JSON.stringify(value ?? null))
