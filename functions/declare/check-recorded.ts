/** What is wrong with what a session records beside its steps: what was planted, how its clock was measured, what sealed it. */
import { posix } from 'node:path'
import { parseAddress } from '../net/address.ts'
import type { FaultList } from './fault-list.ts'
import { fileFault } from './file-path.ts'
import { timeFault } from './instant.ts'
import { type Path, quoted } from './path.ts'
import { checkDistinct, checkReference, idsOf, type Known } from './references.ts'
import type { SessionDocument } from './session-shape.ts'
import type { Draft } from './shape-faults.ts'

type SessionDraft = Draft<SessionDocument>

/** @param steps the session's */
export function checkRecorded(draft: SessionDraft, steps: Known, faults: FaultList): void {
  checkSeeds(draft, faults)
  checkClock(draft, faults)
  for (const [i, address] of (draft.resolvers ?? []).entries()) checkAddress(address, ['resolvers', i], faults)
  checkAddress(draft.canary?.address, ['canary', 'address'], faults)
  checkInstant(draft.canary?.at, ['canary', 'at'], faults)
  for (const [i, run] of (draft.captureRuns ?? []).entries())
    for (const key of ['from', 'until'] as const) checkInstant(run?.[key], ['captureRuns', i, key], faults)
  checkReference(draft.canary?.step, steps, ['canary', 'step'], faults)
  for (const [i, text] of (draft.deviations ?? []).entries())
    if (/\d{8}/.test(text ?? ''))
      faults.warning(
        ['deviations', i],
        'has a long number, and everybody may read it: say what was done without anything that was planted',
      )
  checkFiles(draft, faults)
}

/** No message repeats more than an id, which has five digits at most. */
function checkSeeds({ seeds }: SessionDraft, faults: FaultList): void {
  if (seeds === undefined) return
  const home = ['seeds', 'seeds']
  idsOf('identifier', 'seeds.seeds', seeds.seeds, home, faults)
  for (const [i, seed] of (seeds.seeds ?? []).entries())
    checkDistinct(
      seed?.commitments ?? [],
      (j) => [...home, i, 'commitments', j],
      () => 'is listed twice: remove one of them',
      faults,
    )
  if (seeds.envelope !== undefined && fileFault(seeds.envelope) !== null)
    faults.error(
      ['seeds', 'envelope'],
      "is no path of a file below the session's folder: write `envelope: seeds.json.enc`",
    )
}

function checkClock({ clock, rig }: SessionDraft, faults: FaultList): void {
  checkInstant(clock?.measuredAt, ['clock', 'measuredAt'], faults)
  const { offsetMs, errorMs } = clock ?? {}
  if (offsetMs === undefined || errorMs === undefined || rig?.clockErrorMs === undefined) return
  const worst = Math.ceil(Math.abs(offsetMs) + errorMs)
  if (worst > rig.clockErrorMs)
    faults.warning(
      ['rig', 'clockErrorMs'],
      `is ${rig.clockErrorMs}, and the clock was measured to be off by up to ${worst} ms: write that`,
    )
}

function checkFiles(draft: SessionDraft, faults: FaultList): void {
  const files = (draft.files ?? []).map((entry) => entry?.file)
  for (const [i, file] of files.entries()) {
    if (file === undefined) continue
    const itself = ['session.yaml', 'seal.json'].includes(posix.normalize(file))
    const wrong = itself ? `${quoted(file)} cannot have its own hash in it: remove it here` : fileFault(file)
    if (wrong !== null) faults.error(['files', i, 'file'], wrong)
  }
  checkDistinct(
    files.map((file) => (file === undefined ? undefined : posix.normalize(file))),
    (i) => ['files', i, 'file'],
    (file, first) => `${quoted(file)} is listed already, as files[${first}]: seal the session anew`,
    faults,
  )
}

function checkAddress(text: string | undefined, path: Path, faults: FaultList): void {
  if (text !== undefined && parseAddress(text) === null)
    faults.error(path, `${quoted(text)} is no IP address: write 192.168.7.1 or 2001:db8::1`)
}

function checkInstant(text: string | undefined, path: Path, faults: FaultList): void {
  const wrong = text === undefined ? null : timeFault(text, 'date-time')
  if (wrong !== null) faults.error(path, wrong)
}
