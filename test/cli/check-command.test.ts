import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type CheckOptions, run } from '../../functions/cli/check-command.ts'
import { changed, declaration, session } from '../declare/fault-cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'check-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function check(files: readonly string[], options: CheckOptions = {}): Promise<{ status: number; out: string }> {
  let out = ''
  const status = await run(files, options, {
    out: async (text) => {
      out += text
    },
    err: () => undefined,
    interactive: false,
    color: false,
    stdin: (async function* () {})(),
    env: {},
  })
  return { status, out }
}

describe('check', () => {
  it('says that right files are right', async () => {
    const files = [file('declaration.yaml', declaration), file('session.yaml', session)]
    expect(await check(files, { asOf: '2015-01-10' })).toEqual({ status: 0, out: '2 files: 0 errors, 0 warnings\n' })
  })

  it('prints a line a fault that editors can follow, and fails', async () => {
    const path = file('wrong.yaml', changed(declaration, 'allow: [singapore]', 'allow: [singapur]'))
    expect(await check([path], { asOf: '2015-01-10' })).toEqual({
      status: 2,
      out:
        `${path}:26:31: error: services[1].phases[0].allow[0]: there is no place \`singapur\`: did you mean \`singapore\`?\n` +
        '1 file: 1 error, 0 warnings\n',
    })
  })

  it('passes a file that has warnings alone', async () => {
    const path = file('expired.yaml', declaration)
    const { status, out } = await check([path], { asOf: '2015-04-01' })
    expect(status).toBe(0)
    expect(out).toMatch(/:32:110: warning: waivers\[0\]\.expires: .*\n1 file: 0 errors, 1 warning\n$/)
  })

  it('holds a waiver to the last instant of its last day', async () => {
    const path = file('waiver.yaml', declaration)
    expect((await check([path], { asOf: '2015-03-31T15:59:59Z' })).out).toContain('0 warnings')
    expect((await check([path], { asOf: '2015-03-31T16:00:00Z' })).out).toContain('1 warning')
  })

  it('judges waivers as of now where nobody says otherwise', async () => {
    expect((await check([file('now.yaml', declaration)])).out).toContain('1 warning')
  })

  it('knows a script, by its kind or by its steps', async () => {
    const right = 'apiVersion: domicile/v1\nkind: Script\nsteps:\n  idle: { note: it rang }\n'
    expect(await check([file('answers.yaml', right)])).toEqual({ status: 0, out: '1 file: 0 errors, 0 warnings\n' })
    const wrong = file(
      'wrong-answers.yaml',
      'device: { state: boxed }\nsteps:\n  idle: { note: it is 001012345678902 }\n  sms: { skip: none, note: none }\n  call: { tell: 001012345678902 }\n',
    )
    const { status, out } = await check([wrong])
    expect(status).toBe(2)
    expect(out).toContain(`${wrong}:1:18: error: device.state: `)
    expect(out).toContain(`${wrong}:3:17: error: steps.idle.note: nobody's data belongs into a note`)
    expect(out).toContain(`${wrong}:4:16: error: steps.sms.skip: a step that is skipped is not done`)
    expect(out).toContain(`${wrong}:5:11: error: steps.call: unknown key: these are known here: `)
    expect(out).not.toContain('001012345678902')
  })

  it('checks the other files where one cannot be read', async () => {
    const right = file('right.yaml', session)
    const { status, out } = await check([join(folder, 'missing.yaml'), folder, right])
    expect(status).toBe(2)
    expect(out).toMatch(/missing\.yaml:1:1: error: the file cannot be read: /)
    expect(out).toContain('this is a folder: name the files in it')
    expect(out).toContain('3 files: 2 errors, 0 warnings')
  })

  it('refuses bytes that are not UTF-8, and UTF-16', async () => {
    const latin = file('latin.yaml', Buffer.from(declaration.replace('Data moves', 'D\xe4ta'), 'latin1'))
    const utf16 = file('utf16.yaml', Buffer.from(`\uFEFF${declaration}`, 'utf16le'))
    const { status, out } = await check([latin, utf16])
    expect(status).toBe(2)
    expect(out).toContain(`${latin}:6:11: error: these bytes are not UTF-8 text`)
    expect(out).toContain(`${utf16}:1:1: error: these bytes are not UTF-8 text`)
  })

  it('does not read a file that is far too long', async () => {
    const { status, out } = await check([file('long.yaml', Buffer.alloc(10 * 2 ** 20, 0x61))])
    expect(status).toBe(2)
    expect(out).toContain('check that this is the right file')
  })

  it('prints one JSON document where it is asked to', async () => {
    const path = file('json.yaml', changed(session, 'id: delhi-1', 'id: delhi 1'))
    const { status, out } = await check([path], { json: true })
    expect(status).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      files: [{ file: path, kind: 'Session', faults: [{ line: 3, column: 5, path: 'id', severity: 'error' }] }],
      errors: 1,
      warnings: 0,
    })
  })
})
