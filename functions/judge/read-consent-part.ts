/** Reads what a part says of consent and of what was sent. */
import { SEED_KINDS } from '../net/seed-kinds.ts'
import { CARRIED } from './carried.ts'
import { STAGES } from './consent/stage.ts'
import { AIMS } from './consent/subject.ts'
import { isCount, isList, isNumberOf, isText, isTextOrNull, lengthOf, type Members, members } from './part-shapes.ts'

/** What is wrong with a part's consent, inventory or reading; null where nothing is. */
export function consentFault({ consent, inventory, reading, locations, origins }: Members): string | null {
  const isLocation = (number: unknown) => isNumberOf(number, lengthOf(members(locations)?.remote))
  const isOrigin = (number: unknown) => isNumberOf(number, lengthOf(origins))
  const { contacts, presence } = members(consent) ?? {}
  const isContact = (json: unknown) => {
    const row = members(json) ?? {}
    return isLocation(row.location) && isList(row.origins, isOrigin) && isContactRow(row)
  }
  if (!isList(contacts, isContact)) return 'consent.contacts is no list of contacts'
  if (!isList(presence, isPresence)) return 'consent.presence is no list of sessions and stages'
  const isPlaced = (json: unknown) => isLocation(members(json)?.location) && isInventoryRow(members(json) ?? {})
  if (!isList(inventory, isPlaced)) return 'inventory is no list of what was sent'
  const { whole, partly, unread, unexamined, outlived, nearEdge } = members(reading) ?? {}
  return [whole, partly, unread, unexamined, outlived, nearEdge].every(isCount) ? null : 'reading counts no flows'
}

function isContactRow(row: Members): boolean {
  const { session, host, via, others, aim, carried, deviceKnown, services, port, protocol } = row
  return (
    isText(session) &&
    isText(host) &&
    isTextOrNull(row.sentAt) &&
    isList(via, isText) &&
    isList(others, isText) &&
    AIMS.some((known) => known === aim) &&
    CARRIED.some((known) => known === carried) &&
    typeof deviceKnown === 'boolean' &&
    isList(services, isClaimed) &&
    [port, protocol].every((number) => Number.isSafeInteger(number) && Number(number) >= -1) &&
    [row.flows, row.bytesOut, row.bytesIn, row.outlived].every(isCount) &&
    [row.whole, row.partly, row.unread, row.unexamined].every(isCount) &&
    [row.first, row.last].every(Number.isSafeInteger) &&
    isList(row.hits, isHit) &&
    isList(row.opaque, isOpaque)
  )
}

function isClaimed(json: unknown): boolean {
  const { id, moment } = members(json) ?? {}
  const { stage, beyond } = members(moment) ?? {}
  return isText(id) && (moment === null || (STAGES.some((known) => known === stage) && typeof beyond === 'boolean'))
}

function isStageUnder(json: unknown): boolean {
  const { service, stage } = members(json) ?? {}
  return isText(service) && STAGES.some((known) => known === stage)
}

function isPresence(json: unknown): boolean {
  const { service, session, stage, sent, hidden } = members(json) ?? {}
  return (
    isText(service) &&
    isText(session) &&
    (stage === 'before' || stage === 'after') &&
    typeof sent === 'boolean' &&
    isCount(hidden)
  )
}

function isPlace({ part, method, path, field, count }: Members): boolean {
  return isText(part) && [method, path, field].every(isTextOrNull) && isCount(count)
}

const isKind = (json: unknown) => isText(json) && Object.hasOwn(SEED_KINDS, json)

function isHit(json: unknown): boolean {
  const hit = members(json) ?? {}
  const { seed, kind, chain, offset, excerpt } = hit
  return [seed, excerpt].every(isText) && isKind(kind) && isList(chain, isText) && isCount(offset) && isPlace(hit)
}

function isOpaque(json: unknown): boolean {
  const opaque = members(json) ?? {}
  return isText(opaque.looks) && isCount(opaque.bytes) && isPlace(opaque)
}

function isInventoryRow({ host, service, kind, session, step, excerpt, ...row }: Members): boolean {
  return (
    [host, service, step, excerpt].every(isTextOrNull) &&
    (kind === null || isKind(kind)) &&
    isText(session) &&
    isList(row.stages, isStageUnder) &&
    [row.seeds, row.encodings, row.places].every((list) => isList(list, isText)) &&
    isCount(row.flows) &&
    [row.first, row.last].every(Number.isSafeInteger)
  )
}
