/** Where a command keeps the prefix tables that it built. */
import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { PrefixCache } from '../reference/prefix-cache.ts'
import { isS3Url } from './s3-url.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A hash of the parsers' source, which the bundler puts here: what one program parsed is nothing to another. */
declare const __PARSERS__: string

/**
 * @param reference the folder of reference data, in which nothing is ever kept
 * @returns undefined where nothing says where to keep anything, where that is within the reference data, and where the program runs
 * from its source, which changes from one command to the next
 */
export function prefixCacheFor(reference: string, env: Environment): PrefixCache | undefined {
  const cache = cacheFolder(env)
  if (cache === null || typeof __PARSERS__ !== 'string') return undefined
  const folder = join(cache, 'prefixes')
  return isS3Url(reference) || !isWithin(folder, reference) ? new PrefixCache(folder, __PARSERS__) : undefined
}

/** DOMICILE_CACHE, else `domicile` in the user's folder for such things (XDG Base Directory Specification); null without a home. */
export function cacheFolder({ DOMICILE_CACHE, XDG_CACHE_HOME, HOME, USERPROFILE }: Environment): string | null {
  if (DOMICILE_CACHE) return resolve(DOMICILE_CACHE)
  // The specification asks to ignore what is relative.
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'domicile')
  const home = HOME || USERPROFILE
  return home && isAbsolute(home) ? join(home, '.cache', 'domicile') : null
}

/** Whether a path is a folder or leads into it, through links too. */
export function isWithin(path: string, folder: string): boolean {
  const below = relative(followed(resolve(folder)), followed(resolve(path)))
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}

/** The path with all links followed, as far as it is there. */
function followed(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(followed(above), basename(path))
  }
}
