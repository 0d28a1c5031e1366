/** The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding/), without a schema: what fields there are. */
import type { Span } from './layer.ts'
import type { Place } from './place.ts'

export interface ProtobufField extends Span {
  readonly number: number
  /** Whether it is of the length-delimited kind: a text, bytes, or a message. */
  readonly isDelimited: boolean
}

/** Bytes of the frame that gRPC puts before a message: whether it is packed, and its length. */
const GRPC_FRAME = 5

/** @returns every field of a message that fills the span to its end; null where the bytes are none */
export function protobufFields(bytes: Uint8Array, { from, until }: Span): readonly ProtobufField[] | null {
  const fields: ProtobufField[] = []
  let at = from
  while (at < until) {
    const tag = varint(bytes, at, until)
    if (tag === null || tag.value < 8) return null
    const [number, type] = [Math.floor(tag.value / 8), tag.value % 8]
    const value = extent(bytes, type, tag.next, until)
    if (value === null || value.until > until) return null
    fields.push({ number, isDelimited: type === 2, ...value })
    at = value.until
  }
  return fields.length > 0 ? fields : null
}

function extent(bytes: Uint8Array, type: number, at: number, until: number): Span | null {
  switch (type) {
    case 0: {
      const number = varint(bytes, at, until)
      return number === null ? null : { from: at, until: number.next }
    }
    case 1:
      return { from: at, until: at + 8 }
    case 2: {
      const length = varint(bytes, at, until)
      return length === null ? null : { from: length.next, until: length.next + length.value }
    }
    case 5:
      return { from: at, until: at + 4 }
    default:
      return null
  }
}

function varint(bytes: Uint8Array, at: number, until: number): { value: number; next: number } | null {
  let value = 0
  for (let i = 0; i < 10 && at + i < until; i++) {
    const byte = bytes[at + i] as number
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return null
}

/** The texts and bytes of a message and of the messages in it; empty where the bytes are none. */
export function protobufValues(bytes: Uint8Array): readonly Span[] {
  return valuesIn(bytes, messageIn(bytes)) ?? []
}

function valuesIn(bytes: Uint8Array, span: Span): readonly Span[] | null {
  const fields = protobufFields(bytes, span)
  if (fields === null) return null
  // What may be a message may as well be a text: both are looked through.
  return fields.filter(({ isDelimited }) => isDelimited).flatMap((field) => [field, ...(valuesIn(bytes, field) ?? [])])
}

function messageIn(bytes: Uint8Array): Span {
  const length = bytes.length - GRPC_FRAME
  const framed = length > 0 && (bytes[0] as number) <= 1 && Buffer.from(bytes.subarray(1, 5)).readUInt32BE() === length
  return { from: framed ? GRPC_FRAME : 0, until: bytes.length }
}

/** The numbers of the fields down to a byte: `3.2`. */
export function protobufPlace(bytes: Uint8Array, at: number): Place | null {
  return placeIn(bytes, messageIn(bytes), at)
}

function placeIn(bytes: Uint8Array, span: Span, at: number): Place | null {
  const field = protobufFields(bytes, span)?.find(({ from, until }) => from <= at && at < until)
  if (field === undefined) return null
  const inner = field.isDelimited ? placeIn(bytes, field, at) : null
  if (inner === null) return { path: [String(field.number)], value: field.isDelimited ? field : null }
  return { path: [String(field.number), ...inner.path], value: inner.value }
}
