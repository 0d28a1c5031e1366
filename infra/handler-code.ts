/** The code of the functions: each handler bundled into one file with all that it imports. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { buildSync } from 'esbuild'

/** Each is functions/lambda/<name>.ts, and exports `handler`. */
export const HANDLERS = ['ingest', 'plan', 'audit-batch', 'conclude', 'sign', 'refresh', 'watch'] as const
export type HandlerName = (typeof HANDLERS)[number]

let bundled: string | undefined

export function handlerCode(name: HandlerName): Code {
  bundled ??= bundle()
  return Code.fromAsset(join(bundled, name))
}

/** All in one go: a tenth of the time that the CDK's own construct takes, which starts npx for each. */
function bundle(): string {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-handlers-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  buildSync({
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
