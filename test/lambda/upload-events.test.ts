import { expect, test } from 'vitest'
import { readNotice } from '../../functions/lambda/upload-events.ts'
import { s3Event } from './s3-messages.ts'

const upload = { key: 'intake/mi/day/captures/a.pcap', size: 7, version: 'v1' }
const read = (...events: unknown[]) => readNotice(JSON.stringify({ Records: events }), 'intake')

test('every upload of a message is found, however it was uploaded', () => {
  const names = [
    'ObjectCreated:Put',
    'ObjectCreated:CompleteMultipartUpload',
    'ObjectCreated:Copy',
    's3:ObjectCreated:Post',
  ]
  expect(read(...names.map((name) => s3Event(upload, name)))).toEqual({ uploads: names.map(() => upload), ignored: [] })
})

test.each([
  'intake/mi/day 1/captures/wlan 0+1.pcap',
  'intake/дом/días/captures/100%.pcap',
  'intake/mi/👩‍🔬/captures/a&b=c;d?e#f.pcap',
])('the key %s is decoded', (key) => {
  expect(read(s3Event({ ...upload, key })).uploads).toEqual([{ ...upload, key }])
})

test('events that are no uploads are named and passed over', () => {
  const names = ['ObjectRemoved:DeleteMarkerCreated', 'LifecycleTransition', 'ObjectWondered:Aloud']
  expect(read(...names.map((name) => s3Event(upload, name)))).toEqual({ uploads: [], ignored: names })
  const test = '{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z","Bucket":"intake"}'
  expect(readNotice(test, 'intake')).toEqual({ uploads: [], ignored: ['s3:TestEvent'] })
})

test('a removal need not say what an upload says', () => {
  expect(read({ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'x' } } }).ignored).toHaveLength(1)
})

test('without a version, the ETag is the version', () => {
  const { s3, ...rest } = s3Event(upload)
  const { versionId, ...object } = s3.object
  expect(versionId).toBe('v1')
  for (const without of [object, { ...object, versionId: 'null' }])
    expect(read({ ...rest, s3: { ...s3, object: without } }).uploads[0]?.version).toBe(object.eTag)
})

test.each([
  ['no JSON', 'secret 10.0.0.5', /it is no JSON$/],
  ['something else', '{"detail":"secret 10.0.0.5"}', /it has no Records/],
  ['null', 'null', /it has no Records/],
  ['records without names', '{"Records":[{"secret":"10.0.0.5"}]}', /it has no Records/],
  ['an upload without a key', '{"Records":[{"eventName":"ObjectCreated:Put","s3":{}}]}', /lacks s3.bucket, s3.object/],
  ['another bucket', JSON.stringify({ Records: [s3Event(upload, undefined, 'other')] }), /about the bucket other/],
  [
    'a key that is not encoded',
    JSON.stringify({ Records: [s3Event(upload)] }).replace('a.pcap', '100%'),
    /not URL-encoded/,
  ],
])('a message with %s is an error that does not quote it', (_, body, says) => {
  expect(() => readNotice(body, 'intake')).toThrow(says)
  expect(() => readNotice(body, 'intake')).not.toThrow(/10\.0\.0\.5/)
})
