import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadSession } from '../../functions/declare/load.ts'
import { openSeal, sealText, verifySeal } from '../../functions/declare/seal.ts'
import { DeclarationError, InputError } from '../../functions/errors.ts'
import { sealSession } from '../../functions/rig/seal-session.ts'
import { checkSeal } from '../../functions/rig/session-folder.ts'
import { sessionFolder } from './session.ts'

const at = Date.UTC(2026, 10, 23) * 1000
let folder = ''
const path = (file: string) => join(folder, file)
const faults = async () => (await checkSeal(folder)).faults.map(({ file, how }) => `${file} ${how}`)

beforeEach(() => {
  folder = sessionFolder()
})

describe('sealing', () => {
  it('lists every other file with its size and hash, and keeps what the session says', async () => {
    const before = loadSession(readFileSync(path('session.yaml'), 'utf8'), '').session
    const { files } = await sealSession(folder, at)
    expect(files.map(({ file }) => file)).toEqual([
      'captures/wlan0-1.pcapng',
      'journal.jsonl',
      'logs/wlan0-1.dumpcap.log',
    ])
    const text = readFileSync(path('session.yaml'), 'utf8')
    expect(text).toContain('# What was done in Delhi.')
    expect(loadSession(text, '')).toEqual({ session: before, faults: [] })
    expect(JSON.parse(readFileSync(path('seal.json'), 'utf8'))).toMatchObject({
      v: 1,
      sealedAt: '2026-11-23T00:00:00Z',
    })
    expect(await checkSeal(folder)).toMatchObject({ sealed: { files }, faults: [] })
  })

  it('is done once', async () => {
    await sealSession(folder, at)
    await expect(sealSession(folder, at)).rejects.toThrow('is sealed already')
  })

  it('goes on where it was cut short between its two files', async () => {
    await sealSession(folder, at)
    rmSync(path('seal.json'))
    expect(await faults()).toEqual(['seal.json missing'])
    await sealSession(folder, at + 1e6)
    expect(await faults()).toEqual([])
  })

  it('refuses a session that is faulty, lists what is not there, or has links', async () => {
    const text = readFileSync(path('session.yaml'), 'utf8')
    writeFileSync(path('session.yaml'), text.replace('id: rig-delhi', 'id: rig delhi'))
    await expect(sealSession(folder, at)).rejects.toThrow(DeclarationError)
    writeFileSync(path('session.yaml'), `${text}  - { file: captures/gone.pcap }\n`)
    await expect(sealSession(folder, at)).rejects.toThrow('captures/gone.pcap')
    writeFileSync(path('session.yaml'), text)
    symlinkSync('/etc/hostname', path('captures/link'))
    await expect(sealSession(folder, at)).rejects.toThrow(InputError)
    expect(existsSync(path('seal.json'))).toBe(false)
  })
})

describe('a deviation with a long number', () => {
  const note = 'deviations: ["called 12025550143"]\n'

  it('is refused by the seal, which nobody can take it out of again', async () => {
    writeFileSync(path('session.yaml'), `${readFileSync(path('session.yaml'), 'utf8')}${note}`)
    const error = String(await sealSession(folder, at).catch((refusal: unknown) => refusal))
    expect(error).toMatch(/session\.yaml:10:\d+: deviations\[0\]: has a long number/)
    expect(error).not.toContain('2025550143')
    expect(existsSync(path('seal.json'))).toBe(false)
  })
})

describe('a sealed session', () => {
  it('is broken by any bit of any of its files', async () => {
    await sealSession(folder, at)
    for (const file of [
      'session.yaml',
      'seal.json',
      'captures/wlan0-1.pcapng',
      'journal.jsonl',
      'logs/wlan0-1.dumpcap.log',
    ]) {
      const bytes = readFileSync(path(file))
      // Every bit of the small files; of a long one the bits of bytes at regular distances, its first and its last.
      const step = Math.max(1, Math.floor(bytes.length / 150))
      for (
        let i = 0;
        i < bytes.length;
        i = i === bytes.length - 1 ? bytes.length : Math.min(i + step, bytes.length - 1)
      ) {
        const altered = Buffer.from(bytes)
        altered[i] = (altered[i] ?? 0) ^ (1 << (i % 8))
        writeFileSync(path(file), altered)
        expect(await faults(), `${file}, byte ${i}`).not.toEqual([])
      }
      writeFileSync(path(file), bytes)
      expect(await faults()).toEqual([])
    }
  })

  it('is broken by files that are gone, new, longer or called otherwise', async () => {
    await sealSession(folder, at)
    writeFileSync(path('captures/more.pcapng'), '')
    expect(await faults()).toEqual(['captures/more.pcapng extra'])
    rmSync(path('captures/more.pcapng'))
    writeFileSync(path('journal.jsonl'), '\n', { flag: 'a' })
    expect(await faults()).toEqual(['journal.jsonl altered'])
    renameSync(path('journal.jsonl'), path('journal.json'))
    expect(await faults()).toEqual(['journal.json extra', 'journal.jsonl missing'])
  })

  it('is not made anew by taking the seal and its hashes away from one file only', async () => {
    await sealSession(folder, at)
    const text = readFileSync(path('session.yaml'), 'utf8')
    rmSync(path('seal.json'))
    expect(await faults()).toEqual(['seal.json missing'])
    writeFileSync(path('session.yaml'), text.replace(/^files:\n( .*\n)+/m, ''))
    expect(await faults()).toEqual(['seal.json missing'])
  })
})

describe('the parts of a seal', () => {
  const listed = [{ file: 'a', size: 1, sha256: 'x' }]

  it('say how each file differs', () => {
    expect(verifySeal(listed, listed)).toEqual([])
    expect(verifySeal(listed, [])).toMatchObject([{ file: 'a', how: 'missing' }])
    expect(verifySeal(listed, [{ file: 'a', size: 2, sha256: 'x' }])).toMatchObject([{ how: 'altered' }])
    expect(verifySeal(listed, [{ file: 'a', size: 1, sha256: 'y' }])).toMatchObject([{ how: 'altered' }])
  })

  it('know a session that never was sealed from one whose seal is wrong', () => {
    const session = { text: 'id: a\n', size: 6, sha256: 'h' }
    expect(openSeal(session, null)).toEqual({ sealed: null, faults: [] })
    expect(openSeal(session, sealText(session, '2026-11-23T00:00:00Z')).faults).toHaveLength(1)
  })
})
