/** Fetches many sources, several at once, each of which may fail alone. */
import { InputError } from '../errors.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseReferenceKey } from '../store/reference-key.ts'
import { nearestSource } from './nearest-source.ts'
import type { RefreshContext, Refreshed } from './refresh-source.ts'
import { refreshSource } from './refresh-source.ts'
import { SOURCES, type Source } from './sources.ts'

export interface Failed {
  readonly source: string
  readonly outcome: 'failed'
  readonly error: string
  /** Day of the newest snapshot of the source, which stays; null where there is none. */
  readonly kept: string | null
}

export type SourceResult = Refreshed | Failed

/** Fetches under way at once: publishers are different servers, and parsing takes memory. */
const AT_ONCE = 4

/**
 * The sources to fetch.
 *
 * @param names all that are published, and those with an address of their own, where none is named
 * @throws InputError for a name that nobody publishes anything under
 */
export function chosenSources(
  names: readonly string[],
  {
    databases = false,
    overrides = new Map(),
  }: { readonly databases?: boolean; readonly overrides?: ReadonlyMap<string, string> } = {},
): readonly Source[] {
  const table = new Map(SOURCES.map((source) => [source.source, source]))
  for (const [source, url] of overrides)
    if (!table.has(source)) table.set(source, { source, urls: () => [url], documentation: url })
  if (names.length === 0)
    return [...table.values()].filter(({ source, isDatabase }) => databases || !isDatabase || overrides.has(source))
  return [...new Set(names)].map((name) => {
    const source = table.get(name)
    if (source) return source
    const near = nearestSource(name, [...table.keys()])
    const hint = near === null ? '' : ` did you mean ${near}?`
    throw new InputError(
      `nobody is known to publish ${JSON.stringify(name.slice(0, 100))};${hint} there are ${[...table.keys()].join(', ')}. Say where it is with --from ${name.slice(0, 100)}=URL, or add a file with \`domicile snapshots add\``,
    )
  })
}

/**
 * Refreshes sources.
 *
 * @param done told of each as soon as it ended
 * @returns in the order of the sources
 */
export async function refreshSources(
  sources: readonly Source[],
  context: RefreshContext,
  done: (result: SourceResult) => void = () => {},
): Promise<readonly SourceResult[]> {
  const results: SourceResult[] = []
  const waiting = [...sources.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, source] = next
      const result = await refreshSource(source, context).catch(
        async (error: unknown): Promise<Failed> => ({
          source: source.source,
          outcome: 'failed',
          error: messageOf(error),
          kept: await newestDay(context.store, source.source),
        }),
      )
      results[index] = result
      done(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, sources.length) }, work))
  return results
}

/** Null also where the store cannot be asked: then that is the error. */
async function newestDay(store: ObjectStore, source: string): Promise<string | null> {
  const keys = await store.list(`${source}/`).catch(() => [])
  const days = keys.flatMap((key) => parseReferenceKey(key)?.date ?? [])
  return days.sort().at(-1) ?? null
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
