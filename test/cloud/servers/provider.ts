/** A stand-in for the provider that publishes its address ranges: the newest snapshot of the example, as if of today. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../template/root.ts'
import { type HttpServer, serveHttp } from './http.ts'

const folder = join(root, 'examples/redmi-1s/reference/ranges/aws')

export function serveRanges(): Promise<HttpServer> {
  const newest = readdirSync(folder).sort().at(-1) ?? ''
  const body = readFileSync(join(folder, newest), 'utf8')
  return serveHttp(() => ({ type: 'application/json', body }))
}
