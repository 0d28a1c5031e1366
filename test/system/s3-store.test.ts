import { GetObjectRetentionCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { createS3Client } from '../../functions/store/s3-client.ts'
import { S3Store } from '../../functions/store/s3-store.ts'
import { makeBucket, s3Endpoint, withoutS3 } from '../support/s3-server.ts'
import { bytes, keepsTheContract } from '../support/store-contract.ts'

const isAws = s3Endpoint.includes('amazonaws.com')

describe.skipIf(s3Endpoint === '')(`a bucket of a real server${withoutS3}`, () => {
  const client = createS3Client()

  keepsTheContract('a bucket', async () => new S3Store(client, await makeBucket()))
  // In a bucket that keeps versions, Ceph does not hold to If-None-Match, and refuses every If-Match; AWS holds to both.
  keepsTheContract(
    'a bucket with versions',
    async () => new S3Store(client, await makeBucket({ versioned: true })),
    isAws,
  )

  it('gives earlier versions, and says that one is gone', async () => {
    const store = new S3Store(client, await makeBucket({ versioned: true }))
    await store.write('k', bytes('1'))
    const first = await store.facts('k')
    await store.write('k', bytes('22'))
    expect(Buffer.from(await store.read('k', first?.version)).toString()).toBe('1')
    expect(await store.listReplaced('')).toEqual([first])
    await expect(store.read('k', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).rejects.toThrow(/not there \(any more\)/)
  })

  it('goes on where a listing has more than a page', { timeout: 120_000 }, async () => {
    const store = new S3Store(client, await makeBucket({ versioned: true }))
    const keys = Array.from({ length: 1100 }, (_, i) => `k ${String(i).padStart(4, '0')}`)
    const waiting = keys.values()
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (const key of waiting) await store.write(key, bytes(key))
      }),
    )
    expect(await store.list('')).toEqual(keys)
    expect((await store.listFacts('')).map(({ key }) => key)).toEqual(keys)
  })

  it('gives every key once where a page of the listing ends at a key that a URL would write otherwise', {
    timeout: 120_000,
  }, async () => {
    const store = new S3Store(client, await makeBucket({ versioned: true }))
    const keys = ['a b%41', 'c+ü %20.gz', 'd']
    await store.write(keys[0] ?? '', bytes('1'))
    const waiting = Array.from({ length: 1200 }, (_, i) => String(i)).values()
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (const text of waiting) await store.write(keys[1] ?? '', bytes(text))
      }),
    )
    await store.write(keys[2] ?? '', bytes('1'))
    expect((await store.listFacts('')).map(({ key }) => key)).toEqual(keys)
  })

  it('locks a version until the day that is given, small or large', async () => {
    const Bucket = await makeBucket({ locked: true })
    const store = new S3Store(client, Bucket)
    const until = new Date(Date.now() + 2 * 86_400e3)
    until.setMilliseconds(0)
    // Ceph gives what is sent in parts the bucket's own lock, whatever is asked for.
    const objects = [['small', 10] as const, ...(isAws ? [['large', 17 << 20] as const] : [])]
    for (const [Key, length] of objects) {
      const contentType = 'application/json'
      await store.write(Key, Buffer.alloc(length), { contentType, retention: { mode: 'GOVERNANCE', until } })
      const { Retention } = await client.send(new GetObjectRetentionCommand({ Bucket, Key }))
      expect([Key, Retention]).toEqual([Key, { Mode: 'GOVERNANCE', RetainUntilDate: until }])
      expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentType).toBe(contentType)
    }
  })

  it.each([
    ['list', (store: S3Store) => store.list('x')],
    ['listFacts', (store: S3Store) => store.listFacts('x')],
    ['facts', (store: S3Store) => store.facts('x')],
    ['read', (store: S3Store) => store.read('x')],
    ['write', (store: S3Store) => store.write('x', bytes('1'))],
  ])('says in one line of %s that there is no such bucket', async (_, action) => {
    const asked = action(new S3Store(client, 'domicile-no-such-bucket'))
    await expect(asked).rejects.toThrow(
      /^\w+( for)? s3:\/\/domicile-no-such-bucket\/x: there is no such bucket: [^\n]*$/,
    )
  })
})
