// Prints the VPC flow logs below a folder that are text and carry a header line, a path a line.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const folder = process.argv[2] ?? '.'
for (const name of readdirSync(folder).sort()) {
  const path = join(folder, name)
  if (!statSync(path).isFile() || !/\.(log|txt)(\.gz)?$/.test(name)) continue
  const raw = readFileSync(path)
  const text = (raw[0] === 0x1f ? gunzipSync(raw) : raw).toString('latin1')
  const first = text.split('\n', 1)[0] ?? ''
  if (/\bsrcaddr\b/.test(first)) console.log(path)
}
