/** Other addresses to fetch sources from: a mirror's, or that of a feed which the table of sources does not have. */
import { InputError } from '../errors.ts'
import { refuseUnknown } from './inspect-snapshot.ts'

/**
 * Reads `SOURCE=URL`, such as `ranges/aws=https://mirror.example.org/ip-ranges.json`.
 *
 * @param texts the last one of a source counts
 * @param what names the option or variable in errors
 * @throws InputError where one is of another form, or no such source is known
 */
export function readOverrides(texts: readonly string[], what: string): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const equals = text.indexOf('=')
      const [source, url] = [text.slice(0, equals), text.slice(equals + 1)]
      if (equals < 1 || !URL.canParse(url))
        throw new InputError(
          `${what} ${text.slice(0, 200)}: write SOURCE=URL, such as ranges/aws=https://mirror.example.org/ip-ranges.json`,
        )
      refuseUnknown(source)
      return [source, url] as const
    }),
  )
}

/** The parts of an environment variable, between white space. */
export const listIn = (variable: string | undefined): readonly string[] => (variable ?? '').split(/\s+/).filter(Boolean)
