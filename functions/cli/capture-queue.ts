/** Captures that several threads read: each takes the next that nobody has taken, without asking another thread. */

/** Can be given to other threads. */
export interface CaptureQueue<Capture> {
  readonly files: readonly Capture[]
  /** One integer in shared memory: the place of the next capture. */
  readonly next: Int32Array
}

export function captureQueue<Capture>(files: readonly Capture[]): CaptureQueue<Capture> {
  return { files, next: new Int32Array(new SharedArrayBuffer(4)) }
}

/** Takes captures until none is left, each with its place in the queue. */
export function* takeCaptures<Capture>({
  files,
  next,
}: CaptureQueue<Capture>): Generator<readonly [place: number, file: Capture]> {
  for (;;) {
    const place = Atomics.add(next, 0, 1)
    const file = files[place]
    if (file === undefined) return
    yield [place, file]
  }
}
