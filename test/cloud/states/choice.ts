/** Choice rules. */
import { type Json, type Rule, StateError } from './definition.ts'
import { find, type Scope, select } from './json-path.ts'

type Comparison = (value: Json | undefined, operand: Json) => boolean

/** A comparison of two values of one type; values of another type are not equal, less or greater. */
const comparing =
  (type: 'string' | 'number', holds: (a: never, b: never) => boolean): Comparison =>
  (value, operand) =>
    typeof value === type && typeof operand === type && holds(value as never, operand as never)

const comparisons: Readonly<Record<string, Comparison>> = {
  IsPresent: (value, operand) => (value !== undefined) === operand,
  IsNull: (value, operand) => (value === null) === operand,
  IsString: (value, operand) => (typeof value === 'string') === operand,
  IsNumeric: (value, operand) => (typeof value === 'number') === operand,
  BooleanEquals: (value, operand) => typeof value === 'boolean' && value === operand,
  StringEquals: comparing('string', (a, b) => a === b),
  StringMatches: comparing('string', (a: string, b: string) => wildcard(b).test(a)),
  NumericEquals: comparing('number', (a, b) => a === b),
  NumericGreaterThan: comparing('number', (a, b) => a > b),
  NumericGreaterThanEquals: comparing('number', (a, b) => a >= b),
  NumericLessThan: comparing('number', (a, b) => a < b),
  NumericLessThanEquals: comparing('number', (a, b) => a <= b),
}

const wildcard = (pattern: string) =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's')

/** @throws StateError on comparisons that the bench does not know, and on variables that are not there */
export function holds(rule: Rule, scope: Scope): boolean {
  if (rule.And) return rule.And.every((part) => holds(part, scope))
  if (rule.Or) return rule.Or.some((part) => holds(part, scope))
  if (rule.Not) return !holds(rule.Not, scope)
  const [name = ''] = Object.keys(rule).filter((key) => !['Variable', 'Next', 'Comment', 'Assign'].includes(key))
  const comparison = comparisons[name.replace(/Path$/, '')]
  if (!comparison || !rule.Variable) throw new StateError('States.Runtime', `the bench does not know ${name}`)
  const value = name === 'IsPresent' ? find(rule.Variable, scope) : select(rule.Variable, scope)
  const operand = name.endsWith('Path') ? select(String(rule[name]), scope) : (rule[name] as Json)
  return comparison(value, operand)
}
