import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSession } from '../../functions/cli/documents.ts'
import { run as rigSeeds, type SeedsOptions } from '../../functions/cli/rig-seeds-command.ts'
import { run as rigKey } from '../../functions/cli/seed-key-command.ts'
import { givenSeedKey, openedSeeds } from '../../functions/cli/seed-keys.ts'
import { type SecretPrompt, secretPrompt } from '../../functions/cli/seed-prompt.ts'
import { sealSession } from '../../functions/rig/seal-session.ts'
import { session } from '../declare/fault-cases.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

let folder = ''
let key = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-seeds-'))
  key = join(folder, 'seed.key')
  await rigKey({ out: key }, memoryTerminal())
})
afterAll(() => rmSync(folder, { recursive: true }))

const commented = session
  .replace('id: delhi-1', '# the second run of the day\nid: delhi-1 # as on the label')
  .replace(/captures:\n(.*\n)*/, '')

/** A session's folder of its own. */
function made(name: string, text = commented): string {
  const path = join(folder, name)
  mkdirSync(join(path, 'captures'), { recursive: true })
  writeFileSync(join(path, 'session.yaml'), text)
  writeFileSync(join(path, 'captures', 'a.pcap'), 'no capture')
  return path
}

function listOf(name: string, text: string): string {
  const path = join(folder, `${name}.yaml`)
  writeFileSync(path, text)
  return path
}

const values = ['001012345678902', '+12025550143', 'Ann Example', 'Bob Example', '28.6139,77.2090']
const list = `# of the phone with the blue sticker
imei: 001012345678902
phone: "+12025550143"
contact-name: [Ann Example, Bob Example]
location: 28.6139,77.2090
`

const seeds = (path: string, options: SeedsOptions, prompt: SecretPrompt | null = null, env = {}) => {
  const terminal = memoryTerminal({ env })
  return rigSeeds(path, options, terminal, { prompt: () => prompt }).then((status) => ({ status, terminal }))
}

/** What the session's folder gives back with its key. */
async function opened(path: string) {
  const read = await readSession(join(path, 'session.yaml'), () => {})
  return openedSeeds(read, async (name) => readFileSync(join(path, name)), await givenSeedKey(key, {}))
}

/** Everything below a folder that is text. */
const everything = (path: string): string =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')

describe('rig key', () => {
  it('makes a key that its owner alone may read, and tells its id', async () => {
    const out = join(folder, 'another.key')
    const terminal = memoryTerminal()
    expect(await rigKey({ out }, terminal)).toBe(0)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(readFileSync(out, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    expect(terminal.stdout).toBe(`${out} has the seed key ${(await givenSeedKey(out, {}))?.id}\n`)
    expect(readFileSync(out, 'utf8')).not.toBe(readFileSync(key, 'utf8'))
  })

  it('never overwrites a file', async () => {
    const before = readFileSync(key, 'utf8')
    await expect(rigKey({ out: key }, memoryTerminal())).rejects.toThrow('no key is ever overwritten: name another')
    expect(readFileSync(key, 'utf8')).toBe(before)
  })

  it.each([
    ['s3://bucket/seed.key', 'a key belongs to the rig'],
    ['/no/such/folder/seed.key', 'there is no such file or folder'],
  ])('says why it cannot write %s', async (out, why) => {
    await expect(rigKey({ out }, memoryTerminal())).rejects.toThrow(`${out}: ${why}`)
  })
})

describe('rig seeds', () => {
  it('writes keyed hashes and the envelope, and keeps comments and order', async () => {
    const path = made('listed')
    const { status, terminal } = await seeds(path, { key, from: listOf('listed', list) })
    expect(status).toBe(0)
    const text = readFileSync(join(path, 'session.yaml'), 'utf8')
    const withoutPadding = text.replaceAll('[ ', '[').replaceAll(' ]', ']')
    expect(withoutPadding.startsWith(`${commented}seeds:\n  key: `)).toBe(true)
    expect(await opened(path)).toEqual([
      { id: 'imei', kind: 'imei', value: values[0] },
      { id: 'phone', kind: 'phone', value: values[1] },
      { id: 'contact-name', kind: 'contact-name', value: values[2] },
      { id: 'contact-name-2', kind: 'contact-name', value: values[3] },
      { id: 'location', kind: 'location', value: values[4] },
    ])
    expect(terminal.stdout).toContain('5 planted identifiers (imei, phone, contact-name, contact-name-2, location)')
    expect(terminal.stderr).toContain('has them in clear: remove it')
  })

  it('leaves no value in any file or message', async () => {
    const path = made('silent')
    const { terminal } = await seeds(path, { key, from: listOf('silent', list) })
    for (const value of values)
      for (const text of [everything(path), terminal.stdout, terminal.stderr]) {
        expect(text).not.toContain(value)
        expect(text).not.toContain(Buffer.from(value).toString('base64').replace(/=+$/, ''))
      }
  })

  it.each([
    ['journal.jsonl', '{"event":"end"}\n{"what":"curl: http://example.com/?imei=001012345678902"}\n', 2, 'imei'],
    ['protocol.yaml', 'title: call 00-101234-567890-2\n', 1, 'imei'],
    ['logs/wlan0-1.log', 'one\ntwo\nimei=0010123456789012 asked\n', 3, 'imei'],
    ['journal.jsonl', '{"what":"called +1 (202) 555-0143 twice"}\n', 1, 'phone'],
    ['journal.jsonl', '{"what":"wrote to EXAMPLE, Ann"}\n', 1, 'contact-name'],
    ['notes.txt', 'at 28.6139, 77.2090\n', 1, 'location'],
  ])('refuses values that stand in clear in %s, and names the line and no value', async (file, text, line, id) => {
    const path = made('clear')
    rmSync(path, { recursive: true })
    made('clear')
    mkdirSync(join(path, 'logs'))
    writeFileSync(join(path, file), text)
    const error = String(await seeds(path, { key, from: listOf('clear', list) }).catch((refusal: unknown) => refusal))
    expect(error).toBe(
      `InputError: ${join(path, file)}:${line}: the planted ${id} stands here in clear\nnothing was written: take it out, for everybody who has the session can read these files, and run \`rig seeds\` again`,
    )
    expect(readFileSync(join(path, 'session.yaml'), 'utf8')).toBe(commented)
    expect(existsSync(join(path, 'seeds.json.enc'))).toBe(false)
  })

  it('refuses a value in session.yaml, but for the addresses that it names as its device’s and the name of a carrier', async () => {
    const path = made('stated', `${commented}deviations: [the carrier Example Mobile was absent]\n`)
    const stated = String((await readSession(join(path, 'session.yaml'), () => {})).device.addresses[0])
    const from = listOf('stated', `wifi-mac: "${stated}"\ncarrier: Example Mobile\n`)
    expect((await seeds(path, { key, from })).status).toBe(0)
    const account = listOf('account', 'account: absent\n')
    await expect(seeds(path, { key, from: account, replace: true })).rejects.toThrow(
      /session\.yaml:\d+: the planted account stands here in clear/,
    )
  })

  it('takes no part of another word or number for a value', async () => {
    const path = made('parts')
    writeFileSync(join(path, 'journal.jsonl'), '{"at":"2026-11-23T01:02:03.123456Z","what":"presents"}\n')
    expect((await seeds(path, { key, from: listOf('parts', 'account: [sent, "123456"]\n') })).status).toBe(0)
  })

  it('takes the key from the environment too, and session.yaml for its folder', async () => {
    const path = made('environment')
    const from = listOf('environment', list)
    await seeds(join(path, 'session.yaml'), { from }, null, { DOMICILE_SEED_KEY_FILE: key })
    expect(await opened(path)).toHaveLength(5)
  })

  it('puts others in the place of those that are there only where it is told to', async () => {
    const path = made('replaced')
    await seeds(path, { key, from: listOf('first', list) })
    const from = listOf('second', 'imei: "001012345678902"\n')
    await expect(seeds(path, { key, from })).rejects.toThrow('has 5 planted identifiers already: --replace puts others')
    await seeds(path, { key, from, replace: true })
    expect(await opened(path)).toEqual([{ id: 'imei', kind: 'imei', value: '001012345678902' }])
  })

  it('refuses a sealed session', async () => {
    const path = made('sealed')
    await sealSession(path, 1_400_000_000_000_000)
    const before = everything(path)
    await expect(seeds(path, { key, from: listOf('sealed', list) })).rejects.toThrow(
      'is sealed, and nothing can be added',
    )
    expect(everything(path)).toBe(before)
  })

  it('can be sealed afterwards, and opened then', async () => {
    const path = made('then-sealed')
    await seeds(path, { key, from: listOf('then-sealed', list) })
    await sealSession(path, 1_400_000_000_000_000)
    expect(await opened(path)).toHaveLength(5)
  })

  it('tells every fault of a list with its line, and no value', async () => {
    const path = made('faulty')
    const text = `imei: 001012345678903\nimsi: [001010123456789, 001010123456789]\n001012345678902: imei\nphone: {a: 1}\nwifi-mac:\n`
    const from = listOf('faulty', text)
    const error = await seeds(path, { key, from }).catch((refusal: unknown) => refusal)
    expect(String(error)).toBe(
      `InputError: ${from}: line 1: imei: its check digit is wrong: a digit is mistyped\n` +
        `${from}: line 2: imsi: it is given twice\n` +
        `${from}: line 3: no kind of identifier: write one of imei, imsi, iccid, phone, carrier, wifi-mac, bluetooth-mac, android-id, advertising-id, contact-name, contact-phone, message, location, email, account, serial\n` +
        `${from}: line 4: phone: write a value, or a list of values\n` +
        `${from}: line 5: wifi-mac: it is empty`,
    )
    expect(existsSync(join(path, 'seeds.json.enc'))).toBe(false)
    expect(readFileSync(join(path, 'session.yaml'), 'utf8')).toBe(commented)
  })

  it.each([
    ['imei: [001012345678902', 'line 1: no YAML that is read here'],
    ['- imei', 'line 1: write a kind and a value in each line, such as `imei: "001012345678902"`'],
    ['{}', 'nothing was planted'],
  ])('says what is wrong with a list such as %j', async (text, why) => {
    await expect(seeds(made('lists'), { key, from: listOf('lists', text) })).rejects.toThrow(why)
  })

  it('refuses a key or a list within the folder, which is uploaded', async () => {
    const path = made('within')
    const from = join(path, 'seeds.yaml')
    writeFileSync(from, list)
    await expect(seeds(path, { key, from })).rejects.toThrow("must not be in the session's folder")
    const inside = join(path, 'seed.key')
    await rigKey({ out: inside }, memoryTerminal())
    await expect(seeds(path, { key: inside, from: listOf('within', list) })).rejects.toThrow('the key must not be')
  })

  it('says what is missing', async () => {
    const path = made('missing')
    const from = listOf('missing', list)
    await expect(seeds(path, { from })).rejects.toThrow(
      'no seed key is given: `domicile rig key -o seed.key` makes one',
    )
    await expect(seeds(path, { key })).rejects.toThrow('there is no terminal to ask in: --from seeds.yaml')
    await expect(seeds(join(folder, 'nothing'), { key, from })).rejects.toThrow(
      'is not there: name the folder of a session',
    )
    await expect(seeds('s3://bucket/session', { key, from })).rejects.toThrow('is in a bucket')
    await expect(seeds(made('broken', 'kind: Session\n'), { key, from })).rejects.toThrow('`apiVersion` is missing')
  })
})

describe('a person who is asked', () => {
  /** Answers as they are typed; what is shown. */
  function person(...answers: readonly string[]) {
    const keys = new PassThrough()
    let shown = ''
    const prompt = secretPrompt(keys, (text) => {
      shown += text
      const answer = text.endsWith(': ') ? (answers[asked++] ?? '\r') : undefined
      if (answer !== undefined) setImmediate(() => keys.write(answer))
    })
    let asked = 0
    return { prompt, shown: () => shown }
  }

  it('sees what is wrong, and nothing of what was typed', async () => {
    const path = made('asked')
    const { prompt, shown } = person(
      '001012345678903\r',
      '00101234567890\x7f02\r',
      '\r',
      ' 001010123456789 \r',
      '\r',
      '\r',
      '+1 202 555 0143\r',
    )
    expect((await seeds(path, { key }, prompt)).status).toBe(0)
    expect(await opened(path)).toEqual([
      { id: 'imei', kind: 'imei', value: '001012345678902' },
      { id: 'imsi', kind: 'imsi', value: '001010123456789' },
      { id: 'phone', kind: 'phone', value: '+1 202 555 0143' },
    ])
    expect(shown()).toContain(
      'IMEI: \n  its check digit is wrong: a digit is mistyped\nIMEI: \n  taken: 15 characters\n',
    )
    expect(shown()).toContain('another IMEI: \nIMSI: \n  taken: 15 characters\n')
    expect(shown()).not.toMatch(/0010|202 555/)
  })

  it.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('may leave with %s, and nothing is written', async (_what, keys) => {
    const path = made('left')
    const { prompt } = person('001012345678902\r', keys)
    await expect(seeds(path, { key }, prompt)).rejects.toThrow('cancelled: nothing was written')
    expect(readFileSync(join(path, 'session.yaml'), 'utf8')).toBe(commented)
    expect(existsSync(join(path, 'seeds.json.enc'))).toBe(false)
  })
})

describe('a seed key of a command', () => {
  it('is none where nobody names one', async () => {
    expect(await givenSeedKey(undefined, {})).toBeNull()
    expect(await givenSeedKey(undefined, { DOMICILE_SEED_KEY_FILE: '' })).toBeNull()
  })

  it('may be wrapped by a key service', async () => {
    const wrapped = listOf('wrapped', 'kms:AQID\n')
    const unwrap = async (bytes: Uint8Array) => new Uint8Array(32).fill(bytes.length)
    expect((await givenSeedKey(wrapped, {}, unwrap))?.id).toMatch(/^[0-9a-f]{16}$/)
    const deaf = () => Promise.reject(new Error('no right'))
    await expect(givenSeedKey(wrapped, {}, deaf)).rejects.toThrow('the key service does not decrypt it: no right')
    await expect(givenSeedKey(wrapped, {}, async () => new Uint8Array(5))).rejects.toThrow(
      'what the key service decrypted is no seed key: a seed key has 32 bytes, and this has 5',
    )
  })

  it('of another session is refused, with both ids', async () => {
    const path = made('another-key')
    await seeds(path, { key, from: listOf('another-key', list) })
    const other = join(folder, 'other.key')
    await rigKey({ out: other }, memoryTerminal())
    const read = await readSession(join(path, 'session.yaml'), () => {})
    const ids = await Promise.all([key, other].map(async (file) => (await givenSeedKey(file, {}))?.id))
    await expect(
      openedSeeds(read, async (name) => readFileSync(join(path, name)), await givenSeedKey(other, {})),
    ).rejects.toThrow(
      `session delhi-1: the session's identifiers are kept with the seed key ${ids[0]}, and the one that is given is ${ids[1]}`,
    )
  })

  it('is not needed where nothing was planted, and nothing is looked for without it', async () => {
    const bare = await readSession(join(made('bare'), 'session.yaml'), () => {})
    const never = () => Promise.reject(new Error('nothing is to be read'))
    expect(await openedSeeds(bare, never, await givenSeedKey(key, {}))).toBeUndefined()
    const path = made('unasked')
    await seeds(path, { key, from: listOf('unasked', list) })
    expect(await openedSeeds(await readSession(join(path, 'session.yaml'), () => {}), never, null)).toBeUndefined()
  })
})
