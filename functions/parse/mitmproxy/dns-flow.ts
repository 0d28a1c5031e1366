/** DNS messages in a mitmproxy dump, written as they stand on the wire (RFC 1035, section 4), which is how they are read. */
import { type ResolvedName, readDnsAnswers } from '../payload/dns-message.ts'
import type { FlowLists } from './flow-lists.ts'
import { dictOf, numberOf } from './small-values.ts'
import { textOf, type Value } from './tnetstring.ts'

type Record = ReadonlyMap<string, Value>

/** Length of the question and, of a response, its answers; what else a message had is not told. */
export function dnsSize(lists: FlowLists, which: 'request' | 'response'): number {
  return messageOf(lists, which).length
}

/** What the response tells of the name that was asked. */
export function resolvedNames(flow: Record, lists: FlowLists): readonly ResolvedName[] {
  const response = dictOf(flow.get('response'))
  if (response.size === 0 || numberOf(response.get('response_code')) !== 0) return []
  const message = messageOf(lists, 'response')
  return readDnsAnswers(message, 0, message.length)
}

function messageOf(lists: FlowLists, which: 'request' | 'response'): Uint8Array {
  const questions = lists.records.get(`${which}-questions`) ?? []
  const answers = lists.records.get(`${which}-answers`) ?? []
  const parts: Uint8Array[] = []
  for (const record of questions) parts.push(wireName(record), u16(record, 'type'), u16(record, 'class_'))
  for (const record of answers) {
    const data = record.get('data')?.bytes ?? new Uint8Array(0)
    const ttl = new Uint8Array(4)
    new DataView(ttl.buffer).setUint32(0, numberOf(record.get('ttl')) || 0)
    const length = new Uint8Array([data.length >>> 8, data.length])
    parts.push(wireName(record), u16(record, 'type'), u16(record, 'class_'), ttl, length, data)
  }
  const head = new Uint8Array(12)
  head[2] = 0x80 // a response, RFC 1035, section 4.1.1
  new DataView(head.buffer).setUint16(4, questions.length)
  new DataView(head.buffer).setUint16(6, answers.length)
  return Buffer.concat([head, ...parts])
}

function u16(record: Record, key: string): Uint8Array {
  const value = numberOf(record.get(key)) || 0
  return new Uint8Array([value >>> 8, value])
}

/** Labels that cannot be written end the name, and the record is then none of the question's. */
function wireName(record: Record): Uint8Array {
  const labels = (textOf(record.get('name')) ?? '').split('.').filter((label) => label !== '')
  const parts: Uint8Array[] = []
  for (const label of labels) {
    const bytes = Buffer.from(label, 'utf8')
    if (bytes.length > 63) break
    parts.push(new Uint8Array([bytes.length]), bytes)
  }
  return Buffer.concat([...parts, new Uint8Array(1)])
}
