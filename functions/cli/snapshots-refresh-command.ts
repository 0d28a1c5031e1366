/** `domicile snapshots refresh`: fetches what is published from its publishers into a folder or bucket. */
import { InputError } from '../errors.ts'
import { listIn, readOverrides } from '../reference/overrides.ts'
import { chosenSources, refreshSources, type SourceResult } from '../reference/refresh-sources.ts'
import { count, grouped } from '../report/phrase.ts'
import { PROGRAM } from '../report/program.ts'
import { referenceFolder } from './load-reference.ts'
import { storeAt } from './places.ts'
import { progressOf } from './progress.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface RefreshOptions {
  readonly reference?: string
  readonly json?: true
  /** Whether databases are fetched too where no source is named. */
  readonly databases?: true
  /** `SOURCE=URL`. */
  readonly from?: readonly string[]
}

/** Other addresses to fetch from, `SOURCE=URL` separated by white space, as `--from` has one. */
const VARIABLE = 'DOMICILE_REFRESH_FROM'

/** What a fetch may touch of the world: passed in, so that it is tested without one. */
export interface World {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Refreshes the sources that are named, or all. Each may fail alone; the snapshots that there are stay.
 *
 * @returns 2 where one failed
 * @throws InputError for a source that nobody publishes, or an override of another form or of a source that is not fetched
 */
export async function refresh(
  names: readonly string[],
  options: RefreshOptions,
  terminal: Terminal,
  world: World = { fetch: globalThis.fetch, now: Date.now },
): Promise<ExitStatus> {
  const from = readOverrides(options.from ?? [], '--from')
  refuseUnused(names, from)
  const overrides = new Map([...readOverrides(listIn(terminal.env[VARIABLE]), VARIABLE), ...from])
  const sources = chosenSources(names, { databases: options.databases === true, overrides })
  const store = await storeAt(referenceFolder(options.reference, terminal.env))
  const progress = progressOf(terminal)
  let ended = 0
  const show = () => progress.show(`fetching ${count(sources.length, 'source')}: ${ended} done`)
  show()
  const results = await refreshSources(
    sources,
    {
      store,
      fetch: world.fetch,
      now: () => world.now() * 1000,
      userAgent: `${PROGRAM.name}/${PROGRAM.version}`,
      overrides,
    },
    () => {
      ended++
      show()
    },
  )
  progress.clear()
  const width = Math.max(...results.map(({ source }) => source.length))
  await terminal.out(
    options.json
      ? `${JSON.stringify({ sources: results })}\n`
      : results.map((result) => `${result.source.padEnd(width)}  ${lineOf(result)}\n`).join(''),
  )
  const failed = results.filter(({ outcome }) => outcome === 'failed').length
  if (failed > 0)
    terminal.err(
      `domicile snapshots refresh: ${failed} of ${count(results.length, 'source')} failed; the snapshots that they had stay as they were\n`,
    )
  return failed > 0 ? 2 : 0
}

/** What an option says and nothing heeds would look like it was done. */
function refuseUnused(names: readonly string[], from: ReadonlyMap<string, string>): void {
  const unused = [...from.keys()].filter((source) => !names.includes(source))
  if (unused.length === 0) return
  const named = [...names, ...unused].join(' ')
  throw new InputError(
    names.length === 0
      ? `--from says where ${unused.join(' and ')} is, and no source is named: \`domicile snapshots refresh ${named}\` fetches it. To fetch all the others too, put SOURCE=URL into ${VARIABLE}`
      : `--from says where ${unused.join(' and ')} is, which is not among the sources to fetch: write \`domicile snapshots refresh ${named}\`, or leave it out`,
  )
}

function lineOf(result: SourceResult): string {
  if (result.outcome === 'failed') {
    const rest = result.kept === null ? 'there is no snapshot of it yet' : `its snapshot of ${result.kept} stays`
    return `failed     ${result.error}; ${rest}`
  }
  const { outcome, source, date, datedBy, prefixes, prefixesBefore, badLines } = result
  const what = source.startsWith('database/') ? ['node', 'nodes'] : ['prefix', 'prefixes']
  const before = prefixesBefore === null ? 'the first snapshot' : `${grouped(prefixesBefore)} before`
  const bad = badLines === 0 ? '' : `, ${count(badLines, 'line')} unusable`
  const dated = outcome === 'added' ? ` (says ${datedBy})` : ''
  const doubt = result.isWhole ? '' : '; nothing shows that it is whole, because the server does not say how long it is'
  return `${outcome.padEnd(9)}  of ${date}${dated}, ${count(prefixes, what[0] ?? '', what[1])}, ${before}${bad}${doubt}`
}
