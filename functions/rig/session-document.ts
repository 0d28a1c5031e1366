/** `session.yaml`, as a journal gives it. Pure. */
import { stringify } from 'yaml'
import type { SessionDocument } from '../declare/session-shape.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'
import type { ClockReading, Entry } from './entries.ts'

type Of<Event extends Entry['event']> = Extract<Entry, { readonly event: Event }>

/**
 * @param entries of a journal that begins with `begin`
 * @param captures paths of what is in `captures/`
 * @throws Error where the journal has no beginning
 */
export function sessionText(entries: readonly Entry[], captures: readonly string[]): string {
  const document = sessionDocument(entries, captures)
  return `# Written by \`domicile rig run\` from journal.jsonl.\n${stringify(document, { lineWidth: 0 })}`
}

export function sessionDocument(entries: readonly Entry[], captures: readonly string[]): SessionDocument {
  const all = <Event extends Entry['event']>(event: Event) =>
    entries.filter((entry): entry is Of<Event> => entry.event === event)
  const [begin] = all('begin')
  if (begin === undefined) throw new Error('the journal has no beginning')
  const device = all('device').at(-1)
  const network = all('network').at(-1)
  const worst = worstReading(all('clock'))
  const runs = captureRuns(entries)
  const tools = Object.assign({}, ...all('tools').map(({ versions }) => versions)) as Record<string, string>
  // A run that was begun with a wrong interface is resumed with another.
  const { tool, interface: at = begin.interface } = all('capture-start').at(-1) ?? {}
  const skipped = all('step-skip').map(({ of: step, why }) => ({ step, why }))
  const deviations = [
    ...(begin.script === undefined ? [] : scriptDeviations(begin.script.timeScale)),
    ...(all('clock').every(({ reading }) => reading === null)
      ? [`the clock could not be measured: ${all('clock').at(-1)?.why ?? 'nobody tried'}`]
      : []),
    ...entries.flatMap(deviationText),
  ]
  const canary = all('canary').at(-1)
  const seen = all('canary-seen').find(({ token }) => token === canary?.token)
  return {
    apiVersion: 'domicile/v1',
    kind: 'Session',
    id: begin.session,
    rig: { ...begin.rig, clockErrorMs: clockErrorMs(entries) },
    ...(device === undefined
      ? {}
      : {
          device: {
            ...(device.addresses.length === 0 ? {} : { addresses: [...device.addresses] }),
            ...(device.model === undefined ? {} : { model: device.model }),
            ...(device.firmware === undefined ? {} : { firmware: device.firmware }),
            state: device.state,
          },
        }),
    steps: stepsOf(entries),
    ...(captures.length === 0 ? {} : { captures: captures.map((file) => ({ file })) }),
    ...(network === undefined
      ? {}
      : {
          resolvers: [...network.resolvers],
          network: { families: [...network.families], behindNat: network.behindNat },
        }),
    ...(worst === null ? {} : { clock: worst }),
    ...(tool === undefined
      ? {}
      : {
          capture: {
            tool,
            ...(tools[tool] === undefined ? {} : { version: tools[tool] }),
            interface: at,
            ...lossOf(runs),
          },
        }),
    tools,
    captureRuns: runs,
    ...(canary === undefined
      ? {}
      : {
          canary: {
            address: canary.address,
            port: canary.port,
            at: canary.at,
            step: canary.step,
            url: canary.url,
            seen: seen?.file != null,
          },
        }),
    ...(deviations.length === 0 ? {} : { deviations }),
    ...(skipped.length === 0 ? {} : { skipped }),
    protocol: begin.protocol,
    ...(begin.script === undefined ? {} : { script: begin.script }),
  }
}

/** Steps that were begun; one that was never ended has no span that could be told. */
function stepsOf(entries: readonly Entry[]): SessionDocument['steps'] {
  return entries.flatMap((entry) => {
    if (entry.event !== 'step-begin') return []
    const end = entries.find((other) => other.event === 'step-end' && other.step === entry.step)
    return end === undefined ? [] : [{ id: entry.step, from: entry.at, until: end.at }]
  })
}

function captureRuns(entries: readonly Entry[]): NonNullable<SessionDocument['captureRuns']> {
  return entries.flatMap((entry) => {
    if (entry.event !== 'capture-start') return []
    const on = entries.find((other) => other.event === 'capture-on' && other.file === entry.file)
    const end = entries.find((other) => other.event === 'capture-end' && other.file === entry.file)
    if (end?.event !== 'capture-end') return []
    const { file, until, ended, packets, dropped } = end
    const counts = { ...(packets === undefined ? {} : { packets }), ...(dropped === undefined ? {} : { dropped }) }
    return [{ file, from: on?.at ?? entry.at, until, ended, ...counts }]
  })
}

/** What was lost in all; nothing is said where any run did not say it. */
function lossOf(runs: NonNullable<SessionDocument['captureRuns']>): { dropped?: number } {
  const known = runs.flatMap(({ dropped }) => dropped ?? [])
  return known.length < runs.length || runs.length === 0
    ? {}
    : { dropped: known.reduce((sum, count) => sum + count, 0) }
}

const boundOf = ({ offsetMs, errorMs }: ClockReading) => Math.abs(offsetMs) + errorMs

function worstReading(clocks: readonly Of<'clock'>[]): NonNullable<SessionDocument['clock']> | null {
  const readings = clocks.flatMap(({ reading, at }) => (reading === null ? [] : [{ ...reading, measuredAt: at }]))
  const [worst] = readings.sort((a, b) => boundOf(b) - boundOf(a))
  return worst ?? null
}

/** How far the clock was off at most, by the worst measurement and by how much it was set meanwhile; assumed where there is a doubt. */
export function clockErrorMs(entries: readonly Entry[]): number {
  const clocks = entries.filter((entry) => entry.event === 'clock')
  const measured = clocks.flatMap(({ reading }) => (reading === null ? [] : [boundOf(reading)]))
  // What could be measured once and not again says nothing of the time between.
  const assumed = measured.length === clocks.length && clocks.length > 0 ? 0 : ASSUMED_CLOCK_ERROR_MS
  const set = entries.flatMap((entry) => (entry.event === 'deviation' ? (entry.clockSetMs ?? []) : []))
  return Math.min(Math.ceil(Math.max(assumed, ...measured, ...set) * 1000) / 1000, 86_400_000)
}

function scriptDeviations(timeScale: number): readonly string[] {
  const waits = timeScale === 1 ? '' : `, and made waits ${timeScale} times shorter`
  return [`nobody led the run: a script answered${waits}`]
}

function deviationText(entry: Entry): readonly string[] {
  if (entry.event === 'step-skip') return entry.optional ? [] : [`${entry.of}: was skipped: ${entry.why}`]
  if (entry.event !== 'deviation') return []
  const { step, what, from, until } = entry
  const span = from === undefined ? '' : ` (${from} to ${until ?? '?'})`
  return [`${step === undefined ? '' : `${step}: `}${what}${span}`]
}
