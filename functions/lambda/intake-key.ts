/**
 * What the key of an uploaded object says that it is:
 *
 *     intake/<campaign>/declaration.yaml
 *     intake/<campaign>/<session>/session.yaml
 *     intake/<campaign>/<session>/seal.json, seeds.json.enc and what else the rig notes
 *     intake/<campaign>/<session>/captures/<file>
 */

export type IntakeKey =
  | { readonly kind: 'declaration'; readonly campaign: string }
  | { readonly kind: 'session'; readonly campaign: string; readonly session: string }
  | {
      readonly kind: 'capture'
      readonly campaign: string
      /** Name of the session's folder, which need not be the session's id. */
      readonly session: string
      /** Path below the session's folder, as `session.yaml` lists it. */
      readonly file: string
      /** Path below the campaign, as ledgers and reports name the capture. */
      readonly source: string
    }
  /** What is kept beside `session.yaml`, and is no capture. */
  | { readonly kind: 'document'; readonly campaign: string; readonly session: string; readonly file: string }
  /** Consoles and synchronising tools create objects that stand for a folder. */
  | { readonly kind: 'folder' }
  /** Not of this layout. */
  | { readonly kind: 'other' }

/** Of `rig run`, `rig seeds` and `rig seal`, by their paths below the session's folder. */
const DOCUMENTS = /^(seal\.json|seeds\.json\.enc|journal\.jsonl|protocol\.yaml|logs\/[^/]+\.log)$/

/** @param key as S3 has it, not as its events encode it */
export function parseIntakeKey(key: string): IntakeKey {
  if (key.endsWith('/')) return { kind: 'folder' }
  const [root, campaign, ...path] = key.split('/')
  if (root !== 'intake' || !campaign || [campaign, ...path].some(isNoName)) return { kind: 'other' }
  const [session = '', folder = '', ...file] = path
  if (path.length === 1 && session === 'declaration.yaml') return { kind: 'declaration', campaign }
  if (path.length === 2 && folder === 'session.yaml') return { kind: 'session', campaign, session }
  const inFolder = path.slice(1).join('/')
  if (DOCUMENTS.test(inFolder)) return { kind: 'document', campaign, session, file: inFolder }
  if (folder !== 'captures' || file.length === 0) return { kind: 'other' }
  const below = ['captures', ...file].join('/')
  return { kind: 'capture', campaign, session, file: below, source: `${session}/${below}` }
}

const isNoName = (part: string) => part === '' || part === '.' || part === '..'

/** Key of a file of a session. @param file path below the session's folder */
export const sessionFileKey = (campaign: string, session: string, file: string) =>
  `intake/${campaign}/${session}/${file}`

/** Key of a session's `session.yaml`. */
export const sessionKey = (campaign: string, session: string) => sessionFileKey(campaign, session, 'session.yaml')

/** What the keys of a session's captures begin with. */
export const capturesPrefix = (campaign: string, session: string) => `intake/${campaign}/${session}/captures/`

/**
 * Files that desktops and editors leave behind: nobody's evidence, unless `session.yaml` lists them. The command line passes
 * them over too.
 */
export function isLitter(file: string): boolean {
  return file.split('/').some((name) => name.startsWith('.') || name === 'Thumbs.db' || name.endsWith('~'))
}
