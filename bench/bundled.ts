/** Programs that the benchmarks run in processes of their own. */
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')

/**
 * Bundles a program as the command line is: what users run is measured, not a loader of TypeScript.
 *
 * @param name of a file in bench/, without its ending
 * @returns the bundle's path
 */
export async function bundled(name: string): Promise<string> {
  const outfile = join(root, `bench/data/${name}.mjs`)
  await build({
    entryPoints: [join(root, `bench/${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Lets the program keep prefix tables, as the command line does; each benchmark has a cache of its own.
    define: { __PARSERS__: JSON.stringify('benchmark') },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
  return outfile
}
