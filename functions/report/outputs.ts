/** Every file that an audit writes, rendered from its report: the command line and the cloud write the same bytes. */
import { createHash } from 'node:crypto'
import type { Report } from '../model.ts'
import { renderFindingsCsv } from './findings-csv.ts'
import { renderHtml } from './html.ts'
import { renderInventoryCsv } from './inventory-csv.ts'
import { reportBytes } from './json.ts'
import { type FileFacts, renderManifest } from './manifest.ts'

/** A file's content in its order; text is UTF-8. */
export type Pieces = readonly (string | Uint8Array)[]

const contentTypes: Readonly<Record<string, string>> = {
  json: 'application/json',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
}

/** The media type under which a file of {@link outputsOf} is stored where stores keep one. */
export function contentTypeOf(name: string): string {
  return contentTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
}

/** A declaration, session, key log or envelope as it was read, or its size and hash, which are all that is written of it. */
export type Document =
  | {
      /** The path as the manifest names it: `declaration.yaml`, or relative to the campaign. */
      readonly name: string
      readonly text: string | Uint8Array
    }
  | FileFacts

/**
 * Renders every format.
 *
 * @param documents the declaration and the sessions that the report rests on
 * @returns content by file name; the manifest, which names all others, comes last
 */
export function outputsOf(report: Report, documents: readonly Document[]): ReadonlyMap<string, Pieces> {
  const outputs = new Map<string, Pieces>([
    ['report.json', reportBytes(report)],
    ['report.html', [renderHtml(report)]],
    ['findings.csv', [renderFindingsCsv(report)]],
    ['inventory.csv', [renderInventoryCsv(report)]],
  ])
  const manifest = renderManifest(report, {
    documents: documents.map((document) => ('text' in document ? factsOf(document.name, [document.text]) : document)),
    outputs: [...outputs].map(([name, pieces]) => factsOf(name, pieces)),
  })
  return outputs.set('manifest.json', [manifest])
}

function factsOf(name: string, pieces: Pieces): FileFacts {
  const hash = createHash('sha256')
  let size = 0
  for (const piece of pieces) {
    hash.update(piece)
    size += Buffer.byteLength(piece)
  }
  return { name, size, sha256: hash.digest('hex') }
}
