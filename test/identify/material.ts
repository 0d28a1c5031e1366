/** What real apps and browsers sent, from HAR files that others made and that stand beside the checkout. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Content } from '../../functions/model.ts'
import { content } from './made-content.ts'

const shared = process.env.DOMICILE_MATERIAL ?? resolve(import.meta.dirname, '../../../shared/material')

interface Pair {
  readonly name: string
  readonly value: string
}
interface HarRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly Pair[]
  readonly cookies?: readonly Pair[]
  readonly queryString?: readonly Pair[]
  readonly postData?: { readonly text?: string; readonly mimeType?: string }
}

export const hasMaterial = existsSync(join(shared, 'har'))

export function harRequests(): readonly HarRequest[] {
  return filesOf('har').flatMap((file): readonly HarRequest[] => {
    try {
      const har: { log: { entries: { request: HarRequest }[] } } = JSON.parse(file.toString().replace(/^\ufeff/, ''))
      return har.log.entries.map(({ request }) => request)
    } catch {
      return []
    }
  })
}

/** Files whole, as bytes: whatever stands in them is real traffic. */
export function filesOf(folder: string): readonly Buffer[] {
  if (!hasMaterial) return []
  return readdirSync(join(shared, folder)).map((name) => readFileSync(join(shared, folder, name)))
}

/** A request as it is handed on: its URL, its headers, its cookies and its body. */
export function contentsOf(
  { method, url, headers, cookies = [], postData }: HarRequest,
  flow: number,
): readonly Content[] {
  const path = url.replace(/^\w+:\/\/[^/]*/, '')
  const common = { flow, method, path: path.replace(/[?#].*/, '') }
  const text = (value: string) => Buffer.from(value)
  return [
    content({ ...common, part: 'url', bytes: text(path) }),
    ...headers
      .filter(({ name }) => name.toLowerCase() !== 'cookie')
      .map(({ name, value }) => content({ ...common, part: 'header', field: name.toLowerCase(), bytes: text(value) })),
    ...cookies.map(({ name, value }) => content({ ...common, part: 'cookie', field: name, bytes: text(value) })),
    ...(postData?.text
      ? [content({ ...common, bytes: text(postData.text), mediaType: postData.mimeType ?? null })]
      : []),
  ]
}
