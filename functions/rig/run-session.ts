/** Runs one session of a protocol: the main flow of the rig. Everything that it learns goes through the journal. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { durationSeconds } from '../declare/duration.ts'
import type { ProtocolStep } from '../declare/protocol-shape.ts'
import { contact, contactOf, fileWith } from './canary.ts'
import { CaptureKeeper } from './capture-keeper.ts'
import type { ToolName } from './capture-tool.ts'
import type { Log } from './log.ts'
import { measureClock } from './measure-clock.ts'
import type { Command, DeviceAnswer, Operator } from './operator.ts'
import { clockErrorMs } from './session-document.ts'
import { faultsOf } from './session-faults.ts'
import { runName, standingOf } from './standing.ts'
import { familiesOf, resolversOf, versionOf } from './surroundings.ts'
import { systemClock } from './wall-clock.ts'

export interface SessionRun {
  readonly folder: string
  /** Of this session, in order. */
  readonly steps: readonly ProtocolStep[]
  readonly interface: string
  readonly tool: ToolName
  readonly ntp: string | undefined
  /** In the place of the protocol's canaries. */
  readonly canary: string | undefined
  /** What is likely of the device. */
  readonly device: Partial<DeviceAnswer>
  readonly log: Log
  readonly operator: Operator
}

/**
 * Leads the operator through what is left of a session, from its beginning or from where it was left.
 *
 * @returns whether it is complete, or was paused
 * @throws InputError where nothing can be captured
 */
export async function runSession(run: SessionRun): Promise<'complete' | 'paused'> {
  const { log, operator, steps } = run
  const keeper = new CaptureKeeper(run.folder, run.interface, run.tool, log)
  const before = standingOf(log.entries, steps)
  if (before.ended) return 'complete'
  await takeUp(run, keeper)
  if (!(await describe(run))) return pause(log, 'before the first step')
  await keeper.start()
  try {
    const failed = keeper.failed.then((error) => {
      throw error
    })
    // A failure between two steps is still one.
    failed.catch(() => {})
    for (const step of standingOf(log.entries, steps).left)
      if ((await Promise.race([leadStep(run, step), failed])) === 'paused') return 'paused'
  } finally {
    await keeper.stop()
  }
  await measure(run)
  await lookForCanary(run)
  log.add({ event: 'end' })
  await operator.say('The session is over, and its capture has stopped.')
  return 'complete'
}

/** After a crash: what was left running is ended, and how long nobody led the run is noted. */
async function takeUp({ log, steps, operator }: SessionRun, keeper: CaptureKeeper): Promise<void> {
  const { last, capture, open } = standingOf(log.entries, steps)
  if (last === null || log.entries.length === 1) return keeper.takeUp(null)
  const paused = log.entries.findLast(({ event }) => event === 'pause' || event === 'resume')?.event === 'pause'
  await keeper.takeUp(capture)
  log.add({ event: 'resume' })
  const until = log.now()
  const where = open === null ? {} : { step: open.step }
  log.deviation(paused ? 'the run was paused and resumed' : 'the run broke off and was resumed', {
    ...where,
    from: last,
    until,
  })
  await operator.say(`Resumed. From ${last} to ${until} nobody led the run; this is noted.`)
}

/** What has to be known before anything is done, and is not in the journal yet. @returns false where it is to be paused */
async function describe(run: SessionRun): Promise<boolean> {
  const { log, operator } = run
  const has = (event: string) => log.entries.some((entry) => entry.event === event)
  if (!has('tools')) {
    const named = await Promise.all([run.tool, 'chronyc'].map(async (tool) => [tool, await versionOf(tool)] as const))
    const versions = named.flatMap(([tool, version]) => (version === null ? [] : [[tool, version] as const]))
    log.add({ event: 'tools', versions: Object.fromEntries([['node', process.version], ...versions]) })
  }
  log.add({ event: 'network', resolvers: resolversOf(), ...familiesOf() })
  await measure(run)
  if (has('device')) return true
  let wrong: readonly string[] = []
  for (let proposed = run.device; ; ) {
    const answer = await operator.device(proposed, wrong)
    if (answer === null) return false
    wrong = faultsOf([...log.entries, { event: 'device', at: log.now(), ...answer }])
    if (wrong.length === 0) {
      log.add({ event: 'device', ...answer })
      return true
    }
    proposed = { ...answer, addresses: [] }
  }
}

async function measure({ log, operator, ntp }: SessionRun): Promise<void> {
  const measured = await measureClock(ntp, systemClock)
  log.add({ event: 'clock', ...measured })
  const { reading } = measured
  await operator.say(
    reading === null
      ? `The clock could not be measured (${measured.why}): an error of a second is assumed.`
      : `The clock is ${reading.offsetMs.toFixed(3)} ms ahead by ${reading.source}, give or take ${reading.errorMs.toFixed(3)} ms.`,
  )
}

async function leadStep(run: SessionRun, step: ProtocolStep): Promise<'done' | 'paused'> {
  for (;;) {
    const outcome = await leadOnce(run, step)
    if (outcome !== 'again') return outcome
  }
}

/** One run of a step. */
async function leadOnce(run: SessionRun, step: ProtocolStep): Promise<'done' | 'again' | 'paused'> {
  const { log, operator, steps } = run
  const open = standingOf(log.entries, steps).open
  const name = open?.step ?? runName(step.id, log.entries)
  const number = steps.indexOf(step) + 1
  await operator.say(`\n[${number}/${steps.length}] ${name}: ${step.title}${step.optional ? ' (optional)' : ''}`)
  if (step.instruct !== undefined) await operator.say(step.instruct)
  if (open === null) {
    const asked = operator.unattended || step.kind === 'act' || step.kind === 'canary'
    const begun = asked ? await untilBegun(run, step, name) : 'go'
    if (begun !== 'go') return begun
    log.add({ event: 'step-begin', of: step.id, step: name })
    await operator.say(`Begun at ${log.entries.at(-1)?.at}.`)
  }
  if (step.kind === 'canary') await askForCanary(run, step, name)
  const byItself = step.kind === 'idle' || (step.kind === 'canary' && step.canary?.by === 'rig')
  const finished = byItself && !operator.unattended ? 'over' : await untilFinished(run, step, name)
  if (finished === 'paused') return 'paused'
  if (finished === 'over' && step.wait !== undefined) {
    const waited = await untilWaited(run, name, durationSeconds(step.wait) ?? 0)
    if (waited === 'paused') return 'paused'
  }
  log.add({ event: 'step-end', step: name, repeat: finished === 'again' })
  await operator.say(`Over at ${log.entries.at(-1)?.at}.`)
  return finished === 'again' ? 'again' : 'done'
}

/** Traffic that is nearer to the edge of a step than the clock's error may be of either; twice that leaves a margin. */
const apartMs = ({ entries }: Log) => Math.min(2 * clockErrorMs(entries), LONGEST_APART_MS)

/** A clock that is off by more is to be set, not to be waited for. */
const LONGEST_APART_MS = 60_000

async function untilBegun(run: SessionRun, step: ProtocolStep, name: string): Promise<'go' | 'done' | 'paused'> {
  const { log, operator } = run
  for (;;) {
    const command = await operator.begin(step, name)
    if (command.does === 'go') return 'go'
    if (command.does === 'pause') return pause(log, command.text)
    if (command.does === 'skip') {
      log.add({ event: 'step-skip', of: step.id, why: command.text, optional: step.optional })
      return 'done'
    }
    if (command.does === 'note') log.deviation(command.text, { step: name })
    else await operator.say('The step has not been done yet: Enter begins it.')
  }
}

async function untilFinished(
  run: SessionRun,
  step: ProtocolStep,
  name: string,
): Promise<'over' | 'broken' | 'again' | 'paused'> {
  const { log, operator } = run
  for (;;) {
    const command = await operator.finish(step, name, apartMs(log))
    if (command.does === 'go') return 'over'
    if (command.does === 'pause') return pause(log, command.text)
    if (command.does === 'note') log.deviation(command.text, { step: name })
    if (command.does === 'skip') {
      log.deviation(`was broken off: ${command.text}`, { step: name })
      return 'broken'
    }
    if (command.does === 'repeat') {
      log.deviation(`was done again: ${command.text}`, { step: name })
      return 'again'
    }
  }
}

async function untilWaited(run: SessionRun, name: string, seconds: number): Promise<'over' | 'paused'> {
  const { log, operator } = run
  const end = Date.now() + seconds * 1000
  for (;;) {
    const command: Command | null = await operator.wait(name, Math.max(0, (end - Date.now()) / 1000))
    if (command === null) return 'over'
    if (command.does === 'pause') return pause(log, command.text)
    if (command.does === 'note') log.deviation(command.text, { step: name })
    if (command.does === 'skip') {
      const left = Math.round((end - Date.now()) / 1000)
      log.deviation(`its wait was cut short by ${left} s: ${command.text}`, { step: name })
      return 'over'
    }
    if (command.does === 'go' || command.does === 'repeat')
      await operator.say('The wait is not over: n TEXT notes a deviation, s REASON cuts it short, q pauses.')
  }
}

async function askForCanary(run: SessionRun, { canary }: ProtocolStep, step: string): Promise<void> {
  const { log, operator } = run
  const base = run.canary ?? canary?.url
  if (base === undefined) return
  const { url, token, address, port } = await contactOf(base)
  log.add({ event: 'canary', step, url, token, address, port })
  if (canary?.by !== 'rig')
    return await operator.say(`Address: ${url}${canary?.carries === undefined ? '' : `?${canary.carries}=SEED`}`)
  const failed = await contact(url)
  await operator.say(failed === null ? `${url} answered.` : `${url} did not answer: ${failed}`)
  if (failed !== null) log.deviation(`the canary had no answer: ${failed}`, { step })
}

/** The captures have to show the last contact, or they may lack more. */
async function lookForCanary({ log, folder, operator }: SessionRun): Promise<void> {
  const last = log.entries.findLast((entry) => entry.event === 'canary')
  if (last === undefined) return
  const captures = readdirSync(join(folder, 'captures')).map((name) => `captures/${name}`)
  const file = await fileWith(last.token, folder, captures.sort())
  log.add({ event: 'canary-seen', token: last.token, file })
  if (file !== null) return await operator.say(`The canary is in ${file}.`)
  log.deviation('no capture shows the canary: the rig may not see what the device sends', { step: last.step })
  await operator.say('NO CAPTURE SHOWS THE CANARY: the rig may not see what the device sends. This is noted.')
}

function pause(log: Log, why: string): 'paused' {
  log.add({ event: 'pause', why })
  return 'paused'
}
