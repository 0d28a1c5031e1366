/** Templates (RFC 3954, section 5.2; RFC 7011, section 3.4), made into the few steps by which their records are read. */
import type { Via } from '../../model.ts'
import {
  ADDRESSES,
  BACK_BYTES,
  BACK_PACKETS,
  BOOT,
  DURATION,
  type Element,
  END,
  elementOf,
  isOfNprobe,
  isTotal,
  START,
} from './elements.ts'

// How a step reads its value.
export const UNSIGNED_8 = 0
export const UNSIGNED_16 = 1
export const UNSIGNED_32 = 2
export const UNSIGNED = 3
export const ADDRESS_4 = 4
export const ADDRESS_6 = 5
export const SECONDS = 6
export const MILLISECONDS = 7
export const NTP = 8
export const BEFORE_EXPORT = 9
export const NAME = 10
export const FLOAT = 11

/** The length that says that every record states its own (RFC 7011, section 7). */
export const VARIABLE = 0xffff

/** Names that are taken of one record: exporters have two or three. */
const MOST_NAMES = 8
/** What a template costs beside its fields, in numbers. */
const OWN_SIZE = 256

export interface Field {
  readonly enterprise: number
  readonly id: number
  /** Bytes; {@link VARIABLE} where every record states them. */
  readonly length: number
}

export class Template {
  readonly isOptions: boolean
  /** Bytes of a record; of the shortest one where they vary. */
  readonly length: number
  readonly isVariable: boolean
  /** By steps: how, where to, from where in a record, and how many bytes. */
  readonly codes: Uint8Array
  readonly slots: Uint8Array
  readonly offsets: Uint16Array
  readonly lengths: Uint16Array
  readonly vias: readonly (Via | undefined)[]
  /** Of records of varying length: every field's length, and its step plus one, 0 for none. */
  readonly fieldLengths: Uint16Array
  readonly fieldSteps: Uint16Array
  readonly hasTimes: boolean
  readonly hasBack: boolean
  readonly hasNames: boolean
  /** Whether its counters are those since the flow began. */
  readonly hasTotals: boolean
  /** 1 where it has the address of this slot. */
  readonly hasAddress = new Uint8Array(ADDRESSES)

  constructor(fields: readonly Field[], isOptions: boolean) {
    this.isOptions = isOptions
    this.isVariable = fields.some(({ length }) => length === VARIABLE)
    this.length = fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0)
    const steps = stepsOf(fields)
    this.codes = Uint8Array.from(steps, ({ code }) => code)
    this.slots = Uint8Array.from(steps, ({ element }) => element.slot)
    this.offsets = Uint16Array.from(steps, ({ offset }) => offset)
    this.lengths = Uint16Array.from(steps, ({ length }) => length)
    this.vias = steps.map(({ element }) => element.via)
    this.fieldLengths = Uint16Array.from(this.isVariable ? fields : [], ({ length }) => length)
    this.fieldSteps = new Uint16Array(this.fieldLengths.length)
    if (this.isVariable) for (const [i, { field }] of steps.entries()) this.fieldSteps[field] = i + 1
    this.hasTimes = steps.some(({ element }) => isTime(element))
    this.hasBack = steps.some(({ element: { kind, slot } }) => kind === 'number' && isBack(slot))
    this.hasTotals = steps.some(({ element }) => isTotal(element))
    this.hasNames = steps.some(({ element }) => element.kind === 'name')
    for (const { element } of steps) if (element.kind === 'address') this.hasAddress[element.slot] = 1
  }

  /** What it costs to keep it, in numbers. */
  get size(): number {
    return OWN_SIZE + this.fieldLengths.length + this.codes.length
  }
}

interface Step {
  readonly code: number
  readonly element: Element
  /** Which of the template's fields it reads. */
  readonly field: number
  readonly offset: number
  readonly length: number
}

const isBack = (slot: number) => slot === BACK_BYTES || slot === BACK_PACKETS
const isTime = ({ kind, slot }: Element) =>
  kind !== 'address' && kind !== 'name' && (slot === START || slot === END || slot === BOOT || slot === DURATION)

/**
 * One step for each place that a value goes to. Times alone have one for each element, the one that counts most last: zero says
 * that a time is not known, and leaves the one before.
 */
function stepsOf(fields: readonly Field[]): Step[] {
  const steps: Step[] = []
  const byNprobe = fields.some(({ enterprise, id }) => isOfNprobe(enterprise, id))
  let offset = 0
  for (const [field, { enterprise, id, length }] of fields.entries()) {
    const element = elementOf(enterprise, id, byNprobe)
    const code = element === undefined ? -1 : codeOf(element, length)
    if (element !== undefined && code >= 0) {
      const step = { code, element, field, offset, length }
      const rival = steps.findIndex((other) => goToOnePlace(other.element, element))
      const isOneTooMany = element.kind === 'name' && steps.filter((other) => other.code === NAME).length === MOST_NAMES
      if (rival < 0 && !isOneTooMany) steps.push(step)
      else if (rival >= 0 && element.rank > (steps[rival]?.element.rank ?? 0)) steps[rival] = step
    }
    offset += length === VARIABLE ? 1 : length
  }
  return steps.sort((a, b) => a.element.rank - b.element.rank)
}

const goToOnePlace = (a: Element, b: Element) =>
  a.kind !== 'name' &&
  b.kind !== 'name' &&
  a.slot === b.slot &&
  (a.kind === 'address') === (b.kind === 'address') &&
  !(isTime(a) && a !== b)

/** How a value of this length is read, -1 where it cannot be: numbers come in any length up to their own (section 6.2). */
function codeOf({ kind }: Element, length: number): number {
  if (kind === 'name') return NAME
  if (kind === 'address') return length === 4 ? ADDRESS_4 : length === 16 ? ADDRESS_6 : -1
  if (kind === 'float') return length === 4 || length === 8 ? FLOAT : -1
  if (length === 0 || length > 8) return -1
  if (kind === 'seconds') return SECONDS
  if (kind === 'milliseconds') return MILLISECONDS
  if (kind === 'ntp') return length === 8 ? NTP : -1
  if (kind === 'micros-before-export') return BEFORE_EXPORT
  return length === 1 ? UNSIGNED_8 : length === 2 ? UNSIGNED_16 : length === 4 ? UNSIGNED_32 : UNSIGNED
}
