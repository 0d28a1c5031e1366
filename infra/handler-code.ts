/** The code of the functions: each handler bundled into one file with all that it imports. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Each is functions/lambda/<name>.ts, and exports `handler`. */
export const HANDLERS = ['ingest', 'plan', 'audit-batch', 'conclude', 'sign', 'refresh', 'watch'] as const
export type HandlerName = (typeof HANDLERS)[number]

/** Bundles of every handler, for all stages; esbuild makes them in a process of its own while the CDK is loaded here. */
const bundles = await bundle()

/** The folder with a handler's `index.mjs`. */
export function handlerFolder(name: HandlerName): string {
  return join(bundles, name)
}

/** All in one go: a tenth of the time that the CDK's own construct takes, which starts npx for each. */
async function bundle(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-handlers-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  await build({
    entryPoints: Object.fromEntries(HANDLERS.map((name) => [`${name}/index`, `functions/lambda/${name}.ts`])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    define: { __VERSION__: JSON.stringify(version) },
    // CommonJS libraries in the bundle may ask for `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    // Names stay as they are, so that an error says where it was.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  return folder
}
