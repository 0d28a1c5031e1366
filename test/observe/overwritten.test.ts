import { describe, expect, it } from 'vitest'
import { lostContents, overwrittenLedger, standingOf } from '../../functions/observe/overwritten.ts'

const modified = new Date('2014-11-03T10:00:00Z')
const standing = standingOf([
  { size: 10, sha256: 'a' },
  { size: 10, sha256: 'b' },
  { size: 20, sha256: 'c' },
])

/** Versions of contents that are lost, of which those with a hash are known. */
async function lost(...replaced: readonly (readonly [version: string, size: number, sha256: string | null])[]) {
  const asked: string[] = []
  const contents = replaced.map(([version, size, sha256]) => ({ version, size, modified, sha256 }))
  const found = await lostContents(contents, standing, async ({ version, sha256 }) => {
    asked.push(version)
    return sha256
  })
  return { versions: found.map(({ version }) => version), asked }
}

describe('a content that was replaced', () => {
  it('is lost where no capture holds its bytes', async () => {
    expect((await lost(['v1', 10, 'a'], ['v2', 10, 'c'], ['v3', 20, 'c'])).versions).toEqual(['v2'])
  })

  it('is lost without another look where none has its size, and where its bytes are not known', async () => {
    expect(await lost(['v1', 11, 'a'], ['v2', 10, null])).toEqual({ versions: ['v1', 'v2'], asked: ['v2'] })
  })

  it('is no loss where it is empty', async () => {
    expect(await lost(['v1', 0, 'x'])).toEqual({ versions: [], asked: [] })
  })
})

describe('the account of what a capture replaced', () => {
  const capture = { source: 'day-1/captures/a.log', session: 'day-1' }

  it('names version, time and size, and what to do', () => {
    expect(overwrittenLedger(capture, [{ version: 'v1', size: 10, modified }])).toMatchObject({
      source: 'day-1/captures/a.log (overwritten)',
      session: 'day-1',
      size: 10,
      records: 0,
      error: expect.stringMatching(/^an earlier upload .*: version v1 of 2014-11-03T10:00:00Z, 10 bytes\. Upload them/),
    })
  })

  it('is one of many, by the last of them, and none of none', () => {
    const two = ['v2', 'v1'].map((version) => ({ version, size: 10, modified }))
    expect(overwrittenLedger(capture, two)?.error).toMatch(/^2 earlier uploads .* the last of them version v2 of/)
    expect(overwrittenLedger(capture, [])).toBeNull()
  })
})
