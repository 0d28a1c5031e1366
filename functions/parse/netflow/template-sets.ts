/** Template sets and options template sets: which fields the records to come have. */
import { type Field, Template } from './template.ts'

const ENTERPRISE_BIT = 0x8000

/** Takes the templates of a set; a template without fields withdraws the one of its number (RFC 7011, section 8.1). */
export interface TemplateSink {
  define(id: number, template: Template): void
  withdraw(id: number): void
}

/**
 * Reads the templates between `at` and `end`.
 *
 * @returns false where one of them does not fit into its set; those before it count
 */
export function readTemplates(
  view: DataView,
  from: number,
  end: number,
  isIpfix: boolean,
  sink: TemplateSink,
): boolean {
  let at = from
  while (end - at >= 4) {
    const id = view.getUint16(at)
    const count = view.getUint16(at + 2)
    // Zeros fill a set up to a word.
    if (id === 0 && count === 0) return true
    if (id < 256 && !(isIpfix && count === 0)) return false
    at += 4
    if (count === 0) {
      sink.withdraw(id)
      continue
    }
    const fields: Field[] = []
    at = readFields(view, at, end, count, isIpfix, fields)
    if (at < 0) return false
    sink.define(id, new Template(fields, false))
  }
  return true
}

/** The same of options templates: NetFlow v9 counts their bytes (RFC 3954, section 6.1), IPFIX their fields (3.4.2.2). */
export function readOptionsTemplates(
  view: DataView,
  from: number,
  end: number,
  isIpfix: boolean,
  sink: TemplateSink,
): boolean {
  let at = from
  while (end - at >= (isIpfix ? 4 : 6)) {
    const id = view.getUint16(at)
    const first = view.getUint16(at + 2)
    if (id === 0 && first === 0) return true
    if (isIpfix && first === 0) {
      sink.withdraw(id)
      at += 4
      continue
    }
    if (id < 256 || end - at < 6) return false
    const second = view.getUint16(at + 4)
    const fields: Field[] = []
    at += 6
    if (isIpfix) at = readFields(view, at, end, first, true, fields)
    else {
      // Fields of the scope have numbers of their own (System, Interface, …), of which nothing is read.
      at = readFields(view, at, end, first >> 2, false, fields)
      for (const [i, { length }] of fields.entries()) fields[i] = { enterprise: -1, id: 0, length }
      if (at >= 0) at = readFields(view, at, end, second >> 2, false, fields)
    }
    if (at < 0 || fields.length === 0) return false
    sink.define(id, new Template(fields, true))
  }
  return true
}

/** @returns the offset behind the fields, -1 where they do not end at `end` or before */
function readFields(
  view: DataView,
  from: number,
  end: number,
  count: number,
  isIpfix: boolean,
  fields: Field[],
): number {
  let at = from
  for (let i = 0; i < count; i++) {
    if (end - at < 4) return -1
    const number = view.getUint16(at)
    const length = view.getUint16(at + 2)
    at += 4
    let enterprise = 0
    if (isIpfix && (number & ENTERPRISE_BIT) !== 0) {
      if (end - at < 4) return -1
      enterprise = view.getUint32(at)
      at += 4
    }
    fields.push({ enterprise, id: isIpfix ? number & ~ENTERPRISE_BIT : number, length })
  }
  return at
}
