import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SnapshotError } from '../../functions/errors.ts'
import { listKept } from '../../functions/reference/list-kept.ts'
import { openReference } from '../../functions/reference/open-reference.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { referenceKey } from '../../functions/store/reference-key.ts'
import { mmdb } from '../support/mmdb.ts'

const nameOf = (key: string) => `/somewhere/${key}`

async function keep(date: string, built: number) {
  const store = new FolderStore(mkdtempSync(join(tmpdir(), 'database-')))
  const bytes = mmdb({ '93.184.216.0/24': { country_code: 'NL' } }, { built })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = referenceKey({ source: 'database/city', date, sha256, extension: 'mmdb' })
  await store.write(key, bytes)
  const open = async () => await openReference(store, { databases: false, nameOf })
  return { store, key, open }
}

describe('a kept database', () => {
  it.each([
    [
      'of another day than its name says',
      '2014-11-03',
      Date.UTC(2014, 10, 2) / 1000,
      /says 2014-11-03, and it was built on 2014-11-02/,
    ],
    ['of the year 10000', '9999-12-31', 253402300800, /no time that can be/],
    ['of a time beyond all dates', '9999-12-31', 2 ** 45, /no time that can be/],
  ])('that is %s is refused by its name, and listed as broken', async (_, date, built, message) => {
    const { store, key, open } = await keep(date, built)
    const refused = await open().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(SnapshotError)
    expect(String(refused)).toContain(nameOf(key))
    expect(String(refused)).toMatch(message)
    expect(await listKept(store, nameOf)).toMatchObject([
      { source: 'database/city', error: expect.stringContaining(nameOf(key)) },
    ])
  })

  it('of the day in its name is opened', async () => {
    const { open } = await keep('2014-11-02', Date.UTC(2014, 10, 2) / 1000)
    expect((await open()).snapshots).toMatchObject([{ source: 'database/city', date: '2014-11-02' }])
  })
})
