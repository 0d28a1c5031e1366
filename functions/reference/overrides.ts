/** Other addresses to fetch sources from: a mirror's, or that of a feed which the table of sources does not have. */
import { InputError } from '../errors.ts'
import { refuseUnknown } from './inspect-snapshot.ts'

/**
 * Reads `SOURCE=URL`, such as `ranges/aws=https://mirror.example.org/ip-ranges.json`.
 *
 * @param what names the option or variable in errors
 * @throws InputError where one is of another form, no such source is known, or a source is said to be in two places
 */
export function readOverrides(texts: readonly string[], what: string): ReadonlyMap<string, string> {
  const overrides = new Map<string, string>()
  for (const text of texts) {
    const equals = text.indexOf('=')
    const [source, url] = [text.slice(0, equals), text.slice(equals + 1)]
    if (equals < 1 || !URL.canParse(url))
      throw new InputError(
        `${what} ${text.slice(0, 200)}: write SOURCE=URL, such as ranges/aws=https://mirror.example.org/ip-ranges.json`,
      )
    refuseUnknown(source)
    const other = overrides.get(source)
    if (other !== undefined && other !== url)
      throw new InputError(`${what} says twice where ${source} is, ${other} and ${url}: only one can count`)
    overrides.set(source, url)
  }
  return overrides
}

/** The parts of an environment variable, between white space. */
export const listIn = (variable: string | undefined): readonly string[] => (variable ?? '').split(/\s+/).filter(Boolean)
