/** The address of a file that a publisher's page links to, because it is another one every week. */

/**
 * Finds the link to the file whose name is the last in order, which is the newest where names end in their date.
 *
 * @param page the page's text and address
 * @param named what the file is called
 * @param hosts on which the file may lie
 * @throws Error where the page has no such link
 */
export function linkedFile(
  page: { readonly text: string; readonly url: string },
  named: RegExp,
  hosts: readonly string[],
): string {
  const found = new Map<string, string>()
  // Pages carry the address in a link and in scripts, where slashes may be escaped (JSON allows `\/`).
  for (const [text] of page.text
    .replaceAll('\\/', '/')
    .matchAll(/(?:https?:)?\/[^\s"'<>\\]{1,500}\.json(?=["'\s<>?#\\]|$)/g)) {
    if (!URL.canParse(text, page.url)) continue
    const url = new URL(text, page.url)
    const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
    if (named.test(name) && hosts.includes(url.hostname)) found.set(name, url.href)
  }
  const newest = [...found.keys()].sort().at(-1)
  const url = newest === undefined ? undefined : found.get(newest)
  if (url !== undefined) return url
  throw new Error(
    `the page ${page.url} has no link to a file such as ${named.source.slice(1, -1)} on ${hosts.join(', ')}`,
  )
}
