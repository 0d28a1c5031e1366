/** Adds to what is said of a flow what a tls, http, quic or alert event tells. */
import type { Micros } from '../../model.ts'
import { addName, shownName } from '../payload/flow-names.ts'
import { nameRequest } from '../payload/http-request.ts'
import type { EveEvent } from './event.ts'
import { eveField } from './fields.ts'
import { KnownTexts } from './known-texts.ts'
import type { Said } from './said.ts'

const DIRECTION = eveField('direction')
const FLOW_START = eveField('flow/start')
const FLOW_SRC_IP = eveField('flow/src_ip')
const FLOW_SRC_PORT = eveField('flow/src_port')
const FLOW_DEST_IP = eveField('flow/dest_ip')
const FLOW_DEST_PORT = eveField('flow/dest_port')
const PKTS_TOSERVER = eveField('flow/pkts_toserver')
const PKTS_TOCLIENT = eveField('flow/pkts_toclient')
const BYTES_TOSERVER = eveField('flow/bytes_toserver')
const BYTES_TOCLIENT = eveField('flow/bytes_toclient')
const TLS_SNI = eveField('tls/sni')
const TLS_VERSION = eveField('tls/version')
const QUIC = eveField('quic')
const QUIC_SNI = eveField('quic/sni')
const HOSTNAME = eveField('http/hostname')
const METHOD = eveField('http/http_method')
const URL = eveField('http/url')

const names = new KnownTexts(shownName)

/** Names by the hello or request that the event holds. */
export function sayNames(event: EveEvent, said: Said): void {
  const { json } = event
  if (event.has(TLS_SNI)) {
    const name = names.of(json, event.bytes, TLS_SNI)
    if (name !== null) addName(said, name, 'tls-sni')
  } else if (event.has(TLS_VERSION)) said.hidden ??= 'tls-without-sni'
  if (event.has(QUIC_SNI)) {
    const name = names.of(json, event.bytes, QUIC_SNI)
    if (name !== null) addName(said, name, 'quic-sni')
  } else if (event.has(QUIC)) said.hidden ??= 'quic'
  const method = json.text(METHOD)
  const host = json.text(HOSTNAME)
  // A reply whose request was not seen names nothing, and hides nothing.
  if (method === null && host === null) return
  const target = json.text(URL) ?? (method === 'CONNECT' ? (host ?? '') : '/')
  const startLine = `${method ?? 'GET'} ${target} HTTP/1.1`
  const { named } = nameRequest(said, {
    startLine,
    values: (name) => (name === 'host' && host !== null && method !== 'CONNECT' ? [host] : []),
  })
  if (!named) said.hidden ??= 'http-without-host'
}

/**
 * Times, and what the flow had carried by the time of the event.
 *
 * @param isClientKnown whether the source is known to be the client; counters are told by client and server
 */
export function sayCounts(event: EveEvent, said: Said, at: Micros, isClientKnown: boolean): void {
  const began = event.has(FLOW_START) ? event.time(FLOW_START) : Number.NaN
  const start = began <= at ? began : at
  if (!(said.start <= start)) said.start = start
  if (!(said.end >= at)) said.end = at
  if (!isClientKnown) return
  said.packetsA = larger(said.packetsA, event.count(PKTS_TOSERVER))
  said.packetsB = larger(said.packetsB, event.count(PKTS_TOCLIENT))
  said.bytesA = larger(said.bytesA, event.count(BYTES_TOSERVER))
  said.bytesB = larger(said.bytesB, event.count(BYTES_TOCLIENT))
}

/** What is stated as no count (NaN) says nothing. */
const larger = (known: number, stated: number) => (Number.isNaN(stated) ? known : Math.max(known, stated))

/**
 * Reads the ends of an alert's flow, the client first: an alert names the ends of its packet, which either may have sent.
 *
 * @param ends is told whether it is known which end is the client; where it is not, the packet's sender comes first
 * @returns false where they cannot be read
 */
export function readAlertEnds(event: EveEvent, ends: { isKnown: boolean }): boolean {
  ends.isKnown = true
  if (event.has(FLOW_SRC_IP)) return event.readEnds(FLOW_SRC_IP, FLOW_SRC_PORT, FLOW_DEST_IP, FLOW_DEST_PORT)
  if (!event.readEnds()) return false
  const direction = event.json.text(DIRECTION)
  if (direction === 'to_server') return true
  const { portA, portB } = event
  // Older versions do not say it: of one port below 1024 it is known (IANA's system ports).
  if (direction === 'to_client' || (portA >= 0 && portA < 1024 && portB >= 1024)) turn(event)
  else ends.isKnown = portB >= 0 && portB < 1024 && portA >= 1024
  return true
}

function turn(event: EveEvent): void {
  const { words, portA } = event
  for (let i = 0; i < 4; i++) {
    const word = words[i] as number
    words[i] = words[4 + i] as number
    words[4 + i] = word
  }
  event.portA = event.portB
  event.portB = portA
}
