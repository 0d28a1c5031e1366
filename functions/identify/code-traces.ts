/**
 * What is left of an identifier inside a longer encoded value, whatever stands before and behind it: the characters that are made of
 * its own bits alone. There is one for each way in which its first byte can fall into a group (RFC 4648 §4 and §6).
 */
import type { Seed } from '../model.ts'
import { GROUP, type TextCoding, type Trace } from './needle.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Fewer characters than these are met everywhere; shorter identifiers are found where decoding begins with the value. */
const LEAST = 6

export function codeTraces(seed: Seed, value: Uint8Array): readonly Trace[] {
  const base64 = inner(value, 6, 3, (bytes) => Buffer.from(bytes).toString('base64'))
  const safe = base64
    .filter(({ text }) => /[+/]/.test(text))
    .map(({ text, phase }) => ({ text: text.replace(/\+/g, '-').replace(/\//g, '_'), phase }))
  return [
    ...[...base64, ...safe].map((part) => trace(seed, 'base64', part)),
    ...inner(value, 5, 5, base32).map((part) => trace(seed, 'base32', part)),
    trace(seed, 'hex', { text: Buffer.from(value).toString('hex'), phase: 0 }),
  ].filter(({ bytes }) => bytes.length >= LEAST)
}

interface Part {
  readonly text: string
  readonly phase: number
}

function inner(
  value: Uint8Array,
  bits: number,
  groupBytes: number,
  encode: (bytes: Uint8Array) => string,
): readonly Part[] {
  return Array.from({ length: groupBytes }, (_, before) => {
    const first = Math.ceil((before * 8) / bits)
    const last = Math.floor(((before + value.length) * 8) / bits)
    return { text: encode(Buffer.concat([Buffer.alloc(before), value])).slice(first, last), phase: first }
  })
}

function trace(seed: Seed, coding: TextCoding, { text, phase }: Part): Trace {
  return {
    is: 'trace',
    seed,
    bytes: Buffer.from(text, 'latin1'),
    folds: coding !== 'base64',
    coding,
    phase: phase % GROUP[coding],
  }
}

/** Without padding. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >>> (bits - 5)) & 31]
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31]
}
