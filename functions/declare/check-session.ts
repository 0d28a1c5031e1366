/** What is wrong with a session whose keys and types are right. */
import { posix } from 'node:path'
import type { Micros } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'
import { columnsFault } from '../net/column-words.ts'
import { isCountry } from '../net/country.ts'
import { parsePrefix } from '../net/prefix.ts'
import { checkCountry, checkSubdivision } from './check-places.ts'
import { checkRecorded } from './check-recorded.ts'
import type { FaultList } from './fault-list.ts'
import { fileFault } from './file-path.ts'
import { formatFault } from './format-fault.ts'
import { instantOf, timeFault } from './instant.ts'
import { type Path, quoted } from './path.ts'
import { checkDistinct, idsOf, type Known } from './references.ts'
import type { SessionDocument } from './session-shape.ts'
import type { Draft } from './shape-faults.ts'
import { zoneFault } from './zone-name.ts'

type SessionDraft = Draft<SessionDocument>

/** Adds every fault to `faults`. */
export function checkSession(draft: SessionDraft, faults: FaultList): void {
  if (draft.rig && !('clockErrorMs' in draft.rig) && !faults.has(['rig', 'clockErrorMs']))
    faults.warning(
      ['rig'],
      `does not say how far its clock may be off, and ${ASSUMED_CLOCK_ERROR_MS} ms are assumed: write \`clockErrorMs\` as the rig's time service states it`,
    )
  checkRigPlace(draft, faults)
  checkAddresses(draft, faults)
  const steps = checkSteps(draft, faults)
  checkCaptures(draft, faults)
  checkRecorded(draft, steps, faults)
}

function checkRigPlace(draft: SessionDraft, faults: FaultList): void {
  const path = ['rig', 'place']
  const place = draft.rig?.place
  if (!place) return
  checkCountry(place.country, [...path, 'country'], faults)
  checkSubdivision(place.subdivision, [...path, 'subdivision'], faults)
  if (
    place.subdivision !== undefined &&
    place.country !== undefined &&
    !place.subdivision.startsWith(`${place.country}-`) &&
    isCountry(place.country)
  )
    faults.error(
      [...path, 'subdivision'],
      `${place.subdivision} is not in ${place.country}: write the country of the subdivision, or a subdivision of the country`,
    )
  const given = (key: string) => key in place || faults.has([...path, key])
  for (const [one, other] of [
    ['latitude', 'longitude'],
    ['longitude', 'latitude'],
  ] as const)
    if (given(one) && !given(other))
      faults.error([...path, one], `stands alone: write \`${other}\` too, or neither of them`)
}

/** Six octets with colons or with hyphens between. */
const HARDWARE_ADDRESS = /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}[0-9a-f]{2}$/i

function checkAddresses(draft: SessionDraft, faults: FaultList): void {
  const path = ['device', 'addresses']
  const addresses = draft.device?.addresses ?? []
  for (const [i, text] of addresses.entries()) {
    const wrong = text === undefined ? null : addressFault(text)
    if (wrong !== null) faults.error([...path, i], wrong)
  }
  const twice = (text: string) => `${quoted(text)} is listed twice: remove one of them`
  checkDistinct(
    addresses.map((text) => text?.toLowerCase()),
    (i) => [...path, i],
    twice,
    faults,
  )
}

function addressFault(text: string): string | null {
  const prefix = parsePrefix(text)
  if (prefix?.length === 0)
    return `${quoted(text)} is every address, the remote ones too: write the prefix of the device's network`
  if (prefix || parseAddress(text) || HARDWARE_ADDRESS.test(text)) return null
  const digits = text.replace(/[^0-9a-f]/gi, '')
  const instead =
    /^[0-9a-f.]{12,14}$/i.test(text) && digits.length === 12
      ? `write ${quoted((digits.match(/../g) ?? []).join(':'))}`
      : 'write 02:00:5e:10:00:01, 192.168.7.2, 2001:db8::2 or 192.168.7.0/24'
  return `${quoted(text)} is no hardware address, IP address or prefix: ${instead}`
}

interface Span {
  readonly id: string
  readonly from: Micros
  readonly until: Micros
  readonly path: Path
}

function checkSteps(draft: SessionDraft, faults: FaultList): Known {
  const steps = draft.steps ?? []
  const known = idsOf('step', 'steps', steps, ['steps'], faults)
  const spans: Span[] = []
  for (const [i, step] of steps.entries()) {
    const path = ['steps', i]
    const [from, until] = (['from', 'until'] as const).map((key) => {
      const text = step?.[key]
      const wrong = text === undefined ? null : timeFault(text, 'date-time')
      if (wrong !== null) faults.error([...path, key], wrong)
      return text === undefined ? null : instantOf(text, 'start', null)
    })
    if (from == null || until == null) continue
    if (from >= until)
      faults.error([...path, 'from'], 'the step begins when it is over already: write the earlier time as `from`')
    else spans.push({ id: step?.id ?? '', from, until, path })
  }
  let latest: Span | undefined
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    if (latest && span.from < latest.until)
      faults.error(
        [...span.path, 'from'],
        `overlaps step ${quoted(latest.id)}, and a flow has one step: end that one before, or begin this one later`,
      )
    if (!latest || span.until > latest.until) latest = span
  }
  return known
}

function checkCaptures(draft: SessionDraft, faults: FaultList): void {
  const files = (draft.captures ?? []).map((capture) => capture?.file)
  for (const [i, file] of files.entries()) {
    const wrong = file === undefined ? null : fileFault(file)
    if (wrong !== null) faults.error(['captures', i, 'file'], wrong)
  }
  for (const [i, capture] of (draft.captures ?? []).entries()) {
    const keys = capture?.keys
    const unread = keys === undefined ? null : keyLogFault(keys, files)
    if (unread !== null) faults.error(['captures', i, 'keys'], unread)
    const format = capture?.format
    const unknown = format === undefined ? null : formatFault(format)
    if (unknown !== null) faults.error(['captures', i, 'format'], unknown)
    const zone = capture?.timeZone
    const wrong = zone === undefined ? null : zoneFault(zone)
    if (wrong !== null) faults.error(['captures', i, 'timeZone'], wrong)
    checkColumns(capture?.columns, ['captures', i, 'columns'], faults)
  }
  checkDistinct(
    files.map((file) => (file === undefined ? undefined : posix.normalize(file))),
    (i) => ['captures', i, 'file'],
    (file, first) => `${quoted(file)} is listed already, as captures[${first}]: remove one of them`,
    faults,
  )
}

/** What is missing is only told where nothing that is there is wrong. */
function checkColumns(columns: object | undefined, path: Path, faults: FaultList): void {
  if (columns === undefined || faults.has(path)) return
  const wrong = columnsFault(columns as Readonly<Record<string, string>>)
  if (wrong !== null) faults.error(path, wrong)
}

function keyLogFault(keys: string, captures: readonly (string | undefined)[]): string | null {
  const same = (file: string | undefined) => file !== undefined && posix.normalize(file) === posix.normalize(keys)
  if (captures.some(same)) return `${quoted(keys)} is listed as a capture: write the path of its key log`
  return fileFault(keys)
}
