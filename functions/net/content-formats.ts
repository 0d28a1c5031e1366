/** Of which formats what was said can be read, so that a report does not pass silence for nothing found. */

/**
 * `all`: what was said, as far as it was not encrypted; `names`: names and URLs, where the log has them, and no more; `none`: that
 * something was said, and to whom.
 */
export type ContentOfFormat = 'all' | 'names' | 'none'

const ALL = new Set(['pcap', 'pcapng', 'har', 'mitmproxy'])
const NAMES = new Set(['pcapdroid', 'csv', 'json', 'eve'])

/** @param format of an account; one of an archive with several formats is as good as the worst of them */
export function contentOfFormat(format: string): ContentOfFormat {
  const formats = format.split(' and ')
  if (formats.every((one) => ALL.has(one))) return 'all'
  return formats.every((one) => ALL.has(one) || NAMES.has(one)) ? 'names' : 'none'
}
