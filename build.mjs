// Bundles the command line into dist/: one small entry, a chunk a command, and the worker that reads captures.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** A hash of all that turns a published file into a table: of what one program kept, another that reads differently uses nothing. */
function parsersHash() {
  const hash = createHash('sha256')
  for (const folder of ['functions/locate', 'functions/net', 'functions/reference'])
    for (const name of readdirSync(folder, { recursive: true }).sort())
      if (name.endsWith('.ts')) hash.update(`${folder}/${name}\n`).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

const { metafile } = await build({
  entryPoints: { domicile: 'functions/cli/main.ts', worker: 'functions/cli/worker.ts' },
  outdir: 'dist',
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  define: {
    __VERSION__: JSON.stringify(JSON.parse(readFileSync('package.json', 'utf8')).version),
    __PARSERS__: JSON.stringify(parsersHash()),
  },
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS libraries in the bundle may ask for `require`; the databases are found by their packages at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
  metafile: true,
})

// What an earlier build left goes after the new one is whole, so that a program that runs meanwhile finds its chunks.
for (const name of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const path = join(name.parentPath, name.name)
  if (name.isFile() && !(path in metafile.outputs)) rmSync(path)
}
