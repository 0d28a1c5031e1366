/** The records of a JSON log: an object a line, also behind what syslog puts in front; or the objects of an array. */
import { holdsObjects, JsonObjectCutter, type TakeObject } from './json-objects.ts'
import { LineCutter } from './line-cutter.ts'

/** Why a record cannot be taken. */
export type BadRecord = 'malformed-record' | 'record-too-long'

const OPEN = 123

export class JsonRecords {
  readonly #lines: LineCutter | null
  readonly #objects: JsonObjectCutter | null

  /**
   * @param head the first bytes of the log, which tell how its records stand
   * @param leaveOut is told of what cannot be taken, in its place among the others
   */
  constructor(head: Uint8Array, take: TakeObject, leaveOut: (reason: BadRecord) => void) {
    const inObjects = holdsObjects(head)
    this.#objects = inObjects ? new JsonObjectCutter(take, leaveOut) : null
    this.#lines = inObjects
      ? null
      : new LineCutter(
          (bytes, from, end) => {
            if (from === end) return
            if (bytes[from] === OPEN) {
              take(bytes, from, end)
              return
            }
            const begin = bytes.indexOf(OPEN, from)
            if (begin >= 0 && begin < end) take(bytes, begin, end)
            else if (!isBlank(bytes, from, end)) leaveOut('malformed-record')
          },
          () => leaveOut('record-too-long'),
        )
  }

  /** Number of the line of the record that is taken, from 1. */
  get line(): number {
    return (this.#lines ?? this.#objects)?.line ?? 0
  }

  push(chunk: Uint8Array): void {
    this.#lines?.push(chunk)
    this.#objects?.push(chunk)
  }

  end(): void {
    this.#lines?.end()
    this.#objects?.end()
  }

  /** @throws InputError where the log is an array that breaks off; call it behind {@link end}, once all that was read counts */
  assertWhole(): void {
    this.#objects?.assertWhole()
  }
}

function isBlank(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if ((bytes[at] as number) > 32) return false
  return true
}
