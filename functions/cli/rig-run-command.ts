/** `domicile rig run`: leads an operator through a protocol, one session after the other. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { ID_PATTERN } from '../declare/fields.ts'
import { loadProtocol } from '../declare/load.ts'
import type { Protocol } from '../declare/protocol-shape.ts'
import { SEAL, SESSION } from '../declare/seal.ts'
import { InputError } from '../errors.ts'
import type { ToolName } from '../rig/capture-tool.ts'
import type { Entry } from '../rig/entries.ts'
import { entriesOf, JOURNAL, Journal } from '../rig/journal.ts'
import { Log } from '../rig/log.ts'
import type { DeviceAnswer, Operator } from '../rig/operator.ts'
import { type RigFile, readRigFile } from '../rig/rig-files.ts'
import { lockFolder } from '../rig/run-lock.ts'
import { runSession } from '../rig/run-session.ts'
import { loadScript } from '../rig/script-file.ts'
import { ScriptedOperator } from '../rig/scripted-operator.ts'
import { sealSession } from '../rig/seal-session.ts'
import { sessionText } from '../rig/session-document.ts'
import { faultsOf } from '../rig/session-faults.ts'
import { writeWhole } from '../rig/session-folder.ts'
import { partsOf } from '../rig/standing.ts'
import { versionOf } from '../rig/surroundings.ts'
import { systemClock } from '../rig/wall-clock.ts'
import { acceptDocument, readText } from './documents.ts'
import { RigOperator } from './rig-operator.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface RigRunOptions {
  readonly out: string
  readonly resume?: true
  readonly interface?: string
  readonly rig?: string
  readonly rigId?: string
  readonly tool?: string
  readonly ntp?: string
  readonly canary?: string
  readonly session?: string
  readonly script?: string
  readonly timeScale?: string
  readonly seal: boolean
}

/** The copy of the protocol in a session's folder. */
const PROTOCOL = 'protocol.yaml'

/** What does not change from session to session. */
interface Setup {
  readonly protocol: Protocol
  readonly protocolText: string
  readonly rig: RigFile
  readonly interface: string
  readonly tool: ToolName
  readonly options: RigRunOptions
  readonly script: { readonly sha256: string; readonly timeScale: number } | null
}

/**
 * Runs the protocol.
 *
 * @returns 0 where it is complete, 3 where it was paused
 * @throws InputError or DeclarationError where something that is needed is missing or wrong
 */
export async function run(path: string, options: RigRunOptions, terminal: Terminal): Promise<ExitStatus> {
  const protocolText = await readText(path)
  const { protocol: read, faults } = loadProtocol(protocolText, path)
  const protocol = acceptDocument(path, read, faults, terminal.err)
  const { operator, script } = await operatorOf(protocol, options, terminal)
  const setup: Setup = { protocol, protocolText, options, script, ...(await equipmentOf(options)) }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const pause = (signal: string) => operator.pause(`by ${signal}`)
  for (const signal of signals) process.on(signal, pause)
  const unlock = lockFolder(resolve(options.out))
  try {
    let device: Partial<DeviceAnswer> = {}
    const parts = partsOf(protocol)
    if (!options.resume) for (const i of parts.keys()) refuseUsed(folderOf(options.out, i))
    for (const [i, steps] of parts.entries()) {
      const state = steps[0]?.resets
      const log = openSession(setup, i, parts.length)
      try {
        const likely = { ...device, ...(state === undefined ? {} : { state }) }
        const outcome = await conduct(setup, log, i, parts.length, likely, operator)
        if (outcome === 'paused') {
          await operator.say(`\nPaused. Go on with --resume: domicile rig run ${path} -o ${options.out} --resume`)
          return 3
        }
        const answer = log.entries.findLast((entry) => entry.event === 'device')
        if (answer) device = { ...named(answer) }
      } finally {
        log.journal.close()
      }
    }
    return 0
  } finally {
    unlock()
    for (const signal of signals) process.off(signal, pause)
    if (operator instanceof RigOperator) operator.close()
  }
}

/** One session, from wherever it stands to its seal. */
async function conduct(
  setup: Setup,
  log: Log,
  part: number,
  parts: number,
  device: Partial<DeviceAnswer>,
  operator: Operator,
): Promise<'complete' | 'paused'> {
  const { rig, options, protocol } = setup
  const folder = folderOf(options.out, part)
  if (existsSync(join(folder, SEAL))) return 'complete'
  const title = parts === 1 ? '' : ` (session ${part + 1} of ${parts})`
  await operator.say(`\n${protocol.title}${title}\nSession folder: ${folder}`)
  if (options.seal)
    await operator.say(
      'The session will be sealed at its end, and `rig seeds` takes down what was planted in a session that is not sealed: where anything is planted, pause (q) and go on with --resume --no-seal.',
    )
  const outcome = await runSession({
    folder,
    steps: partsOf(protocol)[part] ?? [],
    interface: setup.interface,
    tool: setup.tool,
    ntp: options.ntp ?? rig.ntp,
    canary: options.canary ?? rig.canary,
    device,
    log,
    operator,
  })
  if (outcome === 'paused') return outcome
  const captures = readdirSync(join(folder, 'captures'))
    .sort()
    .map((name) => `captures/${name}`)
  if (!existsSync(join(folder, SESSION))) writeWhole(join(folder, SESSION), sessionText(log.entries, captures))
  if (!options.seal) {
    await operator.say(`${folder} is complete and not sealed: \`domicile rig seal ${folder}\` does that.`)
    return outcome
  }
  const { files } = await sealSession(folder, systemClock.now())
  await operator.say(`${folder} is sealed: ${files.length} files. \`domicile upload ${folder} s3://…\` brings it home.`)
  return outcome
}

/** The session's folder with its journal: begun, or as an earlier run left it. @throws InputError where it is not what was asked for */
function openSession(setup: Setup, part: number, parts: number): Log {
  const { options, protocol, protocolText, rig, script } = setup
  const folder = folderOf(options.out, part)
  const sha256 = createHash('sha256').update(protocolText).digest('hex')
  // Of several sessions, the later ones are begun by the run itself.
  if (options.resume && part === 0 && beginningOf(folder) === null)
    throw new InputError(`there is no run to resume in ${folder}: leave --resume out to begin one`, { source: folder })
  mkdirSync(join(folder, 'captures'), { recursive: true })
  const log = new Log(Journal.open(folder), systemClock)
  const [first] = log.entries
  if (first === undefined) {
    writeWhole(join(folder, PROTOCOL), protocolText)
    const begin = {
      event: 'begin',
      session: sessionId(options, part),
      rig: { id: rig.id, ...(rig.place === undefined ? {} : { place: definedPlace(rig.place) }) },
      protocol: { id: protocol.id, sha256, part: part + 1, parts },
      interface: setup.interface,
      ...(script === null ? {} : { script }),
    } as const
    const wrong = faultsOf([{ ...begin, at: log.now() }])
    if (wrong.length > 0) {
      log.journal.close()
      throw new InputError(`the rig is not described rightly: ${wrong.join('; ')}`, { source: options.rig ?? '' })
    }
    log.add(begin)
  } else if (first.event !== 'begin' || first.protocol.sha256 !== sha256) {
    log.journal.close()
    throw new InputError(
      `${folder} was begun by another protocol, or this one was changed since: resume with ${join(folder, PROTOCOL)}`,
      { source: folder },
    )
  }
  if (first?.event === 'begin' && script !== null && first.script === undefined && !existsSync(join(folder, SEAL)))
    log.deviation('from here on a script answered for the operator')
  return log
}

/** @throws InputError where a folder holds anything that a run which never began did not leave there */
function refuseUsed(folder: string): void {
  if (!existsSync(folder)) return
  if (beginningOf(folder) !== null)
    throw new InputError(`${folder} has a run already: go on with --resume, or name another folder with -o`, {
      source: folder,
    })
  const isLeft = (name: string) =>
    [JOURNAL, PROTOCOL].includes(name) || (name === 'captures' && readdirSync(join(folder, name)).length === 0)
  if (!readdirSync(folder).every(isLeft))
    throw new InputError(`${folder} is not empty, and a session has a folder of its own: name another with -o`, {
      source: folder,
    })
}

/** `FOLDER`, `FOLDER-2` … */
const folderOf = (out: string, part: number) => {
  const folder = resolve(out)
  return part === 0 ? folder : `${folder}-${part + 1}`
}

function sessionId({ session, out }: RigRunOptions, part: number): string {
  const id = session ?? basename(resolve(out))
  if (!ID_PATTERN.test(id))
    throw new InputError(`${id} is no name for a session: name it with --session, in letters, digits, dots and hyphens`)
  return part === 0 ? id : `${id.slice(0, 60)}-${part + 1}`
}

async function operatorOf(
  protocol: Protocol,
  options: RigRunOptions,
  terminal: Terminal,
): Promise<{ readonly operator: RigOperator | ScriptedOperator; readonly script: Setup['script'] }> {
  const timeScale = Number(options.timeScale ?? 1)
  if (!(timeScale >= 1 && timeScale <= 1e6))
    throw new InputError(`--time-scale ${options.timeScale} is no number from 1 to 1000000: 60 makes an hour a minute`)
  if (options.script === undefined) {
    if (timeScale !== 1)
      throw new InputError('--time-scale is for scripts: a person waits as long as the protocol says')
    return { operator: new RigOperator(terminal), script: null }
  }
  const text = await readText(options.script)
  const sha256 = createHash('sha256').update(text).digest('hex')
  const show = (line: string) => terminal.out(`${line}\n`)
  const read = loadScript(text, { protocol, resumed: options.resume === true })
  const answers = acceptDocument(options.script, read.script, read.faults, terminal.err)
  return {
    operator: new ScriptedOperator(answers, timeScale, show),
    script: { sha256, timeScale },
  }
}

/** The rig, by its file and flags; when resuming, as the journal has it. */
async function equipmentOf(options: RigRunOptions): Promise<Pick<Setup, 'rig' | 'interface' | 'tool'>> {
  const earlier = options.resume ? beginningOf(resolve(options.out)) : null
  const file = options.rig === undefined ? null : readRigFile(await readText(options.rig), options.rig)
  const id = options.rigId ?? file?.id ?? earlier?.rig.id
  if (id === undefined || !ID_PATTERN.test(id))
    throw new InputError('the rig has no name: give its rig.yaml with --rig, or its name with --rig-id')
  const at = options.interface ?? file?.interface ?? earlier?.interface
  if (at === undefined)
    throw new InputError('there is no interface to capture on: name it with --interface, such as wlan0')
  const tool = options.tool ?? file?.tool ?? ((await versionOf('dumpcap')) === null ? 'tcpdump' : 'dumpcap')
  if (tool !== 'dumpcap' && tool !== 'tcpdump')
    throw new InputError(`--tool ${tool} is not known: write dumpcap or tcpdump`)
  const canary = options.canary ?? file?.canary
  if (canary !== undefined && !/^http:\/\/[^\s?#]+$/.test(canary))
    throw new InputError(
      `${canary} is no address for a canary: write http://HOST/ (in clear, so that captures show it)`,
    )
  const place = file?.place ?? earlier?.rig.place
  return { rig: { ...(file ?? {}), id, ...(place === undefined ? {} : { place }) }, interface: at, tool }
}

/** How a folder's run began; null where there is none. */
function beginningOf(folder: string): Extract<Entry, { event: 'begin' }> | null {
  const path = join(folder, JOURNAL)
  if (!existsSync(path)) return null
  const [first] = entriesOf(readFileSync(path), path).entries
  return first?.event === 'begin' ? first : null
}

const named = ({ model, firmware, addresses }: Omit<DeviceAnswer, 'state'>) => ({
  ...(model === undefined ? {} : { model }),
  ...(firmware === undefined ? {} : { firmware }),
  addresses,
})

const definedPlace = (place: NonNullable<RigFile['place']>) =>
  JSON.parse(JSON.stringify(place)) as { country: string; city?: string }
