import { describe, expect, it } from 'vitest'
import { captureQueue, takeCaptures } from '../../functions/cli/capture-queue.ts'

const session = { id: 's', rig: { id: 'r', clockErrorMs: 0 }, device: { addresses: [] }, steps: [], captures: [] }
const files = ['a', 'b', 'c', 'd'].map((source) => ({ path: source, source, size: 1, session, reading: {} }))

describe('the queue of captures', () => {
  it('gives each capture to one of those that take, in order', () => {
    const queue = captureQueue(files)
    const here = takeCaptures(queue)
    // What a thread is given is a clone whose counter is the same memory.
    const there = takeCaptures({ ...structuredClone({ files: queue.files }), next: queue.next })
    const taken = [here.next(), there.next(), there.next(), here.next(), here.next(), there.next()]
    expect(taken.map(({ value }) => value && [value[0], value[1].source])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
      [3, 'd'],
      undefined,
      undefined,
    ])
  })
})
