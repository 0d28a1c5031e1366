/** What one build of a database says of the networks in it. */
import { SnapshotError } from '../errors.ts'
import type { Evidence, Micros } from '../model.ts'
import type { Address } from '../net/address.ts'
import { formatPrefix, prefixAround } from '../net/prefix.ts'
import { readRecord } from './database-answer.ts'
import type { Mmdb } from './mmdb.ts'
import type { DatabaseAnswer, DatabaseFinding } from './snapshots.ts'

/** Answers kept; a country database has a few hundred records, a city database some hundred thousand. */
const kept = 100_000
/** Stands for the answer of a record that cannot be decoded. */
const damaged = Symbol('damaged')

/** The build of a database that says it. */
export interface Build {
  readonly source: string
  readonly time: Micros
  /** Its UTC day, YYYY-MM-DD. */
  readonly date: string
  readonly publisher: string
}

class Finding implements DatabaseFinding {
  readonly length: number
  readonly answer: DatabaseAnswer | null
  readonly #build: Build
  readonly #address: Address
  #prefix: string | undefined
  #supporting: Evidence | undefined
  #opposing: Evidence | undefined

  /**
   * @param address any of the network
   * @param answer null where the record cannot be decoded
   */
  constructor(build: Build, address: Address, length: number, answer: DatabaseAnswer | null) {
    this.#build = build
    this.#address = address
    this.length = length
    this.answer = answer
  }

  /** Written when it is first read: most are not. */
  get prefix(): string {
    this.#prefix ??= formatPrefix(prefixAround(this.#address, this.length))
    return this.#prefix
  }

  get source(): string {
    return this.#build.source
  }

  get built(): Micros {
    return this.#build.time
  }

  get publisher(): string {
    return this.#build.publisher
  }

  evidence(supports: boolean): Evidence {
    if (supports) {
      this.#supporting ??= this.#evidence(true)
      return this.#supporting
    }
    this.#opposing ??= this.#evidence(false)
    return this.#opposing
  }

  #evidence(supports: boolean): Evidence {
    const { source, date } = this.#build
    const says = this.answer
      ? `The build of ${date} says for ${this.prefix}: ${this.answer.words}.`
      : `Its record for ${this.prefix} in the build of ${date} cannot be read: the database is damaged.`
    // In the order of canonical JSON, as everywhere in a location: a report then writes it as it is.
    return { date, rule: 'database', says, source, supports }
  }
}

/** Finds what a database says, and remembers what its records say: many networks share one. */
export class DatabaseFindings {
  readonly #mmdb: Mmdb
  readonly #build: Build
  /** By the record; null where it names no country. */
  readonly #answers = new Map<number, DatabaseAnswer | typeof damaged | null>()

  constructor(mmdb: Mmdb, build: Build) {
    this.#mmdb = mmdb
    this.#build = build
  }

  /** @returns null where the database has nothing on the address */
  find(address: Address): DatabaseFinding | null {
    const leaf = this.#mmdb.find(address)
    if (!leaf) return null
    const answer = this.#answerOf(leaf.record)
    if (answer === null) return null
    return new Finding(this.#build, address, leaf.length, answer === damaged ? null : answer)
  }

  #answerOf(record: number): DatabaseAnswer | typeof damaged | null {
    const known = this.#answers.get(record)
    if (known !== undefined) return known
    if (this.#answers.size >= kept) this.#answers.clear()
    const answer = this.#read(record)
    this.#answers.set(record, answer)
    return answer
  }

  #read(record: number): DatabaseAnswer | typeof damaged | null {
    try {
      return readRecord(this.#mmdb.decode(record))
    } catch (error) {
      if (error instanceof SnapshotError) return damaged
      throw error
    }
  }
}
