import { describe, expect, it } from 'vitest'
import { KeyLogs } from '../../functions/cli/key-log.ts'
import { readingOf } from '../../functions/cli/reading-options.ts'

describe('--format', () => {
  const read = (format: string) => readingOf({ format }, new KeyLogs())

  it.each(['netflow', 'NetFlow', 'version srcaddr dstaddr', 'pkt_srcaddr,pkt_dstaddr,bytes'])(
    'takes %s',
    async (format) => {
      expect(await read(format)).toEqual({ format })
    },
  )

  it.each([
    ['netfow', '--format: `netfow` is no format: did you mean `netflow`?'],
    ['srcaddr dstadr', '--format: `dstadr` is no field of a VPC flow log: did you mean `dstaddr`?'],
    ['version start end', 'names no srcaddr and dstaddr'],
  ])('refuses %s', async (format, says) => {
    await expect(read(format)).rejects.toThrow(says)
  })
})
