/** The files that stand behind the source and date that a piece of evidence names. */
import type { Location, SnapshotFacts } from '../model.ts'
import { parseAddress } from '../net/address.ts'
import { compareText } from '../net/code-units.ts'
import { reachedAddress } from '../net/special-purpose.ts'
import type { LoadedSnapshots } from './snapshots.ts'

interface Citable {
  facts(): SnapshotFacts
}

/** Looks files up by family, source and date. Several may share these: a publisher may hand out two lists on one day. */
export class Citations {
  readonly #files: Readonly<Record<4 | 6, ReadonlyMap<string, readonly Citable[]>>>
  /** A file is hashed when it is first cited. */
  readonly #facts = new Map<Citable, SnapshotFacts>()

  constructor({ ranges, databases }: LoadedSnapshots) {
    const filesOf = (family: 4 | 6) => [
      ...ranges.filter(({ table }) => table.values(family).length > 0),
      ...databases.filter(({ families }) => families.includes(family)),
    ]
    this.#files = { 4: byName(filesOf(4)), 6: byName(filesOf(6)) }
  }

  of({ ip, evidence }: Location): readonly SnapshotFacts[] {
    const asked = parseAddress(ip)
    if (!asked) return []
    const files = this.#files[reachedAddress(asked).family]
    const names = new Set(evidence.map(({ source, date }) => nameOf(source, date)))
    const cited = [...names].sort(compareText).flatMap((name) => files.get(name) ?? [])
    return cited.map((file) => this.#factsOf(file))
  }

  #factsOf(file: Citable): SnapshotFacts {
    const known = this.#facts.get(file)
    if (known) return known
    const facts = file.facts()
    this.#facts.set(file, facts)
    return facts
  }
}

const nameOf = (source: string, date: string | null) => `${source} ${date}`

function byName(files: readonly (Citable & Pick<SnapshotFacts, 'source' | 'date'>)[]) {
  const named = new Map<string, readonly Citable[]>()
  for (const file of files) {
    const name = nameOf(file.source, file.date)
    named.set(name, [...(named.get(name) ?? []), file])
  }
  return named
}
