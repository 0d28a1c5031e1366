/** One data record, read from its bytes by the steps of its template: overwritten by the next. */
import type { Micros, Name } from '../../model.ts'
import { latin1, shownName } from '../payload/flow-names.ts'
import { ADDRESSES, BOOT, DURATION, END, NUMBERS, START } from './elements.ts'
import {
  ADDRESS_4,
  ADDRESS_6,
  BEFORE_EXPORT,
  FLOAT,
  MILLISECONDS,
  NAME,
  NTP,
  SECONDS,
  type Template,
  UNSIGNED_8,
  UNSIGNED_16,
  UNSIGNED_32,
  VARIABLE,
} from './template.ts'

/** NTP counts from 1900 (RFC 5905, section 6); its second era begins in 2036. */
const NTP_TO_UNIX = 2_208_988_800
const NTP_ERA = 2 ** 32

export class DataRecord {
  /** By the slots of elements.ts: -1 where the template has no such number, times NaN where they are not known. */
  readonly numbers = new Float64Array(NUMBERS)
  /** Four words an address; IPv4 stands in the first. */
  readonly words = new Uint32Array(ADDRESSES * 4)
  names: Name[] | undefined
  /** When the datagram was sent. */
  exportTime: Micros = 0
  #template: Template | null = null

  /**
   * Reads the record at `at`.
   *
   * @returns the offset behind it, -1 where it does not end at `end` or before
   */
  read(template: Template, bytes: Uint8Array, view: DataView, at: number, end: number): number {
    const { numbers } = this
    if (template !== this.#template) {
      // Every record of a template fills the same fields: only another template's are cleared.
      this.#template = template
      numbers.fill(-1)
      this.words.fill(0)
      this.#forgetTimes()
    }
    // A time of zero is not taken: the last record's must not stand in its place.
    if (template.hasTimes) this.#forgetTimes()
    if (template.hasNames) this.names = undefined
    if (template.isVariable) return this.#readVariable(template, bytes, view, at, end)
    if (end - at < template.length) return -1
    const { codes, offsets, lengths } = template
    for (let step = 0; step < codes.length; step++)
      this.#take(template, step, bytes, view, at + (offsets[step] as number), lengths[step] as number)
    return at + template.length
  }

  /** When the exporter started, as far as the record says it; NaN or negative where it does not. */
  bootTime(): Micros {
    return this.numbers[BOOT] as number
  }

  #forgetTimes(): void {
    const { numbers } = this
    numbers[START] = numbers[END] = numbers[BOOT] = numbers[DURATION] = Number.NaN
  }

  #readVariable(template: Template, bytes: Uint8Array, view: DataView, from: number, end: number): number {
    const { fieldLengths, fieldSteps } = template
    let at = from
    for (let field = 0; field < fieldLengths.length; field++) {
      let length = fieldLengths[field] as number
      if (length === VARIABLE) {
        if (at >= end) return -1
        length = bytes[at++] as number
        if (length === 255) {
          if (end - at < 2) return -1
          length = view.getUint16(at)
          at += 2
        }
      }
      if (end - at < length) return -1
      const step = fieldSteps[field] as number
      if (step > 0) this.#take(template, step - 1, bytes, view, at, length)
      at += length
    }
    return at
  }

  #take(template: Template, step: number, bytes: Uint8Array, view: DataView, at: number, length: number): void {
    const { numbers, words } = this
    const slot = template.slots[step] as number
    switch (template.codes[step]) {
      case UNSIGNED_8:
        numbers[slot] = bytes[at] as number
        return
      case UNSIGNED_16:
        numbers[slot] = view.getUint16(at)
        return
      case UNSIGNED_32:
        numbers[slot] = view.getUint32(at)
        return
      case ADDRESS_4:
        words[slot * 4] = view.getUint32(at)
        return
      case ADDRESS_6:
        for (let i = 0; i < 4; i++) words[slot * 4 + i] = view.getUint32(at + i * 4)
        return
      case FLOAT:
        numbers[slot] = length === 4 ? view.getFloat32(at) : view.getFloat64(at)
        return
      case NAME:
        this.#takeName(template, step, bytes, at, length)
        return
    }
    const value = template.codes[step] === NTP ? ntp(view, at) : unsigned(bytes, at, length)
    switch (template.codes[step]) {
      case SECONDS:
        if (value !== 0) numbers[slot] = value * 1e6
        return
      case MILLISECONDS:
        if (value !== 0) numbers[slot] = value * 1e3
        return
      case BEFORE_EXPORT:
        numbers[slot] = this.exportTime - value
        return
      case NTP:
        if (value !== 0) numbers[slot] = value
        return
      default:
        numbers[slot] = value
    }
  }

  #takeName(template: Template, step: number, bytes: Uint8Array, at: number, length: number): void {
    let end = at
    // NetFlow v9 fills names up with zeros.
    while (end < at + length && bytes[end] !== 0) end++
    const name = shownName(latin1(bytes, at, end))
    const via = template.vias[step]
    if (name === null || via === undefined) return
    this.names ??= []
    this.names.push({ name, via })
  }
}

function unsigned(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = at; i < at + length; i++) value = value * 256 + (bytes[i] as number)
  return value
}

/** 32 bits of seconds and 32 of their fraction (RFC 7011, sections 6.1.9 and 6.1.10), to the microsecond; 0 for none. */
function ntp(view: DataView, at: number): number {
  const seconds = view.getUint32(at)
  const fraction = view.getUint32(at + 4)
  if (seconds === 0) return 0
  const unix = seconds - NTP_TO_UNIX + (seconds < NTP_TO_UNIX ? NTP_ERA : 0)
  return unix * 1e6 + Math.round((fraction * 1e6) / 2 ** 32)
}
