/** `domicile rig seeds`: takes down what was planted on a session's device, so that only who has the key can read it. */
import { randomBytes } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { parseDocument } from 'yaml'
import { loadSession } from '../declare/load.ts'
import { SEAL, SESSION, sealedRecord } from '../declare/seal.ts'
import { InputError } from '../errors.ts'
import type { Seed, SeedKind, SeedList, Session } from '../model.ts'
import { SEED_KINDS } from '../net/seed-kinds.ts'
import { filesOf, textOf, writeWhole } from '../rig/session-folder.ts'
import { IV_BYTES } from '../seeds/envelope.ts'
import { keepSeeds, openSeeds } from '../seeds/open-seeds.ts'
import { acceptDocument } from './documents.ts'
import { readPlace } from './places.ts'
import { isS3Url } from './s3-url.ts'
import { addSeed, readSeedFile } from './seed-file.ts'
import { givenSeedKey, SEED_KEY_VARIABLE, type UnwrapKey } from './seed-keys.ts'
import { type SecretPrompt, secretPrompt } from './seed-prompt.ts'
import { clearValues } from './seeds-in-clear.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface SeedsOptions {
  readonly key?: string
  readonly from?: string
  readonly replace?: true
}

/** What the command asks of the world beside its terminal. */
export interface SeedsWorld {
  /** null where nobody can be asked. */
  readonly prompt: () => SecretPrompt | null
  readonly unwrap?: UnwrapKey
}

const system: SeedsWorld = {
  prompt: () => (process.stdin.isTTY ? secretPrompt(process.stdin, (text) => process.stderr.write(text)) : null),
}

/**
 * Writes the envelope and the `seeds` of `session.yaml`, whose other keys and comments stay.
 *
 * @throws InputError where the session is sealed or has identifiers already, or there is no key; with what is wrong with values;
 * and where one of them stands in clear in a text of the session
 */
export async function run(
  session: string,
  options: SeedsOptions,
  terminal: Terminal,
  world: SeedsWorld = system,
): Promise<ExitStatus> {
  const folder = basename(session) === SESSION ? dirname(session) : session
  const path = join(folder, SESSION)
  const text = openSession(folder, path, options, terminal)
  const key = await givenSeedKey(options.key, terminal.env, world.unwrap)
  if (key === null)
    throw new InputError(
      `no seed key is given: \`domicile rig key -o seed.key\` makes one, and --key seed.key or ${SEED_KEY_VARIABLE} names it`,
    )
  refuseInside(folder, options.key ?? terminal.env[SEED_KEY_VARIABLE], 'the key')
  const seeds = options.from === undefined ? await asked(world) : await listed(options.from, folder)
  if (seeds.length === 0) throw new InputError(`nothing was planted, and ${path} stays as it is`, { source: path })
  const { list, envelope } = keepSeeds(seeds, key, randomBytes(IV_BYTES))
  const written = withSeeds(text, list)
  const { session: loaded, faults } = loadSession(written, path)
  const read = acceptDocument(path, loaded, faults, () => {})
  refuseClear(folder, seeds, read, list.envelope)
  openSeeds(read.seeds ?? list, envelope, key)
  // The envelope first: a session that names one is never without it.
  writeWhole(join(folder, list.envelope), Buffer.from(envelope).toString('utf8'))
  writeWhole(path, written)
  const kept = seeds.map(({ id }) => id).join(', ')
  await terminal.out(`${path} has ${seeds.length} planted identifiers (${kept}), kept with the seed key ${key.id}\n`)
  if (options.from !== undefined) terminal.err(`domicile rig seeds: ${options.from} has them in clear: remove it\n`)
  return 0
}

/** The text of a session to which identifiers can be added. */
function openSession(folder: string, path: string, options: SeedsOptions, terminal: Terminal): string {
  const refused = (why: string) => new InputError(`${path} ${why}`, { source: path })
  if (isS3Url(folder)) throw refused('is in a bucket: identifiers are added on the rig, before a session is uploaded')
  const text = textOf(path)
  if (text === null) throw refused('is not there: name the folder of a session')
  if (textOf(join(folder, SEAL)) !== null || sealedRecord(text) !== null)
    throw refused('is sealed, and nothing can be added to it: add identifiers before `rig seal` (`rig run --no-seal`)')
  const { session, faults } = loadSession(text, path)
  const { seeds } = acceptDocument(path, session, faults, terminal.err)
  if (seeds !== undefined && !options.replace)
    throw refused(`has ${seeds.seeds.length} planted identifiers already: --replace puts others in their place`)
  return text
}

/** Whoever has a session's folder must not find there what opens its envelope. */
function refuseInside(folder: string, file: string | undefined, what: string): void {
  if (file === undefined || isS3Url(file)) return
  const from = relative(realpathSync(folder), realpathSync(file))
  if (from.startsWith(`..${sep}`) || from.startsWith(sep)) return
  throw new InputError(`${file}: ${what} must not be in the session's folder, which is uploaded: move it elsewhere`, {
    source: file,
  })
}

/** Bytes; what is longer is no text of a rig. */
const LONGEST_TEXT = 64 * 1024 * 1024

/** @throws InputError with the file and line of every value that the seal would keep in clear, without the value */
function refuseClear(folder: string, seeds: readonly Seed[], session: Session, envelope: string): void {
  const others = new Set([envelope, ...session.captures.flatMap(({ file, keys }) => [file, keys ?? file])])
  const texts = filesOf(folder).filter(
    (file) => !file.startsWith('captures/') && !others.has(file) && statSync(join(folder, file)).size <= LONGEST_TEXT,
  )
  const read = new Map(texts.map((file) => [file, textOf(join(folder, file)) ?? '']))
  const found = clearValues(seeds, read, session.device?.addresses ?? [])
  if (found.length === 0) return
  const lines = found.map(
    ({ file, line, seed }) => `${join(folder, file)}:${line}: the planted ${seed} stands here in clear`,
  )
  throw new InputError(
    `${lines.join('\n')}\nnothing was written: take ${found.length === 1 ? 'it' : 'them'} out, for everybody who has the session can read these files, and run \`rig seeds\` again`,
    { source: folder },
  )
}

function withSeeds(text: string, list: SeedList): string {
  const document = parseDocument(text)
  document.set('seeds', document.createNode(list))
  return document.toString({ lineWidth: 0 })
}

/** Of which people or devices often have several. */
const OFTEN_MORE: ReadonlySet<SeedKind> = new Set([
  'imei',
  'imsi',
  'iccid',
  'phone',
  'contact-name',
  'contact-phone',
  'message',
  'email',
  'account',
])

async function listed(path: string, folder: string): Promise<readonly Seed[]> {
  const file = await readPlace(path)
  refuseInside(folder, path, 'the list of values')
  return readSeedFile(file, path)
}

async function asked(world: SeedsWorld): Promise<readonly Seed[]> {
  const prompt = world.prompt()
  if (prompt === null)
    throw new InputError('there is no terminal to ask in: --from seeds.yaml reads a list of kinds and values')
  const seeds: Seed[] = []
  try {
    prompt.say('What was planted on the device? Nothing that is typed is shown. Enter alone where there is none.\n')
    for (const [kind, { title }] of Object.entries(SEED_KINDS) as [SeedKind, { title: string }][])
      await askFor(kind, title, seeds, prompt)
  } finally {
    prompt.close()
  }
  return seeds
}

/** Asks until there is no other. */
async function askFor(kind: SeedKind, title: string, seeds: Seed[], prompt: SecretPrompt): Promise<void> {
  for (let question = `${title}: `; ; ) {
    const value = await prompt.ask(question)
    if (value === '') return
    const fault = addSeed(seeds, kind, value)
    prompt.say(fault === null ? `  taken: ${[...value].length} characters\n` : `  ${fault}\n`)
    if (fault !== null) continue
    if (!OFTEN_MORE.has(kind)) return
    question = `another ${title}: `
  }
}
