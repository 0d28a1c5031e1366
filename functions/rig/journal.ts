/**
 * The journal of a session: one JSON line an event, on the disk before the run goes on. What was written once is never
 * changed, so that a crash at any moment loses at most the line that was being written.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../errors.ts'
import type { Entry } from './entries.ts'

export const JOURNAL = 'journal.jsonl'

export class Journal {
  readonly #file: number
  readonly #entries: Entry[]

  private constructor(file: number, entries: Entry[]) {
    this.#file = file
    this.#entries = entries
  }

  /**
   * Opens the journal of a session's folder, and takes a line away that a crash cut short.
   *
   * @throws InputError where a line within is damaged: what happened cannot be told any more
   */
  static open(folder: string): Journal {
    const path = join(folder, JOURNAL)
    const file = openSync(path, 'a+')
    try {
      const { entries, whole } = entriesOf(readFileSync(path), path)
      ftruncateSync(file, whole)
      fsyncSync(file)
      syncFolder(dirname(path))
      return new Journal(file, entries)
    } catch (error) {
      closeSync(file)
      throw error
    }
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** Returns when the disk has it. */
  add(entry: Entry): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`)
    for (let written = 0; written < line.length; ) written += writeSync(this.#file, line, written)
    fsyncSync(this.#file)
    this.#entries.push(entry)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** A new file is only there after a crash when its folder was written too. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The entries, and how many bytes of whole lines there are. */
export function entriesOf(bytes: Buffer, path: string): { entries: Entry[]; whole: number } {
  const whole = bytes.lastIndexOf(0x0a) + 1
  const lines = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1)
  const entries = lines.map((line, i): Entry => {
    try {
      return JSON.parse(line) as Entry
    } catch {
      throw new InputError(`${path}:${i + 1}: this line of the journal is damaged, and the run cannot go on by it`, {
        source: path,
        line: i + 1,
      })
    }
  })
  return { entries, whole }
}
