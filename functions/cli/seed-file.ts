/** `--from seeds.yaml`: planted identifiers by kind, each a value or a list of them. Nothing of it is ever shown. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { InputError } from '../errors.ts'
import type { Seed, SeedKind } from '../model.ts'
import { SEED_KINDS } from '../net/seed-kinds.ts'
import { seedValueFault } from '../seeds/seed-values.ts'

const LONGEST_FILE = 256 * 1024

/**
 * @param file the bytes of the file
 * @param source its path, as messages name it
 * @throws InputError with every fault and its line, and no value
 */
export function readSeedFile(file: Uint8Array, source: string): readonly Seed[] {
  if (file.length > LONGEST_FILE)
    throw new InputError(`${source} has ${file.length} bytes, and no list of identifiers has so many`, { source })
  const lines = new LineCounter()
  // Every scalar is text: an IMEI is no number, and loses its noughts as one.
  const options = { schema: 'failsafe', lineCounter: lines, prettyErrors: false } as const
  const document = parseDocument(Buffer.from(file).toString('utf8'), options)
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line)
  const faults = document.errors.map(({ pos }) => `line ${lineOf(pos[0])}: no YAML that is read here`)
  const seeds: Seed[] = []
  const root = document.contents
  if (faults.length === 0 && !isMap(root))
    faults.push(`line 1: write a kind and a value in each line, such as ${EXAMPLE}`)
  for (const { key, value } of faults.length === 0 && isMap<Node, Node | null>(root) ? root.items : []) {
    const kind = isScalar(key) ? kindOf(String(key.value)) : null
    const line = lineOf(key.range?.[0] ?? 0)
    if (kind === null) {
      faults.push(`line ${line}: no kind of identifier: write one of ${Object.keys(SEED_KINDS).join(', ')}`)
      continue
    }
    for (const item of isSeq<Node>(value) ? value.items : [value]) {
      const at = lineOf(item?.range?.[0] ?? key.range?.[0] ?? 0)
      const fault = isScalar(item)
        ? addSeed(seeds, kind, String(item.value).trim())
        : 'write a value, or a list of values'
      if (fault !== null) faults.push(`line ${at}: ${kind}: ${fault}`)
    }
  }
  if (faults.length > 0) throw new InputError(faults.map((fault) => `${source}: ${fault}`).join('\n'), { source })
  return seeds
}

const EXAMPLE = '`imei: "001012345678902"`'

function kindOf(text: string): SeedKind | null {
  return Object.hasOwn(SEED_KINDS, text) ? (text as SeedKind) : null
}

/**
 * Adds an identifier, with an id by its kind: `imei`, and `imei-2` for the next.
 *
 * @returns what is wrong with the value, without it; null where it was added
 */
export function addSeed(seeds: Seed[], kind: SeedKind, value: string): string | null {
  const fault = seedValueFault(kind, value)
  if (fault !== null) return fault
  const same = seeds.filter((seed) => seed.kind === kind)
  if (same.some((seed) => seed.value === value)) return 'it is given twice'
  seeds.push({ id: same.length === 0 ? kind : `${kind}-${same.length + 1}`, kind, value })
  return null
}
